"""What only a JupyterHub has."""
