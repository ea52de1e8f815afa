"""The two example configurations, and what it takes to run them in a test."""

import os
import sys
from pathlib import Path

c = get_config()  # noqa: F821 - JupyterHub reads this file
HERE = Path(__file__).parent
HOME = Path(os.environ["CXG_HUB_HOME"])
EXAMPLES = HERE.parents[1] / "examples" / "jupyterhub"

if os.environ["CXG_HUB_RECIPES"] == "yes":
    load_subconfig(str(EXAMPLES / "jupyterhub_config.py"))  # noqa: F821
    load_subconfig(str(EXAMPLES / "viewer_servers_config.py"))  # noqa: F821

c.JupyterHub.bind_url = os.environ["CXG_HUB_URL"]
c.JupyterHub.hub_port = int(os.environ["CXG_HUB_PORT"])
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{os.environ['CXG_PROXY_PORT']}"
c.ConfigurableHTTPProxy.command = [os.environ["CXG_PROXY"]]
c.JupyterHub.db_url = f"sqlite:///{HOME}/hub.sqlite"
c.JupyterHub.cookie_secret_file = str(HOME / "cookie_secret")
c.JupyterHub.cleanup_servers = True

c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allowed_users = {"alice", "bob"}
c.DummyAuthenticator.password = os.environ["CXG_HUB_PASSWORD"]

c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = str(HOME / "users" / "{username}")
c.Spawner.environment = {
    "CXG_SNAPSHOT_DIR": lambda spawner: str(HOME / "users" / spawner.user.name / "snapshots"),
    "JUPYTERHUB_ACTIVITY_INTERVAL": "1",
    # an extension that writes down all routes of the server
    "JUPYTER_CONFIG_PATH": str(HERE / "spy"),
    "PYTHONPATH": str(HERE / "spy"),
    "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
}
c.Spawner.default_url = "/lab"
c.Spawner.args = [*c.Spawner.get("args", []), "--LabApp.expose_app_in_browser=True"]
if os.geteuid() == 0:
    c.Spawner.args = [*c.Spawner.args, "--allow-root"]
c.Spawner.start_timeout = c.Spawner.http_timeout = 60

c.JupyterHub.services = [{"name": "tests", "api_token": os.environ["CXG_HUB_TOKEN"]}]
c.JupyterHub.load_roles = [
    *c.JupyterHub.get("load_roles", []),
    {
        "name": "tests",
        "services": ["tests"],
        "scopes": ["list:users", "admin:servers", "tokens", "read:users", "shares"],
    },
]
