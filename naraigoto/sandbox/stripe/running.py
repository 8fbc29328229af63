"""The sandbox as a process beside the site: started when no account is named, ended with the site."""

import asyncio
import fcntl
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import httpx

from naraigoto import serving
from naraigoto.adapters.payments.access import (
    access_of,
    free_port,
    move_sandbox,
    sandbox_access,
    sandbox_folder,
)
from naraigoto.adapters.payments.stripe import StripePayments
from naraigoto.preflight import CannotRun
from naraigoto.sandbox.stripe.guard import refuse_real_money
from naraigoto.sandbox.stripe.seeding import as_json, demo_seeds
from naraigoto.sandbox.stripe.store import STATE
from naraigoto.settings import Settings
from naraigoto.texts import operations as texts

_WAYS_TO_SAY_HERE = {"0.0.0.0", "127.0.0.1", "localhost", "::"}  # noqa: S104  # read, not bound


def wanted(settings: Settings) -> bool:
    """True where nobody named an account or another Stripe."""
    return not settings.production and settings.stripe_api_key is None and settings.stripe_api_base is None


@contextmanager
def sandbox(settings: Settings, *, host: str = "127.0.0.1") -> Iterator[None]:
    """The sandbox of the data folder as long as the site runs; a second site of the folder shares it.

    Raises: CannotRun when it does not start.
    """
    if not wanted(settings):
        yield
        return
    refuse_real_money(settings)
    sandbox_access(settings)
    with (sandbox_folder(settings.data_dir) / "lock").open("w") as lock, ExitStack() as stack:
        if _is_mine(lock.fileno()):
            stack.enter_context(_process(settings, host))
        yield


def seed(settings: Settings, database_url: str) -> None:
    """Give the demo's families with a plan their customers in the sandbox, those who have none yet.

    Raises: CannotRun when the sandbox does not answer.
    """
    if not wanted(settings):
        return
    access = access_of(settings)
    serving.wait_for("127.0.0.1", sandbox_access(settings).port, or_say=texts.SANDBOX_SILENT)
    seeds = demo_seeds(database_url)
    if seeds.plans:
        asyncio.run(StripePayments(access).prepare())
        headers = {"Authorization": f"Bearer {access.api_key}"}
        answer = httpx.post(f"{access.base}/seeds", json=as_json(seeds), headers=headers, timeout=30)
        if answer.is_error:
            raise CannotRun(texts.SANDBOX_SILENT)


def forget(settings: Settings) -> None:
    """Forget everything, because the demo has just been loaded into an empty database.

    Raises: CannotRun when the sandbox runs and does not answer.
    """
    state = sandbox_folder(settings.data_dir) / STATE
    if not wanted(settings) or not state.exists():
        return
    with (state.parent / "lock").open("w") as lock:
        if _is_mine(lock.fileno()):
            for file in state.parent.glob(f"{STATE}*"):
                file.unlink()
            return
    access = access_of(settings)
    serving.wait_for("127.0.0.1", sandbox_access(settings).port, or_say=texts.SANDBOX_SILENT)
    headers = {"Authorization": f"Bearer {access.api_key}"}
    if httpx.delete(f"{access.base}/seeds", headers=headers, timeout=30).is_error:
        raise CannotRun(texts.SANDBOX_SILENT)


@contextmanager
def _process(settings: Settings, host: str) -> Iterator[None]:
    port = sandbox_access(settings).port
    if not _is_free(port):
        port = free_port()
        move_sandbox(settings, port)
    address = ("--host", "127.0.0.1", "--port", str(port))
    options = ("--interface", "asgi", "--factory", "--workers", "1", "--log-level", "warning")
    command = ["-m", "granian", *address, *options, "naraigoto.sandbox.stripe.app:create"]
    site = "127.0.0.1" if host in _WAYS_TO_SAY_HERE else host
    target = f"http://{site}:{settings.port}/webhooks/stripe"
    env = {
        "NARAIGOTO_DATA": str(settings.data_dir),
        "PORT": str(settings.port),
        "PUBLIC_URL": settings.public_url,
        "NARAIGOTO_STRIPE_TARGET": target,
    }
    with serving.background(command, env):
        yield


def _is_mine(lock: int) -> bool:
    # Kept by the open file for as long as we live, whatever ends us.
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
