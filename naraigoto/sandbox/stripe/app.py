"""The process: the API, the pages, time and deliveries."""

import asyncio
import hmac
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial

import structlog
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from naraigoto import failures
from naraigoto.adapters.payments.access import sandbox_access, sandbox_folder
from naraigoto.sandbox.stripe import api, control, hosted, portal, seeding, travel
from naraigoto.sandbox.stripe.deliveries import Deliveries
from naraigoto.sandbox.stripe.forms import StripeRefusal
from naraigoto.sandbox.stripe.guard import refuse_real_money
from naraigoto.sandbox.stripe.store import STATE, Store
from naraigoto.settings import Settings, get_settings

TARGET = "NARAIGOTO_STRIPE_TARGET"
_TICK = 5.0
_log = structlog.get_logger("naraigoto.stripe_sandbox")


def create() -> ASGIApp:
    """The sandbox of this data folder, for granian.

    Raises: CannotRun in production and beside a live key.
    """
    settings = get_settings()
    target = os.environ.get(TARGET) or f"http://127.0.0.1:{settings.port}/webhooks/stripe"
    return make(settings, target)


def make(settings: Settings, target: str) -> ASGIApp:
    """The sandbox, delivering to an address.

    Raises: CannotRun in production and beside a live key.
    """
    refuse_real_money(settings)
    access = sandbox_access(settings)
    store = Store(sandbox_folder(settings.data_dir) / STATE, origin=settings.public_url)

    @asynccontextmanager
    async def running(_app: Starlette) -> AsyncIterator[None]:
        postman = Deliveries(store, target, access.webhook_secret)
        works = (postman.run, partial(_tick, store))
        tasks = [asyncio.create_task(_for_ever(work)) for work in works]
        yield
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    routes = [
        Route("/healthz", _alive),
        *seeding.routes(),
        *control.routes(),
        *hosted.routes(),
        *portal.routes(),
        *api.routes(),
    ]
    app = Starlette(routes=routes, lifespan=running)
    app.state.store = store
    return _Key(app, access.api_key)


class _Key:
    """Only who knows the key of this data folder gets in: the client, and the site for its visitors."""

    def __init__(self, app: ASGIApp, key: str) -> None:
        self._app = app
        self._key = f"Bearer {key}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Ask for the key, except at the door that only tells that somebody is in."""
        if scope["type"] == "http" and scope["path"] != "/healthz":
            given = dict(scope["headers"]).get(b"authorization", b"")
            if not hmac.compare_digest(given, self._key):
                refusal = StripeRefusal("Invalid API Key provided", status=401)
                await JSONResponse(refusal.body, 401)(scope, receive, send)
                return
        await self._app(scope, receive, send)


async def _alive(_request: Request) -> Response:
    return PlainTextResponse("ok")


async def _tick(store: Store) -> None:
    with store.transaction():
        travel.catch_up(store)
    await asyncio.sleep(_TICK)


async def _for_ever(work: Callable[[], Awaitable[None]]) -> None:
    """Begin again after whatever went wrong: a sandbox that stands still would look like a lost payment."""
    while True:
        try:
            await work()
        except Exception as failure:
            _log.error("sandbox.failed", **failures.about(failure))
            await asyncio.sleep(_TICK)
