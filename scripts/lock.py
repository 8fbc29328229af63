"""Make the lock: `python -m scripts.lock python|browser [--upgrade]` (docs/decisions/0015).

`requirements.lock` is uv's lock without the addresses of the index: every distribution for every supported
Python and system, with its dependencies, files and their hashes. The requirements files are exported from it.
"""

import argparse
import re
import shutil
import subprocess
import sysconfig
from pathlib import Path
from tempfile import TemporaryDirectory

from naraigoto import bundle
from naraigoto.settings import PROJECT

LOCK = "requirements.lock"
EXPORTS = {"requirements.txt": ("--no-dev",), "requirements-dev.txt": ("--group", "dev")}
_HEADER = "# Made by `make lock` from pyproject.toml; do not edit.\n"
_EXPORT = (
    "export",
    "--frozen",
    "--format=requirements.txt",
    "--no-emit-project",
    "--no-header",
    "--no-annotate",
)


def main() -> None:
    """Lock Python's packages from pyproject.toml, or the browser's as the installed Reflex asks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=("python", "browser"))
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions allowed")
    given = parser.parse_args()
    if given.part == "python":
        lock_python(upgrade=given.upgrade)
    else:
        bundle.relock(upgrade=given.upgrade)


def lock_python(*, upgrade: bool) -> None:
    """Resolve pyproject.toml; keep the versions of the present lock unless asked to upgrade."""
    with TemporaryDirectory() as folder:
        scratch = Path(folder)
        shutil.copy(PROJECT / "pyproject.toml", scratch)
        if (PROJECT / LOCK).exists() and not upgrade:
            # uv leaves a lock that still fits as it is, our first line included.
            (scratch / "uv.lock").write_text((PROJECT / LOCK).read_text().removeprefix(_HEADER))
        _uv(scratch, "lock", *(["--upgrade"] if upgrade else []))
        for name, groups in EXPORTS.items():
            (PROJECT / name).write_text(_HEADER + _uv(scratch, *_EXPORT, *groups))
        (PROJECT / LOCK).write_text(_HEADER + without_index((scratch / "uv.lock").read_text()))


def without_index(lock: str) -> str:
    """Replace the address of each index and file by a placeholder; files keep their names and hashes."""
    lock = re.sub(r'registry = "[^"]*"', 'registry = "https://index.invalid/simple"', lock)
    return re.sub(r'url = "[^"]*/([^/"]+)"', r'url = "https://files.invalid/\1"', lock)


def _uv(folder: Path, *arguments: str) -> str:
    # The uv of the lock itself, not the one that may be on PATH.
    program = Path(sysconfig.get_path("scripts")) / "uv"
    command = [str(program), "--quiet", "--no-python-downloads", *arguments]
    return subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE, text=True).stdout


if __name__ == "__main__":
    main()
