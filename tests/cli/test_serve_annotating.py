"""Annotating under ``jupyter cxg serve``, and cellxgene's CSV files: as processes, which may be killed."""

import json
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
import zlib
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from jupyter_cxg.model import columns_of
from jupyter_cxg.wire.flatbuffer import encode
from jupyter_cxg.wire.gene_sets import HEADER
from tests.cli.commands import COMMAND, Environment, environment_of
from tests.cli.test_serve import Serving, refused, serving
from tests.reference.example import N_OBS, tiny_adata
from tests.wire.columns import objects

NAMES = [f"cell-{i}" for i in range(N_OBS)]
GENES = "gene_set_name,gene_set_description,gene_symbol,gene_description\r\n"


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    return environment_of(tmp_path)


@pytest.fixture(scope="module")
def h5ad(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("data") / "tiny.h5ad"
    tiny_adata().write_h5ad(path)
    return path


class Browser:
    """Who keeps their cookies, and speaks as cellxgene's client does."""

    def __init__(self, server: Serving, token: str = "") -> None:
        self._root = server.url.partition("?")[0]
        self._token = token
        self.jar = CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def ask(self, path: str, body: bytes | None = None) -> tuple[int, bytes]:
        method = "GET" if body is None else "PUT"
        request = urllib.request.Request(self._root + path, body, method=method)  # noqa: S310 - ours
        request.add_header("Accept", "*/*")
        if self._token:
            request.add_header("Authorization", f"token {self._token}")
        try:
            with self._opener.open(request, timeout=10) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def visit(self, root: str = "") -> "Browser":
        assert self.ask(f"{root}api/v0.2/config")[0] == 200
        return self

    def annotate(self, name: str, labels: list[str | None], where: str = "") -> None:
        content = zlib.compress(encode(columns_of((name,), (objects(labels),))))
        status, answer = self.ask(f"api/v0.2/annotations/obs{where}", content)
        assert status == 200, answer

    def shown(self) -> dict[str, list[str]]:
        columns = json.loads(self.ask("api/v0.2/schema")[1])["schema"]["annotations"]["obs"]["columns"]
        return {c["name"]: c.get("categories") for c in columns if c["writable"]}

    def parameters(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.ask("api/v0.2/config")[1])["config"]["parameters"]
        return found

    def sets(self) -> list[str]:
        found = json.loads(self.ask("api/v0.2/genesets")[1])["genesets"]
        return [item["geneset_name"] for item in found]

    def save_sets(self, *names: str, tid: int = 1) -> None:
        genes = [{"gene_symbol": "GENE1", "gene_description": ""}]
        sets = [{"geneset_name": name, "geneset_description": "", "genes": genes} for name in names]
        status, answer = self.ask("api/v0.2/genesets", json.dumps({"tid": tid, "genesets": sets}).encode())
        assert status == 200, answer


def labels(first: str) -> list[str | None]:
    return [first, "a#b", None, *["rest"] * (N_OBS - 3)]


def table(path: Path) -> pd.DataFrame:
    """As cellxgene reads it."""
    return pd.read_csv(path, dtype="category", index_col=0, header=0, comment="#", keep_default_na=False)


def everybody(h5ad: Path, *more: object) -> list[object]:
    return [h5ad, "--auth", "none", *more]


def test_visitors_keep_what_they_wrote_over_a_restart(environment: Environment, h5ad: Path) -> None:
    with serving(everybody(h5ad), environment) as server:
        server.listening().ready()
        one, two = Browser(server).visit(), Browser(server).visit()
        one.annotate("first", labels("x"))
        two.annotate("second", labels("y"))
        one.save_sets("mine")
        assert (one.shown(), two.shown()) == (
            {"first": ["a#b", "rest", "x"]},
            {"second": ["a#b", "rest", "y"]},
        )
        port = server.url.rstrip("/").rpartition(":")[2]
        assert server.stop(signal.SIGKILL) != 0
    with serving(everybody(h5ad, "--port", port), environment) as server:
        server.listening().ready()
        assert (list(one.shown()), list(two.shown())) == (["first"], ["second"])
        assert (one.sets(), two.sets()) == (["mine"], [])
        assert Browser(server).visit().shown() == {}
    key = Path(environment["HOME"], ".local/share/jupyter/cxg/visitors.key")
    assert key.stat().st_mode & 0o777 == 0o600


def test_servers_that_share_no_disk_share_a_secret(
    environment: Environment, h5ad: Path, tmp_path: Path
) -> None:
    given = {**environment, "CXG_SECRET_KEY": "of both"}
    with serving(everybody(h5ad), given) as server:
        server.listening().ready()
        browser = Browser(server).visit()
        names = {cookie.name for cookie in browser.jar}
        server.stop()
    with serving(everybody(h5ad), {**given, "HOME": str(tmp_path / "other")}) as server:
        server.listening().ready()
        assert {cookie.name for cookie in Browser(server).visit().jar} == names
    assert not list(tmp_path.rglob("visitors.key"))


def test_one_file_for_all(environment: Environment, h5ad: Path, tmp_path: Path) -> None:
    path, genes = tmp_path / "mine.csv", tmp_path / "sets.csv"
    files = ("--annotations-file", path, "--gene-sets-file", genes)
    with serving(everybody(h5ad, *files), environment) as server:
        server.listening().ready()
        one, two = Browser(server).visit(), Browser(server).visit()
        told = one.parameters()
        assert told["annotations-data-collection-is-read-only"] is True
        assert told["annotations_genesets_name_is_read_only"] is True
        assert told["annotations-data-collection-name"] == "mine"
        assert path.read_bytes() == genes.read_bytes() == b"", "they are made at once"
        one.annotate("first", labels("x"), "?annotation-collection-name=other")
        lines = path.read_text().splitlines()
        assert re.match(
            r"# Annotations generated on \d{4}-\d\d-\d\dT[\d:]{8} using jupyter_cxg version ", lines[0]
        )
        assert lines[1] == "# Input data file was tiny.h5ad"
        assert lines[2:6] == ["index,first", "cell-0,x", 'cell-1,"a#b"', "cell-2,"]
        assert table(path)["first"].tolist() == ["x", "a#b", "", *["rest"] * (N_OBS - 3)]
        two.save_sets("s")
        assert genes.read_text().splitlines()[2:] == [",".join(HEADER), "s,,GENE1,"]
        assert list(two.shown()) == ["first"] and one.sets() == ["s"]
        one.annotate("first", labels("y"))
        one.annotate("first", labels("z"))
        backups = [table(file)["first"].iloc[0] for file in sorted((tmp_path / "mine-backups").iterdir())]
        assert sorted(backups) == ["x", "y"]


def test_a_file_is_read_at_the_start_and_when_somebody_changed_it(
    environment: Environment, h5ad: Path, tmp_path: Path
) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("# by cellxgene\nindex,kind\nnobody,x\ncell-1,b\ncell-0,a\n")
    files = ("--annotations-file", path)
    before = path.read_bytes()
    with serving(everybody(h5ad, *files), environment) as server:
        server.listening().ready()
        browser = Browser(server).visit()
        assert browser.shown() == {"kind": ["a", "b"]} and path.read_bytes() == before
        browser.save_sets("s")
        browser.annotate("kind", labels("c"))
        path.write_text(path.read_text().replace("cell-0,c", "cell-0,edited"))
        assert browser.shown() == {"kind": ["a#b", "edited", "rest"]}
        server.stop()
        said = [line for line in server.said if "mine.csv" in line]
        assert len(said) == 1 and "has 2 of the 60 cells" in said[0] and "dataset: nobody." in said[0]
    path.write_text("index,kind\ncell-3,between\n")
    with serving(everybody(h5ad, *files), environment) as server:
        server.listening().ready()
        browser = Browser(server).visit()
        assert browser.shown() == {"kind": ["between"]}
        id = json.loads(browser.ask("cxg/api/snapshots")[1])[0]["id"]
        history = json.loads(browser.ask(f"cxg/d/{id}/history")[1])["history"]
        assert [line["who"] for line in history][:2] == ["mine.csv"] * 2, "nothing is lost"
        path.write_text('index,kind\n"cell-3')
        assert browser.shown() == {"kind": ["between"]}, "half of a file"
        browser.annotate("kind", labels("d"))
        assert table(path)["kind"].iloc[0] == "d"


KILLED = """
import os, signal, sys
from jupyter_cxg.server import backups
from jupyter_cxg.cli.app import main
real = backups.replace
def killed(path, content):
    if content and os.environ["DIE"] == "before": os.kill(os.getpid(), signal.SIGKILL)
    written = real(path, content)
    if content and os.environ["DIE"] == "after": os.kill(os.getpid(), signal.SIGKILL)
    return written
backups.replace = killed
main()
"""


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("kind", ["one", "folder"])
def test_killed_between_the_database_and_the_file(
    environment: Environment, h5ad: Path, tmp_path: Path, when: str, kind: str
) -> None:
    """At the next start the file says what was saved, and no edit is invented."""
    folder = tmp_path / "out"
    folder.mkdir()
    files = (
        ["--annotations-file", str(folder / "mine.csv")]
        if kind == "one"
        else ["--annotations-dir", str(folder)]
    )
    with serving(everybody(h5ad, *files), environment) as server:
        server.listening().ready()
        browser = Browser(server).visit()
        browser.annotate("a", labels("x"))
        port = server.url.rstrip("/").rpartition(":")[2]
        server.stop()
    (path,) = folder.glob("*.csv")
    command = [sys.executable, "-c", KILLED, "serve", *map(str, everybody(h5ad, *files, "--port", port))]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**environment, "DIE": when}
    ) as process:
        server = Serving(process)
        server.listening().ready()
        with pytest.raises((urllib.error.URLError, ConnectionError)):
            browser.annotate("a", labels("y"))
        assert process.wait(20) == -signal.SIGKILL
    assert table(path)["a"].iloc[0] == ("x" if when == "before" else "y")
    with serving(everybody(h5ad, *files, "--port", port), environment) as server:
        server.listening().ready()
        assert browser.shown() == {"a": ["a#b", "rest", "y"]}
        assert table(path)["a"].iloc[0] == "y"
        id = json.loads(browser.ask("cxg/api/snapshots")[1])[0]["id"]
        history = json.loads(browser.ask(f"cxg/d/{id}/history")[1])["history"]
        assert [line["what"] for line in history] == ["annotations: ~a", "annotations: +a"]


