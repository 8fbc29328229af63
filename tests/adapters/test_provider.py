"""Which provider the settings name, and what Cognito's own tokens look like (moto)."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import moto.cognitoidp
import pytest
from moto import mock_aws
from pydantic import SecretStr

from naraigoto import clock
from naraigoto.adapters.identity import TokenRefused, claims, provider, tokens
from naraigoto.preflight import problems
from naraigoto.settings import Settings
from naraigoto.texts import operations as texts

REGION = "ap-northeast-1"
COGNITO: dict[str, Any] = {
    "cognito_user_pool_id": f"{REGION}_pool",
    "cognito_client_id": "client",
    "cognito_domain": "naraigoto",
    "aws_region": REGION,
}
OIDC: dict[str, Any] = {"oidc_issuer": "https://id.example.com", "oidc_client_id": "site"}


def settings(**given: Any) -> Settings:
    return Settings(_env_file=None, **given)  # pyright: ignore[reportCallIssue]


def test_without_settings_people_sign_in_here():
    assert provider.from_settings(settings()) is None
    assert provider.mistake(settings(aws_region=REGION)) is None


def test_any_openid_provider_is_named_by_its_issuer():
    found = provider.from_settings(settings(**OIDC, oidc_client_secret=SecretStr("s"), oidc_name="会員ID"))
    assert found == provider.Provider("oidc", "https://id.example.com", "site", "s", "会員ID", None)


@pytest.mark.parametrize(
    "domain",
    [
        "naraigoto",
        f"naraigoto.auth.{REGION}.amazoncognito.com",
        f"https://naraigoto.auth.{REGION}.amazoncognito.com/",
    ],
)
def test_cognitos_pages_lie_elsewhere_than_its_issuer(domain: str):
    found = provider.from_settings(settings(**(COGNITO | {"cognito_domain": domain})))
    assert found is not None
    assert found.endpoints is not None
    hosted = f"https://naraigoto.auth.{REGION}.amazoncognito.com"
    assert found.issuer == f"https://cognito-idp.{REGION}.amazonaws.com/{REGION}_pool"
    assert found.endpoints.authorize == f"{hosted}/oauth2/authorize"
    assert found.endpoints.token == f"{hosted}/oauth2/token"
    assert found.endpoints.sign_out == f"{hosted}/logout"
    assert found.endpoints.jwks == f"{found.issuer}/.well-known/jwks.json"


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        (OIDC | COGNITO, "two_providers"),
        ({"oidc_issuer": "https://id.example.com"}, "oidc_incomplete"),
        ({"oidc_client_id": "site"}, "oidc_incomplete"),
        ({"cognito_user_pool_id": "pool"}, "cognito_incomplete"),
        (COGNITO | {"aws_region": None}, "cognito_incomplete"),
        (OIDC | {"oidc_issuer": "http://id.example.com"}, "not_https"),
        (OIDC | {"oidc_issuer": "http://["}, "not_https"),
        (OIDC | {"oidc_issuer": "id.example.com"}, "not_https"),
        (OIDC | {"oidc_issuer": "http://localhost:9000", "env": "production"}, "not_https"),
        (COGNITO | {"cognito_domain": "http://hosted.example.com"}, "not_https"),
    ],
)  # fmt: skip
def test_half_settings_stop_the_start_with_one_clear_line(given: dict[str, Any], wrong: provider.Mistake):
    assert provider.mistake(settings(**given)) == wrong
    assert provider.from_settings(settings(**given)) is None
    assert texts.WRONG_PROVIDER[wrong] in problems(settings(**given))


def test_on_ones_own_machine_plain_http_will_do():
    given = settings(**(OIDC | {"oidc_issuer": "http://localhost:9000"}))
    assert problems(given) == []


@pytest.fixture(scope="module")
def cognito() -> Iterator[tuple[dict[str, str], provider.Provider]]:
    """Tokens of somebody in the group school_owner, and the pool that made them."""
    with mock_aws():
        client = boto3.client(
            "cognito-idp", region_name=REGION, aws_access_key_id="x", aws_secret_access_key="x"
        )
        pool = client.create_user_pool(PoolName="p", AutoVerifiedAttributes=["email"])["UserPool"]["Id"]
        app = client.create_user_pool_client(
            UserPoolId=pool,
            ClientName="c",
            ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"],
            ReadAttributes=["email", "email_verified", "name"],
        )["UserPoolClient"]["ClientId"]
        client.create_group(UserPoolId=pool, GroupName="school_owner")
        told = [
            {"Name": "email", "Value": "ito@example.com"},
            {"Name": "email_verified", "Value": "true"},
            {"Name": "name", "Value": "伊藤"},
        ]
        client.admin_create_user(UserPoolId=pool, Username="ito", UserAttributes=told)
        client.admin_set_user_password(
            UserPoolId=pool, Username="ito", Password="Correct-horse-1", Permanent=True
        )
        client.admin_add_user_to_group(UserPoolId=pool, Username="ito", GroupName="school_owner")
        given = client.initiate_auth(
            ClientId=app,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": "ito", "PASSWORD": "Correct-horse-1"},
        )["AuthenticationResult"]
        named = settings(**(COGNITO | {"cognito_user_pool_id": pool, "cognito_client_id": app}))
        found = provider.from_settings(named)
        assert found is not None
        yield {"id": given["IdToken"], "access": given["AccessToken"]}, found


def said(token: str, pool: provider.Provider) -> dict[str, Any]:
    """Claims verified with the public key that moto signs with."""
    file = Path(moto.cognitoidp.__path__[0]) / "resources" / "jwks-public.json.gz"
    (key,) = json.loads(gzip.decompress(file.read_bytes()))["keys"]
    assert tokens.key_id(token) == key["kid"]
    return tokens.signed_claims(token, key, issuer=pool.issuer, now=clock.machine())


Tokens = tuple[dict[str, str], provider.Provider]


def test_cognitos_id_token_tells_the_person_and_the_groups(cognito: Tokens):
    given, pool = cognito
    found = said(given["id"], pool)
    claims.refuse_foreign_id_token(found, pool, None)
    person = claims.person(found, pool)
    assert (person.email, person.email_verified) == ("ito@example.com", True)
    assert person.groups == {"school_owner"}
    assert person.signed_in_at is not None


def test_cognitos_access_token_has_no_audience_and_is_known_by_its_client(cognito: Tokens):
    given, pool = cognito
    found = said(given["access"], pool)
    assert "aud" not in found
    claims.refuse_foreign_access_token(found, pool)
    for over in ({"client_id": "another"}, {"client_id": None}, {"token_use": "id"}, {"token_use": None}):
        with pytest.raises(TokenRefused):
            claims.refuse_foreign_access_token(found | over, pool)


def test_cognitos_two_tokens_are_never_taken_for_each_other(cognito: Tokens):
    given, pool = cognito
    with pytest.raises(TokenRefused):
        claims.refuse_foreign_access_token(said(given["id"], pool), pool)
    with pytest.raises(TokenRefused):
        claims.refuse_foreign_id_token(said(given["access"], pool), pool, None)
    with pytest.raises(TokenRefused):
        claims.refuse_foreign_id_token(said(given["id"], pool) | {"aud": "another"}, pool, None)
