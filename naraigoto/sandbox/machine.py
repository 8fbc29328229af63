"""What the embedded cluster needs from the machine: programs, an account that is not root, live processes."""

import hashlib
import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from naraigoto.preflight import CannotRun
from naraigoto.texts import operations as texts


class ClusterError(CannotRun):
    """The cluster cannot do what was asked; the message is one line that says what to do."""


def binary_folders() -> list[Path]:
    """Folders that may hold PostgreSQL's programs, newest version first."""
    installed = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr").glob("pgsql-*/bin")]
    installed += Path("/opt/homebrew/opt").glob("postgresql@*/bin")
    newest_first = sorted(installed, key=lambda folder: _number(folder.parent.name), reverse=True)
    on_path = shutil.which("pg_ctl")
    return [*newest_first, *([Path(os.path.realpath(on_path)).parent] if on_path else [])]


def programs(data: Path, folders: Sequence[Path] | None) -> Path:
    """The folder of PostgreSQL's programs that fit the data (any version while there is no data).

    Raises: ClusterError when none is installed, PostGIS is missing, or the data is of another version.
    """
    usable = [folder for folder in (binary_folders() if folders is None else folders) if _has_postgis(folder)]
    if not usable:
        raise ClusterError(texts.PACKAGES_MISSING)
    marker = data / "PG_VERSION"
    if not marker.exists():
        return usable[0]
    made = marker.read_text().strip()
    fitting = [folder for folder in usable if _version(folder) == made]
    if not fitting:
        raise ClusterError(texts.OTHER_MAJOR.format(folder=data, made=made, found=_version(usable[0])))
    return fitting[0]


def account(data: Path) -> pwd.struct_passwd:
    """Who runs the server: the owner of the data, else ourselves, else postgres or nobody in root's place.

    Raises: ClusterError when the data is somebody else's or root finds no account to step down to.
    """
    me = os.geteuid()
    owner = data.stat().st_uid if data.is_dir() else me
    if me != 0 and owner != me:
        raise ClusterError(texts.FOREIGN_FOLDER.format(folder=data.parent, account=_account_name(owner)))
    if owner != 0:
        return pwd.getpwuid(owner)
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise ClusterError(texts.NO_ACCOUNT)


def stepping_down(who: pwd.struct_passwd) -> dict[str, Any]:
    """Arguments for subprocess that leave root behind; empty for everybody else."""
    if os.geteuid() != 0:
        return {}
    return {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []}


def run(command: Sequence[str], who: pwd.struct_passwd, *, home: Path) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's programs as that account, deaf to the caller's PG* variables."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    return subprocess.run(
        command,
        env=env | {"LC_ALL": "C.UTF-8", "HOME": str(home)},
        cwd="/",
        text=True,
        errors="replace",
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        **stepping_down(who),
    )


def processes_in(data: Path, pid_from_file: int | None) -> set[int]:
    """Live processes that work in the data folder; a zombie has no working folder any more."""
    if not Path("/proc/self/cwd").exists():  # not Linux
        return {pid_from_file} if pid_from_file and answers_signals(pid_from_file) else set()
    found, hidden = set[int](), False
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").readlink() == data:
                found.add(int(process.name))
        except PermissionError:
            hidden = hidden or _command(process) == "postgres"
        except OSError:
            continue
    return found | (_processes_seen_by(account(data), data) if hidden and os.geteuid() == 0 else set())


def make_folder(folder: Path) -> None:
    """Make the folder and what leads to it.

    Raises: ClusterError.
    """
    # New folders are open for passage whatever the umask says: under root another account runs the server.
    try:
        for each in [*reversed(folder.parents), folder]:
            if not each.exists():
                each.mkdir(exist_ok=True)
                each.chmod(0o755)
    except OSError as refusal:
        raise ClusterError(texts.FOLDER_FAILED.format(folder=folder, reason=refusal.strerror)) from None


def reachable(base: Path) -> Path:
    """Where the cluster of this folder lives: there, or under /var/lib when its account cannot get there."""
    # Root runs the server under another account, which cannot pass a closed folder such as /root or mktemp's.
    closed = any(each.exists() and not each.stat().st_mode & 0o001 for each in base.parents)
    if os.geteuid() != 0 or not closed or (base / "data").exists():
        return base
    return Path("/var/lib/naraigoto") / short_name(base)


def short_name(path: Path) -> str:
    """A short stand-in for a path."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def _processes_seen_by(who: pwd.struct_passwd, data: Path) -> set[int]:
    # Root without CAP_SYS_PTRACE (the default in Docker) may not look into other accounts' processes.
    pattern = re.sub(r"([\\*?\[])", r"\\\1", str(data))
    search = ("find", "/proc", "-maxdepth", "2", "-path", "/proc/[0-9]*/cwd", "-lname", pattern)
    found = subprocess.run(search, cwd="/", capture_output=True, text=True, check=False, **stepping_down(who))
    return {int(line.split("/")[2]) for line in found.stdout.splitlines()}


def _command(process: Path) -> str:
    try:
        return (process / "comm").read_text().strip()
    except OSError:
        return ""


def answers_signals(pid: int) -> bool:
    """True when a process of this number lives, ours or not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _account_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _number(text: str) -> int:
    digits = re.search(r"\d+", text)
    return int(digits.group()) if digits else 0


def _version(folder: Path) -> str:
    answer = subprocess.run(
        [folder / "pg_ctl", "--version"], capture_output=True, text=True, check=False
    ).stdout
    return str(_number(answer))


def _has_postgis(folder: Path) -> bool:
    if not os.access(folder / "initdb", os.X_OK):
        return False
    try:
        answer = subprocess.run(
            [folder / "pg_config", "--sharedir"], capture_output=True, text=True, check=False
        )
    except OSError:
        return False
    return (Path(answer.stdout.strip()) / "extension" / "postgis.control").exists()