def test_files_of_each_user(environment: Environment, h5ad: Path, tmp_path: Path) -> None:
    folder = tmp_path / "not yet" / "there"
    with serving(everybody(h5ad, "--user-generated-data-dir", folder), environment) as server:
        server.listening().ready()
        one, two = Browser(server).visit(), Browser(server).visit()
        one.annotate("a", labels("x"), "?annotation-collection-name=first-1")
        one.save_sets("s")
        two.annotate("b", labels("y"), "?annotation-collection-name=first-1")
        hashes = [browser.parameters()["annotations-user-data-idhash"] for browser in (one, two)]
        assert len({*hashes}) == 2
        assert {file.name for file in folder.glob("*.csv")} == {
            f"first-1-cell-labels-{hashes[0]}.csv",
            f"first-1-gene-sets-{hashes[0]}.csv",
            f"first-1-cell-labels-{hashes[1]}.csv",
        } | {file.name for file in folder.glob(f"first-1-gene-sets-{hashes[1]}.csv")}
        assert table(folder / f"first-1-cell-labels-{hashes[1]}.csv")["b"].iloc[0] == "y"
        two.annotate("c", labels("z"), "?annotation-collection-name=" + "x" * 200)
        assert len([*folder.glob("xxx*cell-labels*.csv")]) == 1


