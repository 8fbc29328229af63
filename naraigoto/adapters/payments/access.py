"""Where Stripe is and which keys open it: an account's own, or those of the sandbox of this data folder."""

import json
import os
import secrets
import socket
import tempfile
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from naraigoto.settings import Settings

_FILE = "access.json"


@dataclass(frozen=True, slots=True)
class Access:
    """Keys and address; `base` is None for Stripe's own. The first webhook secret is the current one."""

    api_key: str
    webhook_secrets: tuple[str, ...]
    base: str | None


@dataclass(frozen=True, slots=True)
class SandboxAccess:
    """What the sandbox and the site of one data folder agree on."""

    api_key: str
    webhook_secret: str
    port: int


def sandbox_folder(data: Path) -> Path:
    """Where the sandbox of a data folder keeps its things."""
    return data / "stripe"


def access_of(settings: Settings) -> Access:
    """The keys of the settings, or those of the sandbox; whoever sets one secret alone keeps that one."""
    given = (settings.stripe_webhook_secret, settings.stripe_webhook_secret_previous)
    known = tuple(secret.get_secret_value() for secret in given if secret is not None)
    if settings.stripe_api_key is not None:
        return Access(settings.stripe_api_key.get_secret_value(), known, settings.stripe_api_base)
    sandbox = sandbox_access(settings)
    base = settings.stripe_api_base or f"http://127.0.0.1:{sandbox.port}"
    return Access(sandbox.api_key, known or (sandbox.webhook_secret,), base)


def sandbox_access(settings: Settings) -> SandboxAccess:
    """Random keys and a port, made once per data folder, readable by their owner only."""
    path = sandbox_folder(settings.data_dir) / _FILE
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = SandboxAccess(
            f"sk_test_sandbox_{secrets.token_hex(16)}", f"whsec_{secrets.token_hex(24)}", free_port()
        )
        _write(path, fresh, keep=True)
    found = SandboxAccess(**json.loads(path.read_text()))
    chosen = settings.stripe_webhook_secret
    if chosen is None:
        return found
    return SandboxAccess(found.api_key, chosen.get_secret_value(), found.port)


def move_sandbox(settings: Settings, port: int) -> None:
    """Remember another port, because the old one belongs to somebody else now."""
    path = sandbox_folder(settings.data_dir) / _FILE
    found = SandboxAccess(**json.loads(path.read_text()))
    _write(path, SandboxAccess(found.api_key, found.webhook_secret, port), keep=False)


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _write(path: Path, access: SandboxAccess, *, keep: bool) -> None:
    # Whole under another name (mkstemp: 0600) first: with `keep` the first process wins, nobody reads half.
    descriptor, draft = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(descriptor, "w") as file:
            json.dump(asdict(access), file)
        if keep:
            with suppress(FileExistsError):
                os.link(draft, path)
        else:
            Path(draft).replace(path)
    finally:
        Path(draft).unlink(missing_ok=True)
