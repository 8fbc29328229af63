"""What a provider's verified tokens say of a person, and which of them are meant for somebody else."""

from dataclasses import dataclass
from typing import Any, Final

from naraigoto.adapters.identity import TokenRefused
from naraigoto.adapters.identity.provider import Provider

PROFILE: Final = ("email", "email_verified", "name", "nickname", "preferred_username")
_SUBJECT_MAX: Final = 255
_SECONDS_MAX: Final = 10**12
# Claims that only an id token carries: it proves a sign-in and opens no door.
_ID_ONLY: Final = ("nonce", "at_hash", "c_hash")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at a provider. `email_verified` is the provider's word; `groups` are Cognito's."""

    issuer: str
    subject: str
    email: str
    email_verified: bool
    name: str
    groups: frozenset[str]
    signed_in_at: int | None  # seconds; when the person last proved who they are


def refuse_foreign_id_token(said: dict[str, Any], provider: Provider, nonce: str | None) -> None:
    """Only an id token for us, of this very sign-in, goes on.

    Raises: TokenRefused.
    """
    if said.get("token_use", "id") != "id":
        raise TokenRefused("not an id token")
    audience = _audience(said)
    if provider.client_id not in audience:
        raise TokenRefused("another audience")
    authorized = said.get("azp")
    if (authorized is None and len(audience) > 1) or authorized not in {None, provider.client_id}:
        raise TokenRefused("another authorized party")
    if nonce is not None and said.get("nonce") != nonce:
        raise TokenRefused("another nonce")


def refuse_foreign_access_token(said: dict[str, Any], provider: Provider) -> None:
    """Only an access token made for us goes on.

    Raises: TokenRefused.
    """
    if provider.kind == "cognito":  # its access tokens have no audience
        if said.get("token_use") != "access" or said.get("client_id") != provider.client_id:
            raise TokenRefused("not an access token for us")
        return
    if said.get("token_use", "access") != "access" or said.get("typ") == "ID":
        raise TokenRefused("not an access token")
    if any(name in said for name in _ID_ONLY):
        raise TokenRefused("an id token")
    parties = [*_audience(said), said.get("azp"), said.get("client_id")]
    if provider.client_id not in parties:
        raise TokenRefused("another audience")


def subject(said: dict[str, Any]) -> str:
    """The provider's name for the person.

    Raises: TokenRefused.
    """
    given = said.get("sub")
    if not isinstance(given, str) or not 0 < len(given) <= _SUBJECT_MAX or not given.isprintable():
        raise TokenRefused("no subject")
    return given


def person(said: dict[str, Any], provider: Provider) -> Person:
    """Whom the claims describe.

    Raises: TokenRefused.
    """
    groups = said.get("cognito:groups") if provider.kind == "cognito" else None
    at: Any = said.get("auth_time")
    return Person(
        issuer=provider.issuer,
        subject=subject(said),
        email=_text(said.get("email")),
        email_verified=said.get("email_verified") is True or said.get("email_verified") == "true",
        name=next((told for name in PROFILE[2:] if (told := _text(said.get(name)))), ""),
        groups=frozenset(each for each in groups if isinstance(each, str))
        if isinstance(groups, list)
        else frozenset(),
        signed_in_at=int(at) if type(at) in {int, float} and abs(at) < _SECONDS_MAX else None,
    )


def _audience(said: dict[str, Any]) -> list[Any]:
    given = said.get("aud")
    return given if isinstance(given, list) else [given]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
