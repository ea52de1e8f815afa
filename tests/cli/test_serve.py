"""``jupyter cxg serve`` as a process: its sentences, its exit codes, its end."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import h5py
import pytest

from tests.ports import free_port
from tests.reference.example import tiny_adata

COMMAND = [sys.executable, "-c", "from jupyter_cxg.cli.app import main; main()"]
Environment = dict[str, str]


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    """Of a person who set nothing."""
    ours = ("CXG_", "JUPYTER", "PORT")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "HOME": str(tmp_path), "CXG_SNAPSHOT_DIR": str(tmp_path / "snapshots")}


@pytest.fixture(scope="module")
def h5ad(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("data") / "tiny cells.h5ad"
    tiny_adata().write_h5ad(path)
    return path


class Serving:
    """A running server and what it says."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.said: list[str] = []
        self.url = ""
        self._listening = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line)
            if found := re.search(r"http://\S+", line):
                self.url = found[0]
            if "Ctrl+C" in line:
                self._listening.set()
        self._listening.set()

    def listening(self) -> "Serving":
        assert self._listening.wait(30) and self.url, self.said
        return self

    def get(self, path: str = "", **headers: str) -> tuple[int, bytes]:
        """Status and body of a path below the base URL, without the token."""
        root = self.url.partition("?")[0]
        request = urllib.request.Request(root + path, headers=headers)  # noqa: S310 - ours
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def ready(self) -> None:
        """Wait until all of the dataset is there; a question that waits, not a nap that guesses."""
        for _ in range(300):
            if self.get("readyz")[0] == 200:
                return
            assert self.process.poll() is None, self.said
            threading.Event().wait(0.1)
        raise AssertionError(self.said)

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        code = self.process.wait(20)
        self._reader.join(5)
        return code


@contextmanager
def serving(arguments: Sequence[object], environment: Environment) -> Iterator[Serving]:
    process = subprocess.Popen(
        [*COMMAND, "serve", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
    )
    try:
        yield Serving(process)
    finally:
        process.kill()
        process.wait()


def refused(arguments: Sequence[object], environment: Environment) -> tuple[int, str]:
    """Exit code and last line of a command that cannot work."""
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)],
        capture_output=True,
        text=True,
        env=environment,
        timeout=20,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stderr.strip().rpartition("\n")[2]


# ── what is not asked for properly ──


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "Say what to do: jupyter cxg COMMAND"),
        (["bla"], "Say what to do"),
        (["serve"], "Say which file"),
        (["serve", "a.h5ad", "b.h5ad"], "There is no file a.h5ad."),
        (["serve", "missing.h5ad"], "There is no file missing.h5ad."),
        (["serve", "--", "--auth=none"], "There is no file --auth=none."),
        (["serve", "{folder}"], "is a folder without any of ours: .h5ad"),
        (["serve", "{folder}/notes.txt"], "is of another kind: .h5ad"),
        (["serve", "{file}", "--about=example"], "must be the whole address of a page"),
        (["serve", "{file}", "-c", "x.yaml"], "There is no file x.yaml."),
        (["serve", "{file}", "--scripts=x.js"], "runs no scripts but its own"),
        (["serve", "{file}", "-t"], "--title needs a value."),
        (["serve", "{file}", "--memory"], "--memory needs a value."),
        (["serve", "{file}", "--max-category-items", "--open"], "--max-category-items needs a value."),
        (["serve", "-x", "{file}"], "There is no option -x: see jupyter cxg serve --help."),
        (["serve", "{file}", "-p99999"], "There is no port 99999"),
        (["serve", "ftp://example.org/x.h5ad"], "Addresses that begin with ftp:// are not read"),
        (["serve", "{file}", "--prot=1"], "There is no option --prot: see jupyter cxg serve --help."),
        (["serve", "{file}", "--port=abc"], "port"),
        (["serve", "{file}", "--port=70000"], "There is no port 70000"),
        (["serve", "{file}", "--auth=maybe"], "auth"),
        (["serve", "{file}", "--host=no.such.host.invalid"], "cannot listen at 'no.such.host.invalid'"),
        (["serve", "{file}", "--host=192.0.2.1"], "cannot listen at '192.0.2.1'"),
        (["serve", "{file}", "--base-url=cells"], "must be a path that begins with a slash"),
        (["serve", "{file}", "--base-url=/a//b"], "is no path"),
        (["serve", "{file}", "--base-url=/a/../b"], "is no path"),
        (["serve", "{file}", "--base-url=/a b"], "is no path"),
        (["serve", "{file}", "--base-url=/a?b"], "is no path"),
        (["serve", "{file}", "--auth=none", "--host=0.0.0.0"], "add --public if that is meant"),
        (["serve", "{file}", "--auth=hub"], "--auth hub is for a server that JupyterHub starts"),
    ],
)
def test_a_sentence_and_exit_code_2(
    arguments: list[str], sentence: str, environment: Environment, h5ad: Path, tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("no cells")
    filled = [argument.format(folder=tmp_path, file=h5ad) for argument in arguments]
    code, said = refused(filled, environment)
    assert code == 2 and sentence in said, (code, said)


def test_a_bad_port_in_the_environment(environment: Environment, h5ad: Path) -> None:
    code, said = refused(["serve", h5ad], {**environment, "PORT": "http"})
    assert code == 2 and "$PORT is 'http'" in said


# ── what cannot be done ──


def test_a_port_that_is_taken(environment: Environment, h5ad: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, said = refused(["serve", h5ad, f"--port={port}"], environment)
    assert code == 1 and said == f"jupyter cxg: Port {port} is taken at 127.0.0.1: give another with --port."


def test_a_snapshot_directory_that_others_can_read(
    environment: Environment, h5ad: Path, tmp_path: Path
) -> None:
    (tmp_path / "open").mkdir(mode=0o755)
    code, said = refused(["serve", h5ad], {**environment, "CXG_SNAPSHOT_DIR": str(tmp_path / "open")})
    assert code == 1 and "Others can look into the snapshot directory" in said


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("text.h5ad", b"these are no cells", "is not an HDF5 file"),
        ("empty.h5ad", b"", "is empty"),
        ("cut.h5ad", None, "is cut short"),
    ],
)
def test_a_file_that_is_no_anndata(
    environment: Environment, h5ad: Path, tmp_path: Path, name: str, content: bytes | None, sentence: str
) -> None:
    path = tmp_path / name
    path.write_bytes(h5ad.read_bytes()[:5000] if content is None else content)
    code, said = refused(["serve", path], environment)
    assert code == 1 and sentence in said, said


