"""Forgotten and changed passwords, changed addresses (contract.md §5)."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict

from naraigoto import db
from naraigoto.api.auth import Secret, Short
from naraigoto.api.deps import Now
from naraigoto.api.joining import MailedToken
from naraigoto.api.problems import refusals
from naraigoto.errors import Forbidden, LinkUnusable, ParentApprovalRequired, RateLimited, Unauthenticated
from naraigoto.rules import EVEN_ANSWER
from naraigoto.services import credentials
from naraigoto.web import session_cookie
from naraigoto.web.client_address import client_address

router = APIRouter(tags=["auth"])


class Forgotten(BaseModel):
    """Whose password is forgotten."""

    model_config = ConfigDict(hide_input_in_errors=True)

    email: Short


class NewPassword(MailedToken):
    """The token of the link, and the password from now on."""

    password: Secret


class PasswordChange(BaseModel):
    """The password until now and from now on."""

    model_config = ConfigDict(hide_input_in_errors=True)

    current: Secret
    password: Secret


class EmailChange(BaseModel):
    """The address from now on, and the password as proof."""

    model_config = ConfigDict(hide_input_in_errors=True)

    email: Short
    password: Secret


@asynccontextmanager
async def _even() -> AsyncIterator[None]:
    """Take as long whether there was something to do or not."""
    began = time.monotonic()
    try:
        yield
    finally:
        await asyncio.sleep(max(0.0, EVEN_ANSWER.total_seconds() - (time.monotonic() - began)))


@router.post("/auth/reset", status_code=202, responses=refusals(Forbidden, RateLimited))
async def ask_reset(body: Forgotten, request: Request, now: Now) -> None:
    """Mail a link for a new password, if the address has an account; the answer never tells."""
    session_cookie.refuse_foreign_page(request)
    async with _even(), db.transaction() as session:
        address = client_address(request)
        await credentials.ask_reset(session, email=body.email, address=address, now=now)


@router.post("/auth/reset/confirm", status_code=204, responses=refusals(Forbidden, LinkUnusable))
async def reset(body: NewPassword, request: Request, now: Now) -> None:
    """Set a new password by the link of a mail; every device is signed out."""
    session_cookie.refuse_foreign_page(request)
    async with db.transaction() as session:
        own = await credentials.followed(session, token=body.token or "", now=now)
    renewed = await credentials.renew(own, body.password)
    async with db.transaction() as session:
        await credentials.reset(session, renewed, now=now)


_MINE = refusals(Unauthenticated, ParentApprovalRequired, Forbidden, RateLimited)


@router.post("/me/password", status_code=204, responses=_MINE)
async def change_password(body: PasswordChange, request: Request, response: Response, now: Now) -> None:
    """Change one's password; every other device is signed out, and this one gets a new cookie."""
    async with db.transaction() as session:
        actor = await session_cookie.actor_from_request(request, session, now)
        own = await credentials.mine(session, actor)
    renewed = await credentials.exchange(
        own, current=body.current, password=body.password, address=client_address(request)
    )
    async with db.transaction() as session:
        actor = await session_cookie.actor_from_request(request, session, now)
        opened = await credentials.change_password(session, actor, renewed, now=now)
    session_cookie.put(response, opened.token)


@router.post("/me/email", status_code=202, responses=_MINE)
async def change_email(body: EmailChange, request: Request, now: Now) -> None:
    """Ask for another address; it counts once its link was followed."""
    async with db.transaction() as session:
        actor = await session_cookie.actor_from_request(request, session, now)
        own = await credentials.mine(session, actor)
    proof = await credentials.prove_for_change(
        own, email=body.email, password=body.password, address=client_address(request)
    )
    async with db.transaction() as session:
        actor = await session_cookie.actor_from_request(request, session, now)
        await credentials.change_email(session, actor, proof, email=body.email, now=now)
