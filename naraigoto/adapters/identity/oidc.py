"""An OpenID provider as we speak with it: code flow with PKCE, verified tokens, signing out there."""

import ssl
import time
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from urllib.parse import quote, urlencode

import httpx
import structlog

from naraigoto.adapters.identity import TokenRefused, claims, tokens
from naraigoto.adapters.identity.claims import Person
from naraigoto.adapters.identity.jwks import KEPT_SECONDS, Jwks
from naraigoto.adapters.identity.provider import Endpoints, Provider, from_settings, trustworthy
from naraigoto.errors import ProviderAway
from naraigoto.settings import get_settings

SCOPE: Final = "openid email profile"
_TIMEOUT: Final = httpx.Timeout(5.0)
_ANSWER_MAX: Final = 256 * 1024
_RETRY_AFTER: Final = 10
_log = structlog.get_logger("naraigoto.identity")


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What a provider gave for a code."""

    id_token: str
    access_token: str


class OpenId:
    """One provider; knows its endpoints and keys for an hour."""

    def __init__(self, provider: Provider, *, production: bool) -> None:
        self.provider = provider
        self._production = production
        self._endpoints = provider.endpoints
        self._discovered_at = float("inf") if provider.endpoints else float("-inf")
        self._jwks = Jwks(self._fetch_keys)

    async def authorize_url(
        self, *, redirect_uri: str, state: str, nonce: str, challenge: str, fresh: bool
    ) -> str:
        """Where the browser goes to sign in; `fresh` asks the person again, whoever is signed in there.

        Raises: ProviderAway.
        """
        query = {
            "response_type": "code",
            "client_id": self.provider.client_id,
            "redirect_uri": redirect_uri,
            "scope": SCOPE,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        if fresh:
            query |= {"prompt": "login", "max_age": "0"}
        return _with_query((await self._known()).authorize, query)

    async def exchange(self, *, code: str, verifier: str, redirect_uri: str) -> Exchanged:
        """Trade a code for tokens.

        Raises: TokenRefused when the provider says no, ProviderAway.
        """
        endpoints = await self._known()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "client_id": self.provider.client_id,
            "code_verifier": verifier,
        }
        headers = {"Accept": "application/json"}
        secret = self.provider.client_secret
        basic = None
        if secret and endpoints.secret_in_body:
            form["client_secret"] = secret
        elif secret:
            basic = httpx.BasicAuth(quote(self.provider.client_id, safe=""), quote(secret, safe=""))
        answer = await self._send("POST", endpoints.token, data=form, headers=headers, auth=basic)
        given = _document(answer)
        if answer.status_code != 200:
            raise TokenRefused(f"the provider refused the code ({_error_word(given)})")
        id_token, access_token = given.get("id_token"), given.get("access_token")
        if not isinstance(id_token, str) or not isinstance(access_token, str):
            raise TokenRefused("the provider gave no tokens")
        return Exchanged(id_token, access_token)

    async def person(self, exchanged: Exchanged, *, nonce: str | None, now: datetime) -> Person:
        """Whom the tokens vouch for; `nonce` is the one that this sign-in began with.

        Raises: TokenRefused, ProviderAway.
        """
        key = await self._jwks.key(tokens.key_id(exchanged.id_token))
        said = tokens.signed_claims(
            exchanged.id_token,
            key,
            issuer=self.provider.issuer,
            now=now,
            access_token=exchanged.access_token,
        )
        claims.refuse_foreign_id_token(said, self.provider, nonce)
        if "email" not in said and (address := (await self._known()).userinfo):
            said = said | await self._more(address, exchanged.access_token, said["sub"])
        return claims.person(said, self.provider)

    async def subject_of(self, access_token: str, *, now: datetime) -> str:
        """Who holds an access token of the provider, made for us.

        Raises: TokenRefused, ProviderAway.
        """
        key = await self._jwks.key(tokens.key_id(access_token))
        said = tokens.signed_claims(access_token, key, issuer=self.provider.issuer, now=now)
        claims.refuse_foreign_access_token(said, self.provider)
        return claims.subject(said)

    async def sign_out_url(self, return_to: str) -> str | None:
        """Where the browser ends its session at the provider; None when there is no such place."""
        try:
            address = (await self._known()).sign_out
        except ProviderAway:
            return None
        back = "logout_uri" if self.provider.kind == "cognito" else "post_logout_redirect_uri"
        query = {"client_id": self.provider.client_id, back: return_to}
        return _with_query(address, query) if address else None

    async def _known(self) -> Endpoints:
        at = time.monotonic()
        if self._endpoints is None or at - self._discovered_at >= KEPT_SECONDS:
            try:
                self._endpoints, self._discovered_at = await self._discover(), at
            except ProviderAway:
                if self._endpoints is None:
                    raise
        return self._endpoints

    async def _discover(self) -> Endpoints:
        document = await self._get(f"{self.provider.issuer.rstrip('/')}/.well-known/openid-configuration")
        if document.get("issuer") != self.provider.issuer:
            raise self._away("another issuer answers")
        methods = document.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        return Endpoints(
            authorize=self._address(document, "authorization_endpoint"),
            token=self._address(document, "token_endpoint"),
            jwks=self._address(document, "jwks_uri"),
            userinfo=self._address(document, "userinfo_endpoint", needed=False),
            sign_out=self._address(document, "end_session_endpoint", needed=False),
            secret_in_body="client_secret_basic" not in methods,
        )

    def _address(self, document: dict[str, Any], name: str, *, needed: bool = True) -> str:
        address = document.get(name, "")
        if isinstance(address, str) and trustworthy(address, production=self._production):
            return address
        if needed:
            raise self._away(f"no usable {name}")
        return ""

    async def _fetch_keys(self) -> dict[str, Any]:
        return await self._get((await self._known()).jwks)

    async def _more(self, address: str, access_token: str, subject: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {access_token}", "Accept": "application/json"}
        told = _document(await self._send("GET", address, headers=headers))
        if told.get("sub") != subject:
            raise TokenRefused("the provider told of somebody else")
        return {name: told[name] for name in claims.PROFILE if name in told}

    async def _get(self, address: str) -> dict[str, Any]:
        answer = await self._send("GET", address, headers={"Accept": "application/json"})
        if answer.status_code != 200:
            raise self._away(f"status {answer.status_code}")
        return _document(answer)

    async def _send(self, method: str, address: str, **options: Any) -> httpx.Response:
        try:
            async with httpx.AsyncClient(
                verify=_trusted(), timeout=_TIMEOUT, follow_redirects=False
            ) as client:
                answer = await client.request(method, address, **options)
        except (httpx.HTTPError, httpx.InvalidURL) as failure:
            raise self._away(type(failure).__name__) from failure
        if answer.status_code >= 500 or len(answer.content) > _ANSWER_MAX:
            raise self._away(f"status {answer.status_code}")
        return answer

    def _away(self, reason: str) -> ProviderAway:
        _log.warning("identity.provider_away", reason=reason)
        return ProviderAway(retry_after=_RETRY_AFTER)


@lru_cache
def _trusted() -> ssl.SSLContext:
    # Reading the certificates of all authorities keeps the loop busy for 30 ms: once, not for each question.
    return httpx.create_ssl_context()


def _document(answer: httpx.Response) -> dict[str, Any]:
    try:
        document = answer.json()
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _error_word(given: dict[str, Any]) -> str:
    # The word is the provider's: it reaches the log only when it looks like one of the standard's.
    word = given.get("error")
    known = isinstance(word, str) and word.isascii() and word.replace("_", "").isalpha() and len(word) < 40
    return str(word) if known else "no reason"


def _with_query(address: str, query: dict[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"


@lru_cache
def openid() -> OpenId | None:
    """The provider of this process, or None."""
    settings = get_settings()
    provider = from_settings(settings)
    return OpenId(provider, production=settings.production) if provider else None
