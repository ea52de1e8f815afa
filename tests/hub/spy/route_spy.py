"""A server extension that writes down all routes of its server, once all extensions are loaded."""

import json
from pathlib import Path


def _jupyter_server_extension_points():
    return [{"module": "route_spy"}]


def _load_jupyter_server_extension(serverapp):
    serverapp.io_loop.add_callback(write, serverapp)


def write(serverapp):
    found = []
    for router in (serverapp.web_app.default_router, serverapp.web_app.wildcard_router):
        for rule in router.rules:
            regex = getattr(rule.matcher, "regex", None)
            if regex is not None and isinstance(rule.target, type):
                found.append(
                    {"pattern": regex.pattern, "handler": f"{rule.target.__module__}.{rule.target.__name__}"}
                )
            elif hasattr(rule.target, "rules"):
                found += [
                    {
                        "pattern": inner.matcher.regex.pattern,
                        "handler": f"{inner.target.__module__}.{inner.target.__name__}",
                    }
                    for inner in rule.target.rules
                ]
    Path.home().joinpath("routes.json").write_text(json.dumps(found))
