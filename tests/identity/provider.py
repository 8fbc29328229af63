"""A small OpenID provider on loopback: strict where a provider must be, and able to lie when asked to."""

import base64
import hashlib
import hmac
import json
import os
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from unittest import mock
from urllib.parse import parse_qs, urlencode, urlsplit

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jose import jwk, jwt

from naraigoto import clock
from naraigoto.adapters.identity.oidc import openid
from naraigoto.settings import get_settings

CLIENT_ID = "naraigoto-site"
Claims = dict[str, Any]
Answer = tuple[int, str, str]  # status, content type or address, body


def _part(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


class Key:
    """A key pair of the provider."""

    def __init__(self, kid: str) -> None:
        private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.kid = kid
        self.pem = private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()
        self._private = jwk.construct(self.pem, "RS256")
        self.public = {
            **self._private.public_key().to_dict(),
            "kid": kid,
            "use": "sig",
        }
        public = private.public_key()
        self.der = public.public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def sign(self, claims: Claims, **header: Any) -> str:
        """A well-signed token."""
        return jwt.encode(claims, self._private, algorithm="RS256", headers={"kid": self.kid} | header)


@dataclass
class Grant:
    """What a code stands for until it is used."""

    sub: str
    redirect_uri: str
    challenge: str
    nonce: str | None


@dataclass
class IdentityProvider:
    """The provider's memory; `people` by subject, `forge` bends the next id token."""

    url: str
    redirect_uris: set[str]
    sign_out_uris: set[str]
    client_secret: str = ""
    people: dict[str, Claims] = field(default_factory=dict)
    grants: dict[str, Grant] = field(default_factory=dict)
    keys: list[Key] = field(default_factory=lambda: [Key("first")])
    forge: Callable[["IdentityProvider", Claims, str], str] | None = None
    away: bool = False
    fetched: dict[str, int] = field(default_factory=dict)
    email_in_token: bool = True
    prompts: list[str] = field(default_factory=list)
    signed_out: int = 0
    auth_age: int = 0

    def code(
        self, sub: str, *, redirect_uri: str, verifier: str, nonce: str | None = None, plain: bool = False
    ) -> str:
        """A code as the sign-in page would give it, for tests that need no browser."""
        challenge = verifier if plain else _part(hashlib.sha256(verifier.encode()).digest())
        return self._grant(Grant(sub, redirect_uri, challenge, nonce))

    def access_token(self, sub: str, **over: Any) -> str:
        """An access token as this provider makes them."""
        at = int(clock.now().timestamp())
        claims = {"iss": self.url, "sub": sub, "aud": CLIENT_ID, "iat": at, "exp": at + 600} | over
        return self.keys[-1].sign({k: v for k, v in claims.items() if v is not None}, typ="at+jwt")

    def _grant(self, grant: Grant) -> str:
        code = secrets.token_urlsafe(16)
        self.grants[code] = grant
        return code

    def answer(
        self, method: str, path: str, query: dict[str, str], body: dict[str, str], auth: str
    ) -> Answer:
        """What the provider answers."""
        self.fetched[path] = self.fetched.get(path, 0) + 1
        if self.away:
            return 503, "text/plain", "away"
        routes: dict[tuple[str, str], Callable[[], Answer]] = {
            ("GET", "/.well-known/openid-configuration"): self._discovery,
            ("GET", "/jwks"): lambda: _json({"keys": [key.public for key in self.keys]}),
            ("GET", "/authorize"): lambda: self._authorize(query),
            ("POST", "/authorize"): lambda: self._chosen(body),
            ("POST", "/token"): lambda: self._token(body, auth),
            ("GET", "/userinfo"): lambda: self._userinfo(auth),
            ("GET", "/logout"): lambda: self._sign_out(query),
        }
        route = routes.get((method, path))
        return route() if route else (404, "text/plain", "not here")

    def _discovery(self) -> Answer:
        return _json(
            {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/jwks",
                "userinfo_endpoint": f"{self.url}/userinfo",
                "end_session_endpoint": f"{self.url}/logout",
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    def _refusal(self, asked: dict[str, str]) -> Answer | None:
        if asked.get("client_id") != CLIENT_ID or asked.get("redirect_uri") not in self.redirect_uris:
            return 400, "text/plain", "unknown client or redirect_uri"
        proper = asked.get("response_type") == "code" and "openid" in asked.get("scope", "").split()
        if not proper or asked.get("code_challenge_method") != "S256" or len(asked["code_challenge"]) != 43:
            return self._back(asked, {"error": "invalid_request"})
        return None

    def _authorize(self, asked: dict[str, str]) -> Answer:
        self.prompts.append(asked.get("prompt", ""))
        if refused := self._refusal(asked):
            return refused
        hidden = "".join(f'<input type="hidden" name="{k}" value="{v}">' for k, v in asked.items())
        buttons = "".join(
            f'<button name="person" value="{sub}">{claims["name"]}</button>'
            for sub, claims in self.people.items()
        )
        deny = '<button name="person" value="">やめる</button>'
        form = f'<form method="post">{hidden}{buttons}{deny}</form>'
        return 200, "text/html; charset=utf-8", f'<!doctype html><html lang="ja"><title>IdP</title>{form}'

    def _chosen(self, asked: dict[str, str]) -> Answer:
        if refused := self._refusal(asked):
            return refused
        if not asked["person"]:
            return self._back(asked, {"error": "access_denied"})
        grant = Grant(asked["person"], asked["redirect_uri"], asked["code_challenge"], asked.get("nonce"))
        return self._back(asked, {"code": self._grant(grant)})

    def _back(self, asked: dict[str, str], given: dict[str, str]) -> Answer:
        query = urlencode(given | {"state": asked.get("state", "")})
        return 303, f"{asked['redirect_uri']}?{query}", ""

    def _token(self, body: dict[str, str], auth: str) -> Answer:
        expected = base64.b64encode(f"{CLIENT_ID}:{self.client_secret}".encode()).decode()
        if self.client_secret and auth != f"Basic {expected}":
            return _json({"error": "invalid_client"}, 401)
        grant = self.grants.pop(body.get("code", ""), None)  # used up, whatever comes next
        challenge = _part(hashlib.sha256(body.get("code_verifier", "").encode()).digest())
        if (
            grant is None
            or body.get("client_id") != CLIENT_ID
            or body.get("redirect_uri") != grant.redirect_uri
            or not hmac.compare_digest(challenge, grant.challenge)
        ):
            return _json({"error": "invalid_grant"}, 400)
        access = self.access_token(grant.sub)
        return _json(
            {"access_token": access, "token_type": "Bearer", "id_token": self._id_token(grant, access)}
        )

    def _id_token(self, grant: Grant, access: str) -> str:
        at = int(clock.now().timestamp())
        told = self.people[grant.sub] if self.email_in_token else {}
        half = hashlib.sha256(access.encode()).digest()[:16]
        claims = {
            "iss": self.url,
            "sub": grant.sub,
            "aud": CLIENT_ID,
            "iat": at,
            "exp": at + 600,
            "auth_time": at - self.auth_age,
            "at_hash": _part(half),
            **({"nonce": grant.nonce} if grant.nonce else {}),
            **told,
        }
        return self.forge(self, claims, access) if self.forge else self.keys[-1].sign(claims)

    def _userinfo(self, auth: str) -> Answer:
        sub = jwt.get_unverified_claims(auth.removeprefix("Bearer "))["sub"]
        return _json({"sub": sub} | self.people[sub])

    def _sign_out(self, query: dict[str, str]) -> Answer:
        back = query.get("post_logout_redirect_uri", "")
        if query.get("client_id") != CLIENT_ID or back not in self.sign_out_uris:
            return 400, "text/plain", "unknown"
        self.signed_out += 1
        return 303, back, ""


def unsigned(claims: Claims, kid: str) -> str:
    """A token that says it needs no signature."""
    head = json.dumps({"alg": "none", "typ": "JWT", "kid": kid}).encode()
    return f"{_part(head)}.{_part(json.dumps(claims).encode())}."


def hmac_signed(claims: Claims, kid: str, secret: bytes) -> str:
    """A token signed with a secret that everybody can read."""
    head = json.dumps({"alg": "HS256", "typ": "JWT", "kid": kid}).encode()
    body = f"{_part(head)}.{_part(json.dumps(claims).encode())}"
    return f"{body}.{_part(hmac.new(secret, body.encode(), hashlib.sha256).digest())}"


@contextmanager
def running(site_url: str) -> Iterator[IdentityProvider]:
    """The provider of one site, on a free port of this machine."""
    made: list[IdentityProvider] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            self._answer(_first(self.rfile.read(length).decode()))

        def _answer(self, body: dict[str, str]) -> None:
            parts = urlsplit(self.path)
            auth = self.headers.get("Authorization", "")
            status, kind, text = made[0].answer(self.command, parts.path, _first(parts.query), body, auth)
            self.send_response(status)
            self.send_header("Location" if status == 303 else "Content-Type", kind)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    url = f"http://127.0.0.1:{server.server_address[1]}"
    made.append(IdentityProvider(url, {f"{site_url}/auth/callback"}, {f"{site_url}/"}))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made[0]
    finally:
        server.shutdown()
        server.server_close()


def _first(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query, keep_blank_values=True).items()}


def _json(content: Any, status: int = 200) -> Answer:
    return status, "application/json", json.dumps(content)


@contextmanager
def configured(idp: IdentityProvider, **more: str) -> Iterator[None]:
    """This process's site knows the provider."""
    env = {"OIDC_ISSUER": idp.url, "OIDC_CLIENT_ID": CLIENT_ID, "OIDC_NAME": "会員ID", **more}
    with mock.patch.dict(os.environ, env):
        _forget()
        try:
            yield
        finally:
            _forget()


def _forget() -> None:
    get_settings.cache_clear()
    openid.cache_clear()