def test_on_a_platform_the_sentence_is_a_page(environment: Environment, tmp_path: Path) -> None:
    """A process that ends is started again and again, and its owner sees none of its sentences."""
    path = tmp_path / "text.h5ad"
    path.write_bytes(b"these are no cells")
    options = ("--auth=none", "--public")
    with serving([path, *options], {**environment, "PORT": str(free_port())}) as server:
        server.listening()
        server.url = re.sub(r"//[^:]+:", "//127.0.0.1:", server.url)
        for _ in range(200):
            status, body = server.get("readyz")
            if json.loads(body)["state"] == "failed":
                break
            threading.Event().wait(0.1)
        assert (status, json.loads(body)) == (503, {"state": "failed"})
        status, page = server.get()
        assert status == 422 and b"is not an HDF5 file" in page
        assert server.stop() == 0


# ── what works ──


def test_a_file_is_served_until_it_is_stopped(environment: Environment, h5ad: Path) -> None:
    with serving([h5ad], environment) as server:
        server.listening().ready()
        assert server.said[0].endswith("serves tiny cells.h5ad and asks for the token.\n")
        token = server.url.partition("?token=")[2]
        assert len(token) >= 32
        assert server.get("cxg/api/snapshots")[0] == 403
        listed = json.loads(server.get("cxg/api/snapshots", Authorization=f"token {token}")[1])
        assert [(item["title"], item["n_obs"]) for item in listed] == [("tiny cells.h5ad", 60)]
        assert b"tiny cells.h5ad" in server.get("", Authorization=f"token {token}")[1]
        assert server.stop() == 0
        assert sum(token in line for line in server.said) == 1  # told once, and not in the log


def test_a_matrix_that_lies_is_told_at_the_terminal(
    environment: Environment, h5ad: Path, tmp_path: Path
) -> None:
    lying = shutil.copy(h5ad, tmp_path / "lying.h5ad")
    with h5py.File(lying, "r+") as file:
        file["X/indptr"][1] = -5
    with serving([lying, "--auth=none"], environment) as server:
        server.listening().ready()
        assert server.get("api/v0.2/layout/obs")[0] == 200
        assert server.stop() == 0
        assert sum("X has an indptr that does not ascend from 0" in line for line in server.said) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_may_be_stopped_while_it_prepares(environment: Environment, h5ad: Path, number: int) -> None:
    with serving([h5ad], environment) as server:
        server.listening()
        assert server.get("healthz")[0] == 200
        assert server.stop(number) == 0
    left = list(Path(environment["CXG_SNAPSHOT_DIR"]).glob(".*"))
    assert not left, left


def test_a_second_start_is_ready_at_once(environment: Environment, h5ad: Path) -> None:
    with serving([h5ad], environment) as server:
        server.listening().ready()
        server.stop()
    with serving([h5ad], environment) as server:
        assert json.loads(server.listening().get("readyz")[1]) == {"state": "complete"}


def test_the_platform_names_the_port(environment: Environment, h5ad: Path) -> None:
    port = free_port()
    given = {**environment, "PORT": str(port), "CXG_TOKEN": "from-the-platform"}
    with serving([h5ad], given) as server:
        server.listening()
        assert server.url.endswith(f":{port}/")
        server.url = f"http://127.0.0.1:{port}/"
        assert server.get("", Host="cells.example.org", Authorization="token from-the-platform")[0] in (
            200,
            503,
        )
        assert server.stop() == 0
        assert not [line for line in server.said if "from-the-platform" in line]


