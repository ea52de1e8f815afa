"""Servers that show one file and can do nothing else, to be shared with other users of the Hub.

A user starts a named server called "cxg-…" with the option {"dataset": "data/pbmc.h5ad"}, and shares it by
the Hub's own means. There are no kernels, terminals or files in it, so whoever may use it can look at that
dataset, and that is all. Needs `pip install 'jupyter-cxg[hub]'` where the servers run. docs/jupyterhub.md
has the requests.
"""

c = get_config()  # noqa: F821 - JupyterHub reads this file

c.JupyterHub.allow_named_servers = True

c.JupyterHub.load_roles = [
    {
        "name": "user",
        # shares: users may share their own servers; read:users:name: with people whose name they know
        "scopes": ["self", "shares!user", "read:users:name"],
    },
]


def viewer_server(spawner):
    """Make a named server "cxg-…" a viewer; all others stay what they are."""
    if spawner.name.startswith("cxg-"):
        spawner.cmd = ["jupyter-cxg", "serve"]
        # After the two dashes nothing is an option, whatever a file is called. The path is looked up from
        # the user's home, by a process of that user.
        spawner.args = ["--auth=hub", "--", str(spawner.user_options.get("dataset", ""))]


c.Spawner.pre_spawn_hook = viewer_server
