"""Signing in and out over HTTP (contract.md §5)."""

from typing import Annotated, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import db
from naraigoto.api.accounts import MeRead
from naraigoto.api.deps import Now, Session
from naraigoto.api.problems import refusals
from naraigoto.errors import CredentialsWrong, Forbidden, RateLimited, Unauthenticated
from naraigoto.rules import ACCESS_TOKEN_LIFETIME
from naraigoto.services import accounts, bearers, proofs, sessions
from naraigoto.web import session_cookie
from naraigoto.web.client_address import client_address
from naraigoto.web.sign_in import refuse_beside_provider

router = APIRouter(prefix="/auth", tags=["auth"])

Short = Annotated[str, Field(min_length=1, max_length=320)]
Secret = Annotated[str, Field(min_length=1, max_length=1024)]


class PasswordSignIn(BaseModel):
    """Guardians, schools and admins."""

    model_config = ConfigDict(hide_input_in_errors=True)

    email: Short
    password: Secret


class PasscodeSignIn(BaseModel):
    """Children."""

    model_config = ConfigDict(hide_input_in_errors=True)

    family_code: Short
    login_name: Short
    passcode: Secret


def _kind(body: object) -> str:
    given = set(body) if isinstance(body, dict) else set(getattr(body, "model_fields_set", ()))
    return "(child)" if given & {"family_code", "login_name", "passcode"} else "(adult)"


SignIn = Annotated[
    Annotated[PasswordSignIn, Tag("(adult)")] | Annotated[PasscodeSignIn, Tag("(child)")],
    Discriminator(_kind),
]


class SignedInRead(BaseModel):
    """A token for programs (the browser gets its cookie beside it) and whom it is for."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105
    expires_in: int = int(ACCESS_TOKEN_LIFETIME.total_seconds())
    user: MeRead


async def _known(session: AsyncSession, body: PasswordSignIn | PasscodeSignIn) -> accounts.Known:
    if isinstance(body, PasswordSignIn):
        return await accounts.known_by_email(session, email=body.email)
    return await accounts.known_by_login_name(
        session, family_code=body.family_code, login_name=body.login_name
    )


def _secret(body: PasswordSignIn | PasscodeSignIn) -> str:
    return body.password if isinstance(body, PasswordSignIn) else body.passcode


@router.post("/login", responses=refusals(CredentialsWrong, Forbidden, RateLimited))
async def sign_in(body: SignIn, request: Request, response: Response, now: Now) -> SignedInRead:
    """Sign in by e-mail and password, or by family code, login name and passcode."""
    ours = "origin" in request.headers
    if ours:  # a foreign page may not sign its visitor in as somebody else
        session_cookie.require_same_origin(request)
    if isinstance(body, PasswordSignIn):
        refuse_beside_provider()
    async with db.transaction() as session:
        known = await _known(session, body)
    proof = await proofs.prove(known, _secret(body), address=client_address(request))
    agent = request.headers.get("user-agent", "")
    async with db.transaction() as session:
        done = await accounts.sign_in(session, proof, user_agent=agent, now=now)
        if ours:
            await sessions.revoke(session, session_cookie.read(request.headers.get("cookie")), now=now)
    session_cookie.put(response, done.session_token)
    response.headers["Cache-Control"] = "no-store"
    token = sessions.access_token(user_id=done.user.id, session_id=done.session_id, now=now)
    return SignedInRead(access_token=token, user=MeRead.of(done.user))


@router.post("/logout", status_code=204, responses=refusals(Unauthenticated, Forbidden))
async def sign_out(request: Request, response: Response, session: Session, now: Now) -> None:
    """End the session of the token or the cookie; again is fine."""
    token = session_cookie.bearer(request)
    if token is not None:
        await bearers.revoke(session, token, now=now)
        return
    cookie = session_cookie.read(request.headers.get("cookie"))
    if cookie is not None:
        session_cookie.require_same_origin(request)
        await sessions.revoke(session, cookie, now=now)
    session_cookie.drop(response)