def test_two_servers_take_two_ports(environment: Environment, h5ad: Path) -> None:
    with (
        serving([h5ad, "--auth=none"], environment) as one,
        serving([h5ad, "--auth=none"], environment) as two,
    ):
        assert one.listening().url != two.listening().url
        assert one.get("healthz")[0] == two.get("healthz")[0] == 200


def test_options(environment: Environment, h5ad: Path) -> None:
    arguments = [h5ad, "--auth", "none", "--base-url", "/cells", "--title", "Our <cells>", "--Cxg.threads=1"]
    with serving(arguments, environment) as server:
        server.listening().ready()
        assert server.url.endswith("/cells/")
        status, page = server.get()
        assert status == 200 and b"<title>Our &lt;cells&gt;</title>" in page


def test_options_of_cellxgene_launch(environment: Environment, tmp_path: Path) -> None:
    """Who replaces the two words need not learn the others."""
    adata = tiny_adata()
    adata.obsm["X_second"], adata.obsm["X_third"] = adata.obsm["X_umap"], adata.obsm["X_umap"]
    adata.obs["code"] = [f"cell {i}" for i in range(adata.n_obs)]
    adata.write_h5ad(path := tmp_path / "x.h5ad")
    options = "-t Ours -b -v -e third -e X_second -obs code --max-category-items 7 -de 0.2"
    port = free_port()
    arguments = [path, "--auth=none", "-p", port, *options.split(), "--about", "https://example.org/a?b=c"]
    arguments.append("--disable-custom-colors")
    with serving(arguments, environment) as server:
        server.listening().ready()
        assert server.url == f"http://127.0.0.1:{port}/"
        config = json.loads(server.get("api/v0.2/config")[1])["config"]
        assert config["displayNames"]["dataset"] == "Ours"
        assert config["links"]["about-dataset"] == "https://example.org/a?b=c"
        told = config["parameters"]
        assert told["max-category-items"] == 7 and told["custom_colors"] is False
        assert (told["diffexp_lfc_cutoff"], told["default_embedding"]) == (0.2, "third")
        schema = json.loads(server.get("api/v0.2/schema")[1])["schema"]
        assert [layout["name"] for layout in schema["layout"]["obs"]] == ["third", "second"]
        assert json.loads(server.get("api/v0.2/colors")[1]) == {}
        names = server.get("api/v0.2/annotations/obs?annotation-name=name_0", Accept="application/json")[1]
        assert b"cell 59" in names


def test_several_files_are_a_list(environment: Environment, tmp_path: Path) -> None:
    (tmp_path / "data" / "sub").mkdir(parents=True)
    tiny_adata().write_h5ad(tmp_path / "data" / "a <b>.h5ad")
    tiny_adata().write_h5ad(tmp_path / "data" / "sub" / "b.h5ad")
    tiny_adata().write_h5ad(tmp_path / "c.h5ad")
    with serving([tmp_path / "data", tmp_path / "c.h5ad", "--auth=none"], environment) as server:
        server.listening().ready()
        assert server.said[0].startswith("jupyter_cxg") and "serves 3 files" in server.said[0]
        _, page = server.get()
        links = re.findall(
            r'<a href="/(cxg/d/[0-9a-f]{16}/)">([^<]*)</a></td><td>–</td><td>–</td>', page.decode()
        )
        assert [label for _, label in links] == ["a &lt;b&gt;.h5ad", "sub/b.h5ad", "c.h5ad"]
        assert server.get("api/v0.2/schema")[0] == 404  # of which?
        where = links[1][0]
        assert server.get(f"{where}api/v0.2/schema")[0] == 404  # not before somebody looks
        assert server.get(where)[0] in (200, 503)
        for _ in range(300):
            status, body = server.get(f"{where}status")
            if status == 200 and json.loads(body)["state"] == "complete":
                break
            threading.Event().wait(0.1)
        assert json.loads(server.get(f"{where}api/v0.2/schema")[1])["schema"]["dataframe"]["nObs"] == 60
        assert b"sub/b.h5ad</a></td><td>60</td><td>20</td>" in server.get()[1]
        assert server.get("cxg/d/0123456789abcdef/")[0] == 404


def test_a_zarr_store(environment: Environment, tmp_path: Path) -> None:
    tiny_adata().write_zarr(tmp_path / "tiny.zarr")
    with serving([tmp_path / "tiny.zarr", "--auth=none"], environment) as server:
        server.listening().ready()
        assert json.loads(server.get("cxg/api/snapshots")[1])[0]["n_obs"] == 60


def test_the_server_never_loads_anndata(environment: Environment, h5ad: Path) -> None:
    """The process that lives long is the small one."""
    code = "import sys, jupyter_cxg.cli.serve as s; print([m for m in HEAVY if m in sys.modules])"
    heavy: Any = ("anndata", "numba", "pandas", "jupyterhub", "jupyter_server.serverapp")
    done = subprocess.run(
        [sys.executable, "-c", f"HEAVY={heavy};{code}"], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
