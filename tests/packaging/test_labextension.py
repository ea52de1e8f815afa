"""What package.json of the labextension promises to the pages that load it."""

import json
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
PACKAGE = json.loads((REPOSITORY / "labextension" / "package.json").read_text(encoding="utf-8"))
# what JupyterLab 4.2 has, package by package: some of its packages count on their own
OLDEST = {"@jupyterlab/apputils": "4.3", "@jupyterlab/coreutils": "6.2", "@jupyterlab/services": "7.2"}


def test_jupyterlab_4_2_satisfies_every_range() -> None:
    for name, version in PACKAGE["dependencies"].items():
        if name.startswith("@jupyterlab/") and name != "@jupyterlab/rendermime-interfaces":
            assert version == f"^{OLDEST.get(name, '4.2')}.0", name


def test_pages_are_asked_for_what_is_promised() -> None:
    # Without these lines the builder asks for the version that it was itself made for, and older pages warn.
    asked = {name: how["requiredVersion"] for name, how in PACKAGE["jupyterlab"]["sharedPackages"].items()}
    types_only = {"@jupyterlab/rendermime-interfaces"}
    promised = {name: it for name, it in PACKAGE["dependencies"].items() if name not in types_only}
    assert asked == promised


def test_nothing_of_jupyterlab_is_bundled() -> None:
    # These two are no singletons of JupyterLab's: a copy of ours would have tokens that nobody else knows.
    for name in ("@jupyterlab/docregistry", "@jupyterlab/running"):
        how = PACKAGE["jupyterlab"]["sharedPackages"][name]
        assert (how["bundled"], how["singleton"]) == (False, True), name
