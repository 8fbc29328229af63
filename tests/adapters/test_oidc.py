"""Speaking with an OpenID provider: what is taken from it, and everything that is refused."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from naraigoto import clock
from naraigoto.adapters.identity import TokenRefused
from naraigoto.adapters.identity.oidc import Exchanged, OpenId
from naraigoto.adapters.identity.provider import Provider
from naraigoto.errors import ProviderAway
from tests.identity import provider as identity_provider
from tests.identity.provider import CLIENT_ID, Claims, IdentityProvider, Key, hmac_signed, unsigned

SITE = "http://localhost:3000"
BACK = f"{SITE}/auth/callback"
VERIFIER = "v" * 50
HANAKO = {"email": "hanako@example.com", "email_verified": True, "name": "山田 花子"}


@pytest.fixture(scope="module")
def _idp() -> Iterator[IdentityProvider]:
    with identity_provider.running(SITE) as idp:
        yield idp


@pytest.fixture
def idp(_idp: IdentityProvider) -> Iterator[IdentityProvider]:
    _idp.people = {"hanako": dict(HANAKO)}
    yield _idp
    _idp.forge, _idp.away, _idp.email_in_token, _idp.client_secret = None, False, True, ""
    _idp.fetched.clear()


def speaker(idp: IdentityProvider, secret: str = "") -> OpenId:
    return OpenId(Provider("oidc", idp.url, CLIENT_ID, secret, "", None), production=False)


@pytest.fixture
def openid(idp: IdentityProvider) -> OpenId:
    return speaker(idp)


def code(idp: IdentityProvider, **over: Any) -> str:
    asked: dict[str, Any] = {"redirect_uri": BACK, "verifier": VERIFIER, "nonce": "n1"}
    return idp.code("hanako", **(asked | over))


async def exchanged(openid: OpenId, given: str, **over: Any) -> Exchanged:
    return await openid.exchange(**({"code": given, "verifier": VERIFIER, "redirect_uri": BACK} | over))


async def test_a_code_becomes_a_person(idp: IdentityProvider, openid: OpenId):
    person = await openid.person(await exchanged(openid, code(idp)), nonce="n1", now=clock.now())
    assert (person.issuer, person.subject) == (idp.url, "hanako")
    assert (person.email, person.email_verified, person.name) == ("hanako@example.com", True, "山田 花子")


async def test_the_way_to_the_provider_carries_state_nonce_and_a_hashed_verifier(openid: OpenId):
    url = await openid.authorize_url(redirect_uri=BACK, state="s", nonce="n", challenge="c" * 43, fresh=False)
    query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    assert query == {
        "response_type": "code",
        "client_id": CLIENT_ID,
        "redirect_uri": BACK,
        "scope": "openid email profile",
        "state": "s",
        "nonce": "n",
        "code_challenge": "c" * 43,
        "code_challenge_method": "S256",
    }
    fresh = await openid.authorize_url(
        redirect_uri=BACK, state="s", nonce="n", challenge="c" * 43, fresh=True
    )
    assert "prompt=login&max_age=0" in fresh


async def test_a_secret_is_sent_by_basic_authentication(idp: IdentityProvider):
    idp.client_secret = "s3cret"
    assert await exchanged(speaker(idp, "s3cret"), code(idp))
    with pytest.raises(TokenRefused, match="invalid_client"):
        await exchanged(speaker(idp, "wrong"), code(idp))


async def test_an_address_that_is_missing_in_the_token_is_asked_for(idp: IdentityProvider, openid: OpenId):
    idp.email_in_token = False
    person = await openid.person(await exchanged(openid, code(idp)), nonce="n1", now=clock.now())
    assert (person.email, person.email_verified) == ("hanako@example.com", True)


@pytest.mark.parametrize(
    "over", [{"verifier": "w" * 50}, {"redirect_uri": "https://evil.example/"}, {"code": "unknown"}], ids=str
)
async def test_a_wrong_verifier_address_or_code_is_refused_and_burns_the_code(
    idp: IdentityProvider, openid: OpenId, over: dict[str, str]
):
    given = code(idp)
    with pytest.raises(TokenRefused, match="invalid_grant"):
        await exchanged(openid, given, **over)
    if "code" not in over:
        with pytest.raises(TokenRefused):
            await exchanged(openid, given)


async def test_a_code_works_once(idp: IdentityProvider, openid: OpenId):
    given = code(idp)
    await exchanged(openid, given)
    with pytest.raises(TokenRefused, match="invalid_grant"):
        await exchanged(openid, given)


async def test_a_plain_challenge_opens_nothing(idp: IdentityProvider, openid: OpenId):
    with pytest.raises(TokenRefused):
        await exchanged(openid, code(idp, plain=True))


def bent(**over: Any) -> Callable[[IdentityProvider, Claims, str], str]:
    def forge(idp: IdentityProvider, claims: Claims, _access: str) -> str:
        return idp.keys[-1].sign({k: v for k, v in (claims | over).items() if v is not None})

    return forge


FOREIGN = Key("foreign")
FORGERIES: dict[str, Callable[[IdentityProvider, Claims, str], str]] = {
    "another nonce": bent(nonce="other"),
    "no nonce": bent(nonce=None),
    "another issuer": bent(iss="https://evil.example"),
    "no issuer": bent(iss=None),
    "another audience": bent(aud="another-site"),
    "no audience": bent(aud=None),
    "two audiences without azp": bent(aud=[CLIENT_ID, "another-site"]),
    "another azp": bent(azp="another-site"),
    "expired": bent(exp=1_000_000_000),
    "no exp": bent(exp=None),
    "no iat": bent(iat=None),
    "issued in the future": bent(iat=4_000_000_000, exp=4_000_000_600),
    "another access token": bent(at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
    "no subject": bent(sub=None),
    "a subject of another kind": bent(sub=7),
    "an access token": bent(token_use="access"),
    "alg none": lambda idp, claims, _: unsigned(claims, idp.keys[-1].kid),
    "HS256 with the public key": lambda idp, claims, _: hmac_signed(
        claims, idp.keys[-1].kid, idp.keys[-1].der
    ),
    "an unknown key": lambda _idp, claims, _: FOREIGN.sign(claims),
    "another key under a known id": lambda idp, claims, _: FOREIGN.sign(claims, kid=idp.keys[-1].kid),
    "no token at all": lambda *_: "x",
}


@pytest.mark.parametrize("forgery", FORGERIES)
async def test_a_forged_id_token_is_refused(idp: IdentityProvider, openid: OpenId, forgery: str):
    idp.forge = FORGERIES[forgery]
    given = await exchanged(openid, code(idp))
    with pytest.raises(TokenRefused):
        await openid.person(given, nonce="n1", now=clock.now())


async def test_userinfo_of_somebody_else_is_refused(idp: IdentityProvider, openid: OpenId):
    idp.people["taro"] = dict(HANAKO)
    idp.email_in_token = False
    idp.forge = bent(sub="taro", at_hash=None)
    given = await exchanged(openid, code(idp))
    with pytest.raises(TokenRefused, match="somebody else"):
        await openid.person(given, nonce="n1", now=clock.now())


async def test_access_tokens_for_us_are_known_and_others_are_not(idp: IdentityProvider, openid: OpenId):
    assert await openid.subject_of(idp.access_token("hanako"), now=clock.now()) == "hanako"
    assert (
        await openid.subject_of(idp.access_token("hanako", aud="api", azp=CLIENT_ID), now=clock.now())
        == "hanako"
    )
    refused = [
        idp.access_token("hanako", aud="another-site"),
        idp.access_token("hanako", nonce="n"),
        idp.access_token("hanako", at_hash="x"),
        idp.access_token("hanako", token_use="id"),
        idp.access_token("hanako", exp=1_000_000_000),
        idp.access_token("hanako", iss="https://evil.example"),
        (await exchanged(openid, code(idp))).id_token,
    ]
    for token in refused:
        with pytest.raises(TokenRefused):
            await openid.subject_of(token, now=clock.now())


async def test_a_provider_that_is_away_is_told_apart_from_a_refusal(idp: IdentityProvider):
    idp.away = True
    with pytest.raises(ProviderAway):
        await speaker(idp).authorize_url(redirect_uri=BACK, state="s", nonce="n", challenge="c", fresh=False)
    assert await speaker(idp).sign_out_url(SITE) is None
    nowhere = OpenId(Provider("oidc", "http://127.0.0.1:9", CLIENT_ID, "", "", None), production=False)
    with pytest.raises(ProviderAway):
        await nowhere.exchange(code="c", verifier=VERIFIER, redirect_uri=BACK)


async def test_what_was_discovered_outlives_a_short_absence(idp: IdentityProvider, openid: OpenId):
    await exchanged(openid, code(idp))
    idp.away = True
    assert await openid.sign_out_url(f"{SITE}/")


async def test_a_discovery_of_another_issuer_is_not_believed(idp: IdentityProvider):
    other = idp.url.replace("127.0.0.1", "localhost")
    openid = OpenId(Provider("oidc", other, CLIENT_ID, "", "", None), production=False)
    with pytest.raises(ProviderAway):
        await openid.exchange(code="c", verifier=VERIFIER, redirect_uri=BACK)


async def test_production_speaks_with_nobody_over_plain_http(idp: IdentityProvider):
    openid = OpenId(Provider("oidc", idp.url, CLIENT_ID, "", "", None), production=True)
    with pytest.raises(ProviderAway):
        await openid.exchange(code="c", verifier=VERIFIER, redirect_uri=BACK)


async def test_signing_out_leads_through_the_provider(idp: IdentityProvider, openid: OpenId):
    url = await openid.sign_out_url(f"{SITE}/") or ""
    assert url.startswith(f"{idp.url}/logout?")
    assert parse_qs(urlsplit(url).query) == {
        "client_id": [CLIENT_ID],
        "post_logout_redirect_uri": [f"{SITE}/"],
    }


async def test_unknown_keys_cost_at_most_one_question_in_30_seconds(idp: IdentityProvider, openid: OpenId):
    idp.forge = FORGERIES["an unknown key"]
    for _ in range(5):
        given = await exchanged(openid, code(idp))
        with pytest.raises(TokenRefused, match="unknown key"):
            await openid.person(given, nonce="n1", now=clock.now())
    assert idp.fetched["/jwks"] == 1
