"""Put the locked Python packages into .venv: `python scripts/install.py run|dev`; quick when they are there.

pip installs each line of the lock by its hash, from wheels only, and resolves nothing (docs/decisions/0015).
An environment without the stamp of a finished installation is made anew: an interrupted one repairs itself.
Standard library only: the interpreter is whichever Python the machine has.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
REQUIREMENTS = {"run": PROJECT / "requirements.txt", "dev": PROJECT / "requirements-dev.txt"}
_PIP = ("install", "-qq", "--no-input", "--disable-pip-version-check")
_LOCKED = ("--no-deps", "--require-hashes", "--only-binary", ":all:")


def main(kind: str) -> int:
    """Install for `run` or `dev`; answer the exit status."""
    try:
        with _one_at_a_time():
            if not is_installed(kind):
                install(kind)
    except KeyboardInterrupt:
        return 130
    except subprocess.CalledProcessError as failed:
        print(
            "Pythonのパッケージを入れられませんでした（上の記録をご覧ください）。"
            "ネットワークと空き容量を確かめて、もう一度実行してください",
            file=sys.stderr,
        )
        return failed.returncode or 1
    except OSError as refusal:
        print(
            f"{refusal.filename or PROJECT} に書き込めません（{refusal.strerror}）。"
            "ご自分のフォルダーに複製して、そこで実行してください",
            file=sys.stderr,
        )
        return 1
    return 0


def is_installed(kind: str) -> bool:
    """True when an installation of this lock, for this interpreter and this folder, was finished."""
    # Every development environment is made of a superset of the packages to run.
    return any(_stamped(each) for each in ({kind, "dev"})) and _runs()


def install(kind: str) -> None:
    """Install what the lock names, check it against the lock, then leave the stamp.

    Raises: subprocess.CalledProcessError, OSError.
    """
    requirements = REQUIREMENTS[kind]
    print(f"  Pythonのパッケージを入れています（{requirements.name}、1分ほどかかります）", flush=True)
    if is_installed("run"):  # only the developers' packages are missing
        _stamp("run").unlink(missing_ok=True)
    else:
        if VENV.exists():
            shutil.rmtree(VENV)
        subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
    # The person's own index and proxies count; what would change the choice of files or the target does not.
    env = os.environ | {"PIP_CONSTRAINT": os.devnull, "PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0"}
    subprocess.run([PYTHON, "-I", "-m", "pip", *_PIP, *_LOCKED, "-r", requirements], check=True, env=env)
    subprocess.run([PYTHON, PROJECT / "scripts" / "check_installed.py", requirements], check=True)
    _stamp(kind).write_text(_identity(kind))


def _stamped(kind: str) -> bool:
    try:
        return _stamp(kind).read_text() == _identity(kind)
    except OSError:
        return False


def _identity(kind: str) -> str:
    # Programs of an environment name its folder and its interpreter, so neither may change beneath them.
    version = ".".join(str(part) for part in sys.version_info[:2])
    digest = hashlib.sha256(REQUIREMENTS[kind].read_bytes()).hexdigest()
    return f"{digest}\nPython {version}\n{PROJECT}\n"


def _stamp(kind: str) -> Path:
    return VENV / f".installed-{kind}"


def _runs() -> bool:
    try:
        return subprocess.run([PYTHON, "-I", "-c", ""], check=False).returncode == 0
    except OSError:
        return False


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    with Path(__file__).open() as lock:  # the environment itself may be made anew meanwhile
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