def test_the_files_of_visitors_are_bounded(environment: Environment, h5ad: Path, tmp_path: Path) -> None:
    limits = ("--annotations-dir", tmp_path / "out", "--Cxg.max_visitors_bytes=3000")
    with serving(everybody(h5ad, *limits), environment) as server:
        server.listening().ready()
        browser = Browser(server).visit()
        for i in range(4):
            browser.annotate("a", labels(f"x{i}"))
        one = next((tmp_path / "out").glob("*.csv")).stat().st_size
        total = sum(f.stat().st_size for f in (tmp_path / "out").rglob("*") if f.is_file())
        assert one < 1000 and total <= 3000
        browser.annotate("a", ["long" * 20] * N_OBS)
        assert browser.shown() == {"a": ["long" * 20]}, "the database is the truth"
        assert server.stop() == 0
    assert [line for line in server.said if "is not in step" in line and "max_visitors_bytes" in line]


def test_a_file_that_cannot_be_written(environment: Environment, h5ad: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    path = folder / "mine.csv"
    with serving(everybody(h5ad, "--annotations-file", path), environment) as server:
        server.listening().ready()
        browser = Browser(server).visit()
        browser.annotate("a", labels("x"))
        folder.rename(tmp_path / "gone")
        browser.annotate("a", labels("y"))
        assert browser.shown() == {"a": ["a#b", "rest", "y"]}
        (tmp_path / "gone").rename(folder)
        assert browser.shown() == {"a": ["a#b", "rest", "y"]}
        browser.annotate("a", labels("z"))
        assert table(path)["a"].iloc[0] == "z"
        server.stop()
    assert any("is not in step: No such file or directory" in line for line in server.said)


def test_the_token_holder_has_files_too(environment: Environment, h5ad: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine"
    with serving([h5ad, "--annotations-file", path], {**environment, "CXG_TOKEN": "t"}) as server:
        server.listening().ready()
        Browser(server, "t").annotate("a", labels("x"))
        assert table(tmp_path / "mine.csv")["a"].iloc[0] == "x"
        assert Browser(server).ask("api/v0.2/annotations/obs", b"")[0] == 403


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--annotations-file", "x.csv", "--annotations-dir", "y"], "not both"),
        (["--annotations-file", "x.csv", "--gene-sets-file", "x.csv"], "cannot be in one file"),
        (["--annotations-file", "x.tsv"], "must end in .csv"),
        (["--annotations-file", "no/where.csv"], "there is no folder"),
        (["--annotations-file", "folder.csv"], "is not a file"),
        (["--annotations-dir", "sets.csv"], "cannot be made"),
        (["--gene-sets-file", "labels.csv"], "labels.csv: A file of gene sets begins with"),
        (["--gene-sets-file", "sets.csv"], "sets.csv: The name of a gene set is one line"),
        (["--annotations-file", "twice.csv"], "twice.csv: A column is in the file twice"),
        (["--annotations-file", "junk.csv"], "junk.csv: This is no CSV file: it is not text"),
        (["--annotations-file", "own.csv"], "The dataset has a column 'louvain' of its own"),
        (["--annotations-file", "strangers.csv"], "None of the 2 names in the file"),
        (["{file}", "--annotations-file", "x.csv"], "is for one dataset"),
        (["--gene-sets-file", "x.csv", "-s"], "runs no scripts but its own"),
    ],
)
def test_files_that_cannot_be_used(
    arguments: list[str], sentence: str, environment: Environment, h5ad: Path, tmp_path: Path
) -> None:
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "labels.csv").write_text("index,a\ncell-1,b\n")
    (tmp_path / "sets.csv").write_text(f"{GENES}a  b,,GENE1,\r\n")
    (tmp_path / "twice.csv").write_text("index,a,a\n")
    (tmp_path / "junk.csv").write_bytes(b"\xff\xfa\x80")
    (tmp_path / "own.csv").write_text("index,louvain\ncell-1,b\n")
    (tmp_path / "strangers.csv").write_text("index,a\nx,b\ny,b\n")
    other = tmp_path / "other.h5ad"
    other.write_bytes(h5ad.read_bytes())
    said = [str(other) if word == "{file}" else word for word in arguments]
    done = subprocess.run(
        [*COMMAND, "serve", str(h5ad), *said, "--auth=none"],
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
        cwd=tmp_path,
    )
    assert done.returncode == 2 and sentence in done.stderr.strip().rpartition("\n")[2], done.stderr
    assert "Traceback" not in done.stderr


