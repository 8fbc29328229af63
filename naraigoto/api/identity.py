"""Signing in through an identity provider over HTTP: by a code, or by proving an account of ours."""

from typing import Annotated, Literal

import structlog
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import db
from naraigoto.adapters.identity import TokenRefused
from naraigoto.adapters.identity.oidc import openid
from naraigoto.api.accounts import MeRead
from naraigoto.api.auth import SignedInRead
from naraigoto.api.deps import Now
from naraigoto.api.problems import refusals
from naraigoto.errors import (
    CredentialsWrong,
    Forbidden,
    InvalidInput,
    LinkNeeded,
    LinkUnusable,
    ProviderAway,
    RateLimited,
)
from naraigoto.services import accounts, identities, limits, proofs, sessions
from naraigoto.services.accounts import SignedIn
from naraigoto.web import session_cookie, sign_in_cookies
from naraigoto.web.client_address import client_address
from naraigoto.web.sign_in import callback_address, lent_device

router = APIRouter(prefix="/auth", tags=["auth"])
_SCOPE = "code"
_log = structlog.get_logger("naraigoto.identity")


class CodeSignIn(BaseModel):
    """A provider's code and the secret that belongs to it; `nonce` when the sign-in began with one."""

    model_config = ConfigDict(hide_input_in_errors=True)

    code: Annotated[str, Field(min_length=1, max_length=2048)]
    code_verifier: Annotated[str, Field(min_length=1, max_length=128)]
    redirect_uri: Annotated[str, Field(min_length=1, max_length=300)]
    nonce: Annotated[str, Field(min_length=1, max_length=300)] | None = None
    type: Literal["parent", "school_owner"] = "parent"


class LinkProof(BaseModel):
    """The password of the account here."""

    model_config = ConfigDict(hide_input_in_errors=True)

    password: Annotated[str, Field(min_length=1, max_length=1024)]


@router.post(
    "/callback", responses=refusals(CredentialsWrong, Forbidden, LinkNeeded, RateLimited, ProviderAway)
)
async def sign_in_by_code(body: CodeSignIn, request: Request, response: Response, now: Now) -> SignedInRead:
    """Sign in by a code of the identity provider; the first time, an account is made."""
    provider = openid()
    if provider is None:
        raise Forbidden
    session_cookie.refuse_foreign_page(request)
    if await lent_device(request, now):
        raise Forbidden  # the guardian comes back by the browser's way, which asks them anew
    if body.redirect_uri != callback_address():
        raise InvalidInput(redirect_uri="redirect_uri")
    address = client_address(request)
    await limits.refuse_guessing(_SCOPE, address, address)
    try:
        exchanged = await provider.exchange(
            code=body.code, verifier=body.code_verifier, redirect_uri=body.redirect_uri
        )
        person = await provider.person(exchanged, nonce=body.nonce, now=now)
    except TokenRefused as refused:
        _log.warning("identity.refused", reason=str(refused))
        await limits.note_wrong(_SCOPE, address, address)
        raise CredentialsWrong from refused
    agent = request.headers.get("user-agent", "")
    async with db.transaction() as session:
        arrival = await identities.arrive(session, person, kind=body.type, user_agent=agent, now=now)
        await _end_former(session, request, now)
    return _answer(response, arrival.done, now)


@router.post("/link", responses=refusals(CredentialsWrong, Forbidden, LinkUnusable, RateLimited))
async def link(body: LinkProof, request: Request, response: Response, now: Now) -> SignedInRead:
    """Prove by its password that the account of the provider's address is one's own, and join the two."""
    session_cookie.require_same_origin(request)
    person = sign_in_cookies.read_offer(request.headers.get("cookie"), now=now)
    if person is None:
        raise LinkUnusable
    async with db.transaction() as session:
        known = await accounts.known_by_email(session, email=person.email)
    proof = await proofs.prove(known, body.password, address=client_address(request))
    agent = request.headers.get("user-agent", "")
    async with db.transaction() as session:
        done = await identities.link(session, person, proof, user_agent=agent, now=now)
        await _end_former(session, request, now)
    sign_in_cookies.drop_offer(response)
    return _answer(response, done, now)


async def _end_former(session: AsyncSession, request: Request, now: Now) -> None:
    if "origin" in request.headers:
        await sessions.revoke(session, session_cookie.read(request.headers.get("cookie")), now=now)


def _answer(response: Response, done: SignedIn, now: Now) -> SignedInRead:
    session_cookie.put(response, done.session_token)
    response.headers["Cache-Control"] = "no-store"
    token = sessions.access_token(user_id=done.user.id, session_id=done.session_id, now=now)
    return SignedInRead(access_token=token, user=MeRead.of(done.user))
