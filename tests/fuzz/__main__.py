"""``python -m tests.fuzz [SECONDS [TARGET…]]``: atheris tries each target for so long; see CONTRIBUTING.md.

What breaks one is left in ``tests/fuzz/found/TARGET``, where `test_targets` tries it from then on.
"""

import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

HERE = Path(__file__).parent
MEMORY_MB = 2048
HANGS_AFTER = 10


def main(seconds: int = 60, *names: str) -> int:
    """Try each target in a process of its own; 1 if one broke."""
    from tests.fuzz.targets import TARGETS

    broken = [name for name in names or TARGETS if _worker(name, seconds)]
    print(f"broken: {', '.join(broken)}" if broken else "nothing was found")
    return 1 if broken else 0


def _worker(name: str, seconds: int) -> int:
    print(f"── {name}", flush=True)
    (HERE / "found" / name).mkdir(parents=True, exist_ok=True)
    done = subprocess.run([sys.executable, "-m", "tests.fuzz", "--one", name, str(seconds)])
    if not any((HERE / "found" / name).iterdir()):
        (HERE / "found" / name).rmdir()
    return done.returncode


def one(name: str, seconds: str) -> None:
    """Try one target, in this process, which atheris ends."""
    import atheris

    with atheris.instrument_imports(include=["jupyter_cxg"]):
        from jupyter_cxg.errors import CxgError
        from tests.fuzz.targets import TARGETS
    target = TARGETS[name]

    def run(body: bytes) -> None:
        with suppress(CxgError):
            target.run(body)

    with tempfile.TemporaryDirectory() as corpus:
        for i, seed in enumerate(target.seeds):
            Path(corpus, str(i)).write_bytes(seed)
        limits = (f"-max_total_time={seconds}", f"-timeout={HANGS_AFTER}", f"-rss_limit_mb={MEMORY_MB}")
        quiet = ("-print_final_stats=1", "-verbosity=0")
        atheris.Setup(
            [sys.argv[0], *limits, *quiet, f"-artifact_prefix={HERE / 'found' / name}/", corpus], run
        )
        atheris.Fuzz()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(*sys.argv[2:])
    else:
        raise SystemExit(main(*map(int, sys.argv[1:2]), *sys.argv[2:]))
