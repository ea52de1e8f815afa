"""Every user has an own Jupyter server, with jupyter_cxg in it: JupyterHub 5.5.1 or newer, or 6.

Nothing of this is needed for the viewer itself: `pip install jupyter-cxg` where the users' servers run is
all of it. Add the lines that you want to your own jupyterhub_config.py. docs/jupyterhub.md says why.
"""

c = get_config()  # noqa: F821 - JupyterHub reads this file

c.Spawner.args = [
    # Users may make links that show one view, and nothing else of their server, to people without an
    # account. Left out, links stay switched off under a Hub.
    "--Cxg.sharing=on",
    "--Cxg.max_link_days=30",
    # Whatever another extension forgot to protect asks for a login.
    "--ServerApp.allow_unauthenticated_access=False",
]

# Where your users share one system account on one disk (most Hubs in containers do not), each needs a
# directory of snapshots of their own:
# c.Spawner.environment = {"CXG_SNAPSHOT_DIR": lambda spawner: f"/scratch/{spawner.user.name}/cxg"}
