"""The one verifier of access tokens: what it takes, and everything it refuses."""

import base64
import hashlib
import hmac
import json
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives import serialization
from jose import jwt

from naraigoto.adapters.identity import TokenRefused, tokens
from naraigoto.adapters.identity.keys import LocalKeys, open_keys

ISSUER = "http://localhost:3000"
USER, SESSION = uuid4(), uuid4()
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> LocalKeys:
    return open_keys(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> LocalKeys:
    return open_keys(tmp_path_factory.mktemp("foreign"))


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


def signed(keys: LocalKeys, content: dict[str, Any], **header: Any) -> str:
    return jwt.encode(content, keys.pem, algorithm="RS256", headers={"kid": keys.kid} | header)


def part(content: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def hmac_signed(header: dict[str, Any], content: dict[str, Any], secret: bytes) -> str:
    body = f"{part(header)}.{part(content)}"
    digest = hmac.new(secret, body.encode(), hashlib.sha256).digest()
    return f"{body}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def verify(token: str, keys: LocalKeys, now: datetime) -> tokens.AccessClaims:
    return tokens.verify(token, keys, issuer=ISSUER, now=now)


def test_our_own_token_says_who_and_by_which_session(keys: LocalKeys, now: datetime):
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
    keys: LocalKeys, now: datetime, over: dict[str, Any]
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
def test_a_header_that_chooses_its_own_key_is_refused(keys: LocalKeys, now: datetime, header: dict[str, Any]):
    with pytest.raises(TokenRefused):
        verify(signed(keys, claims(now), **header), keys, now)


def test_another_key_under_our_key_id_is_refused(keys: LocalKeys, foreign: LocalKeys, now: datetime):
    with pytest.raises(TokenRefused):
        verify(signed(foreign, claims(now), kid=keys.kid), keys, now)
    with pytest.raises(TokenRefused):
        verify(signed(foreign, claims(now)), keys, now)


def test_no_signature_is_refused(keys: LocalKeys, now: datetime):
    for algorithm in ("none", "None", "NONE"):
        head = part({"alg": algorithm, "typ": "JWT", "kid": keys.kid})
        with pytest.raises(TokenRefused):
            verify(f"{head}.{part(claims(now))}.", keys, now)


def test_the_public_key_is_no_shared_secret(keys: LocalKeys, now: datetime):
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


def test_a_changed_token_is_refused(keys: LocalKeys, now: datetime):
    head, _, signature = signed(keys, claims(now)).split(".")
    with pytest.raises(TokenRefused):
        verify(f"{head}.{part(claims(now, sub=str(uuid4())))}.{signature}", keys, now)


@pytest.mark.parametrize(
    "token", ["", "a", "a.b", "a.b.c", "a.b.c.d.e", "..", "é.b.c", "\ud800.b.c", "x" * 5000, "W10.W10.W10"]
)
def test_what_is_no_token_is_refused(keys: LocalKeys, now: datetime, token: str):
    with pytest.raises(TokenRefused):
        verify(token, keys, now)


def test_the_key_stays_the_same_and_is_private(tmp_path: Path):
    first = open_keys(tmp_path / "keys")
    assert open_keys(tmp_path / "keys").kid == first.kid
    (file,) = (tmp_path / "keys").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "d" not in first.public
    assert first.key(first.kid) == first.public
    assert first.key("other") is None


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path):
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda _: open_keys(tmp_path / "keys").kid, range(6)))
    assert len(set(found)) == 1
    assert len(list((tmp_path / "keys").iterdir())) == 1


def test_ids_survive_the_round_trip(keys: LocalKeys, now: datetime):
    said = jwt.get_unverified_claims(signed(keys, claims(now)))
    assert UUID(said["sub"]) == USER
