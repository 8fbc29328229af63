"""Installing takes the lock and nothing else, and repairs what an interrupted installation left."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from importlib.metadata import distribution
from pathlib import Path
from zipfile import ZipFile

import pytest

from naraigoto.settings import PROJECT


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of wheels: what the lock pins, and a newer release of it that appeared since."""
    folder = tmp_path_factory.mktemp("index")
    _make_wheel(folder, "kettle", "1.0", "Requires-Dist: stove[gas]>=1.0")
    for version in ("1.0", "2.0"):
        _make_wheel(folder, "stove", version, "Provides-Extra: gas", 'Requires-Dist: pipe; extra == "gas"')
        _make_wheel(folder, "pipe", version)
    _pack_installed(folder, "packaging")  # the check of what was installed needs it
    return folder


@pytest.fixture
def project(index: Path, tmp_path: Path) -> Path:
    """A project with our installer whose lock pins the older releases."""
    folder = tmp_path / "習い事 の フォルダー"
    (folder / "scripts").mkdir(parents=True)
    for name in ("install.sh", "install.py", "check_installed.py"):
        shutil.copy(PROJECT / "scripts" / name, folder / "scripts")
    _lock(folder, index, "kettle-1.0", "stove-1.0", "pipe-1.0", "packaging-")
    return folder


def test_an_interrupted_installation_ends_as_the_lock_says_whatever_the_index_offers(
    project: Path, index: Path
):
    python = project / ".venv" / "bin" / "python"
    with _start(project, index) as killed:
        while not python.exists():
            assert killed.poll() is None
            time.sleep(0.01)
        os.killpg(killed.pid, signal.SIGKILL)

    assert _install(project, index) == (0, "")
    names = ["kettle", "stove", "pipe"]
    ask = f"from importlib.metadata import version; print(*map(version, {names}))"
    assert subprocess.check_output([python, "-c", ask], text=True).split() == ["1.0", "1.0", "1.0"]

    made = python.parent.stat().st_mtime_ns
    assert _install(project, index) == (0, "")
    assert python.parent.stat().st_mtime_ns == made


def test_a_lock_that_misses_a_requirement_of_an_extra_is_refused(project: Path, index: Path):
    _lock(project, index, "kettle-1.0", "stove-1.0", "packaging-")
    status, lines = _install(project, index)
    assert status == 1
    assert 'stove requires pipe; extra == "gas": locked nothing' in lines
    assert not list(project.glob(".venv/.installed-*"))


def test_an_environment_that_cannot_be_written_is_one_line_that_names_it(project: Path, index: Path):
    (project / ".venv").write_text("not a folder")
    status, lines = _install(project, index)
    assert (status, lines.count("\n")) == (1, 1)
    assert ".venv" in lines


def _start(project: Path, index: Path) -> subprocess.Popen[str]:
    env = {key: value for key, value in os.environ.items() if not key.startswith(("PIP_", "PYTHON"))}
    path = f"{project}/.venv/bin:{os.environ['PATH']}"  # as make sets it
    return subprocess.Popen(
        ["scripts/install.sh", "run"],
        cwd=project,
        env=env | {"PATH": path, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(index)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def _install(project: Path, index: Path) -> tuple[int, str]:
    with _start(project, index) as running:
        _, lines = running.communicate()
    return running.returncode, lines


def _lock(project: Path, index: Path, *names: str) -> None:
    wheels = [wheel for name in names for wheel in index.glob(f"{name}*.whl")]
    assert len(wheels) == len(names)
    lines = []
    for wheel in wheels:
        name, version, *_ = wheel.name.split("-")
        lines.append(
            f"{name}=={version} \\\n    --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"
        )
    for file in ("requirements.txt", "requirements-dev.txt"):
        (project / file).write_text("".join(lines))


def _make_wheel(folder: Path, name: str, version: str, *fields: str) -> None:
    metadata = "\n".join(["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *fields])
    _write_wheel(
        folder,
        name,
        version,
        {f"{name}.py": b"", f"{name}-{version}.dist-info/METADATA": f"{metadata}\n".encode()},
    )


def _pack_installed(folder: Path, name: str) -> None:
    installed = distribution(name)
    files = {
        str(file): Path(str(file.locate())).read_bytes()
        for file in installed.files or []
        if file.suffix != ".pyc" and file.name not in {"RECORD", "INSTALLER", "REQUESTED", "WHEEL"}
    }
    _write_wheel(folder, name, installed.version, files)


def _write_wheel(folder: Path, name: str, version: str, files: dict[str, bytes]) -> None:
    info = f"{name}-{version}.dist-info"
    wheel = b"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files = files | {f"{info}/WHEEL": wheel}
    record = "".join(f"{file},,\n" for file in (*files, f"{info}/RECORD"))
    with ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as archive:
        for file, content in (files | {f"{info}/RECORD": record.encode()}).items():
            archive.writestr(file, content)


@pytest.mark.parametrize(
    ("programs", "line"),
    [
        (("apt-get", "sudo"), "  sudo apt-get update && sudo apt-get "),
        (("apt-get",), "  su -c 'apt-get update && apt-get "),
        ((), "redis-server"),
    ],
)
def test_an_ordinary_user_is_told_the_one_line_to_run(tmp_path: Path, programs: tuple[str, ...], line: str):
    stub = "#!/bin/sh\necho 1000\n"  # as `id -u` says it; the others are only looked for
    for name in ("id", *programs):
        (tmp_path / name).write_text(stub)
        (tmp_path / name).chmod(0o755)
    for name in ("sh", "dirname", "tr", "fc-list", "uname", "grep", "dpkg-query"):
        if found := shutil.which(name):
            (tmp_path / name).symlink_to(found)
    env = {"PATH": str(tmp_path), "PYTHON": sys.executable, "DATABASE_URL": "elsewhere"}
    command = [PROJECT / "scripts" / "install.sh", "dev"]
    refused = subprocess.run(command, env=env, capture_output=True, text=True)
    assert refused.returncode == 1
    *rest, last = refused.stderr.splitlines()
    assert line in last
    assert "redis-server" in last
    assert len(rest) == bool(programs)
