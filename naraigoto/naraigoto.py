"""The composition root: the one module that knows everybody."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import reflex as rx
import reflex.model  # imported now: Reflex would do it inside the first form event, for seconds

from naraigoto import api, db, pages, preflight
from naraigoto.adapters import mail
from naraigoto.api import accounts as accounts_api
from naraigoto.api import admin_tickets as admin_tickets_api
from naraigoto.api import attendance as attendance_api
from naraigoto.api import auth as auth_api
from naraigoto.api import billing as billing_api
from naraigoto.api import booking_changes as booking_changes_api
from naraigoto.api import bookings as bookings_api
from naraigoto.api import calendar as calendar_api
from naraigoto.api import child_mode as child_mode_api
from naraigoto.api import credentials as credentials_api
from naraigoto.api import devices as devices_api
from naraigoto.api import families as families_api
from naraigoto.api import identity as identity_api
from naraigoto.api import invitations as invitations_api
from naraigoto.api import joining as joining_api
from naraigoto.api import moderation as moderation_api
from naraigoto.api import points as points_api
from naraigoto.api import privacy as privacy_api
from naraigoto.api import review_writing as review_writing_api
from naraigoto.api import reviews as reviews_api
from naraigoto.api import saved_searches as saved_searches_api
from naraigoto.api import schedules as schedules_api
from naraigoto.api import schools as schools_api
from naraigoto.api import search as search_api
from naraigoto.api import tickets as tickets_api
from naraigoto.api import waitlist as waitlist_api
from naraigoto.api import webhooks as webhooks_api
from naraigoto.components import app_shell
from naraigoto.jobs.ticker import ticker
from naraigoto.sandbox.postgres import Cluster
from naraigoto.settings import get_settings
from naraigoto.state.binding import SessionBind
from naraigoto.web import auth as auth_web
from naraigoto.web import (
    jwks,
    logs,
    mailbox,
    media,
    seo,
    sign_in,
    sitemap,
    stripe_sandbox,
    unsubscribe,
)
from naraigoto.web.security import Security

settings = get_settings()
if problems := preflight.problems(settings):
    raise preflight.CannotRun("\n".join(problems))
logs.configure_logging(settings)

_FEATURES = [
    auth_api.router,
    identity_api.router,
    joining_api.router,
    credentials_api.router,
    accounts_api.router,
    child_mode_api.router,
    families_api.router,
    invitations_api.router,
    privacy_api.router,
    devices_api.router,
    search_api.router,
    saved_searches_api.router,
    schools_api.router,
    reviews_api.router,
    review_writing_api.router,
    moderation_api.router,
    points_api.router,
    bookings_api.router,
    booking_changes_api.router,
    waitlist_api.router,
    calendar_api.router,
    schedules_api.router,
    tickets_api.router,
    billing_api.router,
    admin_tickets_api.router,
    attendance_api.router,
]
_OTHERS = [
    auth_web.router,
    sign_in.router,
    jwks.router,
    media.router,
    sitemap.router,
    seo.router,
    unsubscribe.router,
    webhooks_api.router,
]
_DEVELOPERS = [mailbox.router, stripe_sandbox.router]


@asynccontextmanager
async def database() -> AsyncIterator[None]:
    """The pool of this process, opened after the worker has forked."""
    await db.open_engine(settings.database_url or await asyncio.to_thread(_embedded))
    try:
        yield
    finally:
        await db.close_engine()


def _embedded() -> str:
    return Cluster(settings.data_dir / "pg").start()


@asynccontextmanager
async def jobs() -> AsyncIterator[None]:
    """The jobs ticker beside the site; with a worker process of its own it only stands by (one leader)."""
    async with ticker(mail.make_mailer(settings)):
        yield


fastapi_app = api.create_api(
    features=_FEATURES, others=_OTHERS + ([] if settings.production else _DEVELOPERS)
)
app = rx.App(
    html_lang="ja",
    theme=None,
    toaster=None,
    stylesheets=app_shell.STYLESHEETS,
    head_components=app_shell.head_components(),
    app_wraps=app_shell.app_wraps(),
    hydrate_fallback=app_shell.hydrate_fallback(),
    api_transformer=[fastapi_app, Security],
)
app.add_middleware(SessionBind())
app.register_lifespan_task(database)
app.register_lifespan_task(jobs)
pages.register(app, production=settings.production)
