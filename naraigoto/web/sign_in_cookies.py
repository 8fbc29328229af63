"""What a browser carries on its way through an identity provider, signed by us and good for ten minutes."""

import base64
import hashlib
import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from http.cookies import CookieError, SimpleCookie
from typing import Any, Final

from starlette.responses import Response

from naraigoto.adapters.identity import TokenRefused, links
from naraigoto.adapters.identity.claims import Person
from naraigoto.adapters.identity.keys import local_keys
from naraigoto.rules import LINK_OFFER_LIFETIME, SIGN_IN_ATTEMPT_LIFETIME
from naraigoto.settings import get_settings

_ATTEMPT: Final = "naraigoto_attempt"
_OFFER: Final = "naraigoto_link"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One sign-in under way; every value is a text, as the cookie keeps it."""

    state: str
    nonce: str
    verifier: str
    kind: str
    next: str
    fresh: str  # "yes" where the person must prove themselves anew
    began: str

    @property
    def challenge(self) -> str:
        """What the provider sees of the verifier (PKCE, S256)."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    @property
    def began_at(self) -> datetime:
        """When the browser left for the provider."""
        return datetime.fromtimestamp(int(self.began), UTC)


def new_attempt(*, kind: str, next_page: str | None, fresh: bool, now: datetime) -> Attempt:
    """Fresh secrets for one sign-in."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    return Attempt(
        state, nonce, verifier, kind, next_page or "", "yes" if fresh else "", str(int(now.timestamp()))
    )


def put_attempt(response: Response, attempt: Attempt, *, now: datetime) -> None:
    """Give the browser what it has to bring back."""
    _put(response, _ATTEMPT, asdict(attempt), SIGN_IN_ATTEMPT_LIFETIME, now, path="/auth")


def read_attempt(header: str | None, *, now: datetime) -> Attempt | None:
    """What the browser brought back; None when it is not ours or too old."""
    claims = _read(header, _ATTEMPT, now)
    return Attempt(**claims) if claims else None


def drop_attempt(response: Response) -> None:
    """An attempt is used up, however it ended."""
    _drop(response, _ATTEMPT, path="/auth")


def put_offer(response: Response, person: Person, *, now: datetime) -> None:
    """Let the browser prove that the account of this address is the person's own."""
    claims = {
        "issuer": person.issuer,
        "subject": person.subject,
        "email": person.email,
        "verified": "yes" if person.email_verified else "",
    }
    _put(response, _OFFER, claims, LINK_OFFER_LIFETIME, now, path="/")


def read_offer(header: str | None, *, now: datetime) -> Person | None:
    """Whom the provider vouched for a moment ago; None when it is not ours or too old."""
    claims = _read(header, _OFFER, now)
    if not claims:
        return None
    return Person(
        issuer=claims["issuer"],
        subject=claims["subject"],
        email=claims["email"],
        email_verified=claims["verified"] == "yes",
        name="",
        groups=frozenset(),
        signed_in_at=None,
    )


def drop_offer(response: Response) -> None:
    """The offer was taken, or is over."""
    _drop(response, _OFFER, path="/")


def _put(
    response: Response, name: str, claims: dict[str, str], lifetime: timedelta, now: datetime, *, path: str
) -> None:
    token = links.issue(local_keys(), purpose=name, claims=claims, expires_at=now + lifetime)
    response.set_cookie(
        name,
        token,
        max_age=int(lifetime.total_seconds()),
        path=path,
        httponly=True,
        samesite="lax",
        secure=get_settings().secure_cookies,
    )


def _read(header: str | None, name: str, now: datetime) -> dict[str, Any] | None:
    try:
        cookies = SimpleCookie(header or "")
        return links.read(local_keys(), cookies[name].value, purpose=name, now=now)
    except (CookieError, KeyError, TokenRefused):
        return None


def _drop(response: Response, name: str, *, path: str) -> None:
    response.delete_cookie(
        name, path=path, httponly=True, samesite="lax", secure=get_settings().secure_cookies
    )
