"""The bundle for the browser: built by Reflex when its sources changed, one for all PORTs and PUBLIC_URLs."""

import fcntl
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryFile

from naraigoto.preflight import CannotRun
from naraigoto.settings import PROJECT
from naraigoto.texts import operations as texts

_LOCK = "reflex.lock"
_FROZEN_TOOLS = PROJECT / "scripts" / "frozen"
_SOURCES = ("naraigoto/pages", "naraigoto/components", "naraigoto/state", "naraigoto/texts", "assets", _LOCK)
_SOURCE_FILES = (
    "naraigoto/naraigoto.py",
    "naraigoto/web/bundle_patches.py",
    "rxconfig.py",
    "requirements.txt",
)

QUIET_REFLEX = {
    # Its locks and a bun of its own would lie in the home folder, which may be closed or hold another bun.
    "REFLEX_DIR": str(Path(sys.prefix) / "reflex"),
    "REFLEX_TELEMETRY_ENABLED": "false",
    "REFLEX_CHECK_LATEST_VERSION": "false",
    "REFLEX_USE_GRANIAN": "true",
}


class BuildFailed(CannotRun):
    """Reflex could not build the bundle; the message is one line that names the record."""


def client_folder(project: Path = PROJECT) -> Path:
    """Where the finished bundle lies."""
    return project / ".web" / "build" / "client"


def is_current(project: Path = PROJECT) -> bool:
    """True when the bundle was finished from exactly the present sources."""
    stamp = _stamp(project)
    return stamp.exists() and client_folder(project).is_dir() and stamp.read_text() == fingerprint(project)


def build(project: Path = PROJECT) -> None:
    """Build the bundle unless it is current; a second process waits for the first.

    Raises: BuildFailed.
    """
    with (project / "rxconfig.py").open() as lock:  # .web itself is made anew by Reflex
        fcntl.flock(lock, fcntl.LOCK_EX)
        if is_current(project):
            return
        sources = _digests(project)
        _stamp(project).unlink(missing_ok=True)
        if _unfinished(project).exists():  # killed half way: its packages may be there in part
            shutil.rmtree(project / ".web", ignore_errors=True)
        _export(project, _with_frozen_lock(reflex_environment()))
        _write_lock_evenly(project)
        if _digests(project) == sources:
            _stamp(project).write_text(fingerprint(project))


def relock(project: Path = PROJECT, *, upgrade: bool = False) -> None:
    """Bring reflex.lock up to date with the sources; `upgrade` takes newer versions of indirect packages.

    Raises: BuildFailed.
    """
    if upgrade:
        (project / _LOCK / "bun.lock").unlink(missing_ok=True)
    _export(project, reflex_environment())
    _write_lock_evenly(project)


def fingerprint(project: Path = PROJECT) -> str:
    """Changes whenever a file changes that the bundle is made of."""
    return hashlib.sha256(repr(sorted(_digests(project).items())).encode()).hexdigest()


def reflex_environment() -> dict[str, str]:
    """Environment for Reflex's tools: our node and bun, the person's npm registry, no calls home."""
    own_tools = str(Path(sys.executable).parent)
    path = f"{own_tools}{os.pathsep}{os.environ.get('PATH', '')}"
    env = os.environ | QUIET_REFLEX | {"PATH": path, "NO_COLOR": "1"}
    if "NPM_CONFIG_REGISTRY" not in env and (registry := _npm_registry(env)):
        env["NPM_CONFIG_REGISTRY"] = registry
    return env


def _with_frozen_lock(env: dict[str, str]) -> dict[str, str]:
    bun = shutil.which("bun", path=env["PATH"]) or "bun"
    return env | {"PATH": f"{_FROZEN_TOOLS}{os.pathsep}{env['PATH']}", "NARAIGOTO_BUN": bun}


def _export(project: Path, env: dict[str, str]) -> None:
    command = [sys.executable, "-m", "reflex", "export", "--no-zip", "--frontend-only"]
    record = project / ".web" / "build.log"
    record.unlink(missing_ok=True)
    _unfinished(project).parent.mkdir(exist_ok=True)
    _unfinished(project).touch()
    with TemporaryFile() as output:
        building = subprocess.Popen(
            command,
            cwd=project,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            status = building.wait()
        except BaseException:
            os.killpg(building.pid, signal.SIGKILL)
            building.wait()
            raise
        _unfinished(project).unlink(missing_ok=True)
        if status:
            output.seek(0)
            record.parent.mkdir(exist_ok=True)
            record.write_bytes(output.read())
            raise BuildFailed(texts.BUILD_FAILED.format(record=record))


def _write_lock_evenly(project: Path) -> None:
    # Reflex writes it in one line or in many, depending on what it had to install.
    lock = project / _LOCK / "package.json"
    if lock.is_file():
        lock.write_text(json.dumps(json.loads(lock.read_text()), indent=2, ensure_ascii=False))


def _npm_registry(env: dict[str, str]) -> str:
    # Reflex would write its own idea of the best registry over the one this person has configured.
    npm = shutil.which("npm", path=env["PATH"])
    if npm is None:
        return ""
    question = [npm, "config", "get", "registry"]
    try:
        answer = subprocess.run(question, env=env, capture_output=True, text=True, check=False, timeout=30)
    except subprocess.TimeoutExpired:  # npm searches a home folder that it may not read without end
        return ""
    return answer.stdout.strip()


def _digests(project: Path) -> dict[str, str]:
    files = [project / name for name in _SOURCE_FILES]
    for folder in _SOURCES:
        files += (project / folder).rglob("*")
    return {
        str(file.relative_to(project)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in files
        if file.is_file() and "__pycache__" not in file.parts
    }


def _unfinished(project: Path) -> Path:
    return project / ".states" / "unfinished-build"  # not in .web, which Reflex may make anew


def _stamp(project: Path) -> Path:
    return project / ".web" / ".built-from"
