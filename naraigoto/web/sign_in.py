"""The browser's way through an identity provider: there, back, and signed in (docs/decisions/0007)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from urllib.parse import urlencode

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse

from naraigoto import clock, db
from naraigoto.adapters.identity import TokenRefused
from naraigoto.adapters.identity.claims import Person
from naraigoto.adapters.identity.oidc import OpenId, openid
from naraigoto.errors import (
    CredentialsWrong,
    DomainError,
    Forbidden,
    InvalidInput,
    LinkNeeded,
    ProviderAway,
    RateLimited,
    Unavailable,
)
from naraigoto.homes import FIRST_HOMES, HOMES, inside
from naraigoto.rules import SIGN_IN_ATTEMPT_LIFETIME, Rate
from naraigoto.services import identities, limits, sessions
from naraigoto.settings import get_settings
from naraigoto.web import session_cookie, sign_in_cookies
from naraigoto.web.sign_in_cookies import Attempt

router = APIRouter(prefix="/auth", include_in_schema=False)

# Why a sign-in came to nothing; texts/identity.py has a line for each.
Problem = Literal["away", "cancelled", "expired", "refused", "email"]
_ONCE: Final = Rate(1, SIGN_IN_ATTEMPT_LIFETIME)
_log = structlog.get_logger("naraigoto.identity")


def callback_address() -> str:
    """The only address of ours to which a provider may send people back."""
    return f"{get_settings().public_url}/auth/callback"


def provider_name() -> str | None:
    """What people call the provider of this site, "" when nobody said; None without a provider."""
    provider = openid()
    return provider.provider.name if provider else None


def refuse_beside_provider() -> None:
    """Where a provider is set, grown-ups have no password of ours to sign in or up with.

    Raises: Forbidden.
    """
    if openid() is not None:
        raise Forbidden


@router.get("/login")
async def leave_for_provider(request: Request) -> RedirectResponse:
    """Send the browser to the provider; without one, to our own sign-in page.

    `next` is a page of ours, `type=school_owner` says what a new account will be, `prompt=login` asks the
    person anew; a device in 「子どもモード」 always does.
    """
    asked, provider, now = request.query_params, openid(), clock.now()
    next_page = inside(asked.get("next"))
    if provider is None:
        return _to_login({"next": next_page} if next_page else {})
    fresh = asked.get("prompt") == "login" or await lent_device(request, now)
    kind = "school_owner" if asked.get("type") == "school_owner" else "parent"
    attempt = sign_in_cookies.new_attempt(kind=kind, next_page=next_page, fresh=fresh, now=now)
    try:
        address = await provider.authorize_url(
            redirect_uri=callback_address(),
            state=attempt.state,
            nonce=attempt.nonce,
            challenge=attempt.challenge,
            fresh=fresh,
        )
    except ProviderAway:
        return _failed("away")
    answer = RedirectResponse(address, status_code=303)
    sign_in_cookies.put_attempt(answer, attempt, now=now)
    return answer


@router.get("/callback")
async def come_back(request: Request) -> RedirectResponse:
    """Finish the sign-in that this very browser began; whatever is wrong ends on /login with a line."""
    provider, now = openid(), clock.now()
    attempt = sign_in_cookies.read_attempt(request.headers.get("cookie"), now=now)
    if provider is None:
        return _to_login({})
    try:
        answer = await _finish(request, provider, attempt, now)
    except Unavailable:
        answer = _failed("away")
    except _NoSignIn as reason:
        _log.warning("identity.refused", reason=reason.why)
        answer = _failed(reason.problem)
    sign_in_cookies.drop_attempt(answer)
    return answer


@dataclass
class _NoSignIn(Exception):
    """The sign-in came to nothing: the key of a line for the person, and the reason for the log."""

    problem: Problem
    why: str


async def _finish(
    request: Request, provider: OpenId, attempt: Attempt | None, now: datetime
) -> RedirectResponse:
    if attempt is None:
        raise _NoSignIn("expired", "no attempt of this browser")
    code = await _code(request, attempt)
    try:
        person = await _vouched(provider, code, attempt, now)
        return await _sign_in(request, person, attempt, now)
    except TokenRefused as refused:
        raise _NoSignIn("refused", str(refused)) from refused
    except InvalidInput as unusable:
        raise _NoSignIn("email", "no usable address") from unusable
    except Unavailable:
        raise
    except DomainError as refused:
        raise _NoSignIn("refused", refused.code) from refused


async def _code(request: Request, attempt: Attempt) -> str:
    """The code that the provider gave to the browser which began the attempt, once."""
    given = request.query_params
    if given.get("state") != attempt.state:
        raise _NoSignIn("expired", "another state")
    try:
        await limits.spend(_ONCE, "sign-in-attempt", attempt.state)
    except RateLimited as used:
        raise _NoSignIn("expired", "the attempt was used already") from used
    if "error" in given:
        denied = given["error"] == "access_denied"
        raise _NoSignIn("cancelled" if denied else "refused", "the provider sent an error")
    if not (code := given.get("code", "")):
        raise _NoSignIn("refused", "no code")
    return code


async def _vouched(provider: OpenId, code: str, attempt: Attempt, now: datetime) -> Person:
    exchanged = await provider.exchange(code=code, verifier=attempt.verifier, redirect_uri=callback_address())
    return await provider.person(exchanged, nonce=attempt.nonce, now=now)


async def _sign_in(request: Request, person: Person, attempt: Attempt, now: datetime) -> RedirectResponse:
    lent = await lent_device(request, now)
    if lent and not attempt.fresh:
        raise CredentialsWrong  # begun before the child got the device
    if attempt.fresh:
        identities.refuse_stale(person, began_at=attempt.began_at)
    agent = request.headers.get("user-agent", "")
    kind = "school_owner" if attempt.kind == "school_owner" else "parent"
    try:
        async with db.transaction() as session:
            arrival = await identities.arrive(session, person, kind=kind, user_agent=agent, now=now)
            await sessions.revoke(session, session_cookie.read(request.headers.get("cookie")), now=now)
    except LinkNeeded:
        answer = _to_login({"link": "1"} | ({"next": attempt.next} if attempt.next else {}))
        sign_in_cookies.put_offer(answer, person, now=now)
        return answer
    homes = FIRST_HOMES if arrival.new else HOMES
    answer = RedirectResponse(attempt.next or homes[arrival.done.user.type.value], status_code=303)
    session_cookie.put(answer, arrival.done.session_token)
    sign_in_cookies.drop_offer(answer)
    return answer


async def lent_device(request: Request, now: datetime) -> bool:
    """True when the browser's session is a guardian's device in a child's hands."""
    cookie = session_cookie.read(request.headers.get("cookie"))
    if cookie is None:
        return False
    async with db.transaction() as session:
        return (await sessions.resolve(session, cookie, now=now)).device_of is not None


def _failed(problem: Problem) -> RedirectResponse:
    return _to_login({"problem": problem})


def _to_login(query: dict[str, str]) -> RedirectResponse:
    return RedirectResponse(f"/login?{urlencode(query)}" if query else "/login", status_code=303)
