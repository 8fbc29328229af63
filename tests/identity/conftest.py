"""A site that signs its grown-ups in through the provider of the tests."""

from collections.abc import Iterator

import httpx
import pytest

from tests.identity import provider
from tests.identity.provider import IdentityProvider

SITE = "http://localhost:3000"
HANAKO = {"email": "hanako@example.com", "email_verified": True, "name": "山田 花子"}


@pytest.fixture(scope="package")
def _idp() -> Iterator[IdentityProvider]:
    with provider.running(SITE) as idp:
        yield idp


@pytest.fixture
def idp(_idp: IdentityProvider) -> Iterator[IdentityProvider]:
    """The provider, which knows 花子; the site knows the provider."""
    _idp.people = {"hanako": dict(HANAKO)}
    with provider.configured(_idp):
        yield _idp
    _idp.forge, _idp.away, _idp.auth_age, _idp.signed_out = None, False, 0, 0


@pytest.fixture
async def browser(idp: IdentityProvider, client: httpx.AsyncClient) -> httpx.AsyncClient:
    """Keeps cookies and follows no redirect by itself."""
    client.headers.pop("Origin")
    return client
