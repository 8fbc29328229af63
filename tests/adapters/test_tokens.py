"""The one verifier of access tokens: what it takes, and everything it refuses."""

import base64
import hashlib
import hmac
import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives import serialization
from jose import jwt

from naraigoto.adapters.identity import Jwk, TokenRefused, tokens
from naraigoto.adapters.identity.keys import KeyRing, SigningKey, open_keys

ISSUER = "http://localhost:3000"
USER, SESSION = uuid4(), uuid4()
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def ring(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    return open_keys(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def keys(ring: KeyRing) -> SigningKey:
    return ring.keys[0]


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> SigningKey:
    return open_keys(tmp_path_factory.mktemp("foreign")).keys[0]


def claims(now: datetime, **over: Any) -> dict[str, Any]:
    at = int(now.timestamp())
    values = {
        "iss": ISSUER,
        "sub": str(USER),
        "sid": str(SESSION),
        "client_id": tokens.CLIENT_ID,
        "token_use": "access",
        "iat": at,
        "exp": at + 3600,
    } | over
    return {name: value for name, value in values.items() if value is not None}


def signed(keys: SigningKey, content: dict[str, Any], **header: Any) -> str:
    return jwt.encode(content, keys.pem, algorithm="RS256", headers={"kid": keys.kid} | header)


def part(content: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def hmac_signed(header: dict[str, Any], content: dict[str, Any], secret: bytes) -> str:
    body = f"{part(header)}.{part(content)}"
    digest = hmac.new(secret, body.encode(), hashlib.sha256).digest()
    return f"{body}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


class Only:
    """A source of one key."""

    def __init__(self, key: SigningKey) -> None:
        self.only = key

    def key(self, kid: str, now: datetime) -> Jwk | None:
        """The key, when its id is meant."""
        return self.only.public if kid == self.only.kid else None


def verify(token: str, keys: SigningKey, now: datetime) -> tokens.AccessClaims:
    return tokens.verify(token, Only(keys), issuer=ISSUER, now=now)


def test_our_own_token_says_who_and_by_which_session(keys: SigningKey, now: datetime):
    token = tokens.issue(keys, issuer=ISSUER, user_id=USER, session_id=SESSION, lifetime=HOUR, now=now)
    assert verify(token, keys, now) == tokens.AccessClaims(USER, SESSION)
    assert verify(token, keys, now + HOUR + timedelta(seconds=29)).user_id == USER
    with pytest.raises(TokenRefused):
        verify(token, keys, now + HOUR + timedelta(seconds=30))


@pytest.mark.parametrize(
    "over",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"iss": [ISSUER]},
        {"exp": None},
        {"exp": "9999999999"},
        {"exp": True},
        {"exp": 9e99},
        {"iat": None},
        {"iat": 4_000_000_000, "exp": 4_000_003_600},
        {"nbf": 4_000_000_000},
        {"nbf": "soon"},
        {"sub": None},
        {"sub": "not-a-uuid"},
        {"sid": None},
        {"sid": 7},
        {"token_use": "id"},
        {"token_use": None},
        {"client_id": "another"},
        {"client_id": None},
    ],
    ids=str,
)
def test_a_well_signed_token_with_wrong_claims_is_refused(
    keys: SigningKey, now: datetime, over: dict[str, Any]
):
    with pytest.raises(TokenRefused):
        verify(signed(keys, claims(now, **over)), keys, now)


@pytest.mark.parametrize(
    "header",
    [
        {"kid": "unknown"},
        {"kid": None},
        {"kid": 7},
        {"kid": ["a"]},
        {"jku": "https://evil.example/jwks.json"},
        {"jwk": {"kty": "RSA"}},
        {"x5u": "https://evil.example/cert"},
        {"crit": ["exp"]},
    ],
    ids=str,
)
def test_a_header_that_chooses_its_own_key_is_refused(
    keys: SigningKey, now: datetime, header: dict[str, Any]
):
    with pytest.raises(TokenRefused):
        verify(signed(keys, claims(now), **header), keys, now)


def test_another_key_under_our_key_id_is_refused(keys: SigningKey, foreign: SigningKey, now: datetime):
    with pytest.raises(TokenRefused):
        verify(signed(foreign, claims(now), kid=keys.kid), keys, now)
    with pytest.raises(TokenRefused):
        verify(signed(foreign, claims(now)), keys, now)


def test_no_signature_is_refused(keys: SigningKey, now: datetime):
    for algorithm in ("none", "None", "NONE"):
        head = part({"alg": algorithm, "typ": "JWT", "kid": keys.kid})
        with pytest.raises(TokenRefused):
            verify(f"{head}.{part(claims(now))}.", keys, now)


def test_the_public_key_is_no_shared_secret(keys: SigningKey, now: datetime):
    private = serialization.load_pem_private_key(keys.pem.encode(), password=None)
    formats = serialization.PublicFormat.SubjectPublicKeyInfo
    secrets = [
        private.public_key().public_bytes(encoding, formats)
        for encoding in (serialization.Encoding.PEM, serialization.Encoding.DER)
    ]
    for secret in [*secrets, json.dumps(keys.public).encode()]:
        token = hmac_signed({"alg": "HS256", "typ": "JWT", "kid": keys.kid}, claims(now), secret)
        with pytest.raises(TokenRefused):
            verify(token, keys, now)
        lying = hmac_signed({"alg": "RS256", "typ": "JWT", "kid": keys.kid}, claims(now), secret)
        with pytest.raises(TokenRefused):
            verify(lying, keys, now)


def test_a_changed_token_is_refused(keys: SigningKey, now: datetime):
    head, _, signature = signed(keys, claims(now)).split(".")
    with pytest.raises(TokenRefused):
        verify(f"{head}.{part(claims(now, sub=str(uuid4())))}.{signature}", keys, now)


@pytest.mark.parametrize(
    "token", ["", "a", "a.b", "a.b.c", "a.b.c.d.e", "..", "é.b.c", "\ud800.b.c", "x" * 9000, "W10.W10.W10"]
)
def test_what_is_no_token_is_refused(keys: SigningKey, now: datetime, token: str):
    with pytest.raises(TokenRefused):
        verify(token, keys, now)


def test_ids_survive_the_round_trip(keys: SigningKey, now: datetime):
    said = jwt.get_unverified_claims(signed(keys, claims(now)))
    assert UUID(said["sub"]) == USER