# ── --config-file ──


def test_a_configuration_of_cellxgene(environment: Environment, h5ad: Path, tmp_path: Path) -> None:
    code = subprocess.run(
        [*COMMAND, "serve", "--dump-default-config"],
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
    )
    assert code.returncode == 0 and "lfc_cutoff: 0.01" in code.stdout
    config = tmp_path / "launch.yaml"
    config.write_text(
        code.stdout.replace("title: null", "title: Ours & <theirs>")
        .replace("lfc_cutoff: 0.01", "lfc_cutoff: 0.5")
        .replace("max_categories: 1000", "max_categories: 7")
        .replace("readonly: false", "readonly: true")
        .replace("datapath: null", f"datapath: {h5ad}")
    )
    with serving(["-c", config, "--auth=none", "--max-category-items=9"], environment) as server:
        server.listening().ready()
        browser = Browser(server).visit()
        told = browser.parameters()
        assert (told["diffexp_lfc_cutoff"], told["max-category-items"]) == (0.5, 9)
        assert told["annotations"] is True and told["annotations_genesets_readonly"] is True
        assert b"<title>Ours &amp; &lt;theirs&gt;</title>" in browser.ask("")[1]
        assert browser.ask("api/v0.2/genesets", b"{}")[0] == 501


def test_options_that_switch_off(environment: Environment, h5ad: Path) -> None:
    off = ("--disable-annotations", "--disable-gene-sets-save", "--X-approximate-distribution", "count")
    with serving(everybody(h5ad, *off), environment) as server:
        server.listening().ready()
        browser = Browser(server).visit()
        assert not list(browser.jar), "who can write nothing needs no name"
        assert browser.ask("api/v0.2/annotations/obs", b"")[0] == 501
        assert browser.ask("api/v0.2/genesets", b"")[0] == 501
        told = browser.parameters()
        assert (told["annotations"], told["annotations_genesets_readonly"]) == (False, True)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("server: {app: {prot: 1}}", "has a key that is not known here: server.app.prot"),
        ("sever: 1", "not known here: sever"),
        ("server: 3", "server must hold keys and values"),
        ("[1]", "The file must hold keys and values"),
        ("dataset: {diffexp: {enable: 1}}", "dataset.diffexp.enable must be true or false"),
        ("dataset: {diffexp: {lfc_cutoff: x}}", "lfc_cutoff must be a number"),
        ("server: {app: {port: true}}", "server.app.port must be a whole number"),
        ("dataset: {app: {scripts: [a.js]}}", "the page runs no scripts but its own"),
        ("external: {environment: [{name: A}]}", "cannot be set here"),
        ("a: [", "is no YAML"),
        ("a: &x [1]\nb: [*x, *x]", "is no YAML"),
        ("a: !!python/object/apply:os.system [id]", "is no YAML"),
    ],
)
def test_configurations_that_make_no_sense(
    text: str, sentence: str, environment: Environment, h5ad: Path, tmp_path: Path
) -> None:
    (tmp_path / "x.yaml").write_text(text)
    code, said = refused(["serve", h5ad, "--config-file", tmp_path / "x.yaml"], environment)
    assert code == 2 and sentence in said


def test_a_configuration_that_is_not_there(environment: Environment, h5ad: Path) -> None:
    code, said = refused(["serve", h5ad, "--config-file=missing.yaml"], environment)
    assert code == 2 and "There is no file missing.yaml." in said
