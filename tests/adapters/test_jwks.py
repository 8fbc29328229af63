"""A provider's public keys: how long they are believed, and how seldom it is asked."""

from typing import Any

import pytest

from naraigoto.adapters.identity.jwks import ASKED_EVERY_SECONDS, KEPT_SECONDS, Jwks
from naraigoto.errors import ProviderAway


class Hour:
    """A clock that is set by hand, and the keys of a provider that counts the questions."""

    def __init__(self) -> None:
        self.at, self.asked, self.kids, self.away = 0.0, 0, ["a"], False
        self.jwks = Jwks(self.fetch, tick=lambda: self.at)

    async def fetch(self) -> dict[str, Any]:
        """The document."""
        self.asked += 1
        if self.away:
            raise ProviderAway(retry_after=1)
        return {"keys": [{"kty": "RSA", "kid": kid, "n": "AQAB", "e": "AQAB"} for kid in self.kids]}


async def test_a_new_key_of_the_provider_is_found_after_the_wait():
    hour = Hour()
    assert await hour.jwks.key("a")
    hour.kids = ["a", "b"]
    assert await hour.jwks.key("b") is None
    hour.at = ASKED_EVERY_SECONDS
    assert await hour.jwks.key("b")
    assert await hour.jwks.key("a")
    assert hour.asked == 2


async def test_keys_are_asked_for_again_after_an_hour_and_withdrawn_ones_go():
    hour = Hour()
    await hour.jwks.key("a")
    hour.at, hour.kids = KEPT_SECONDS - 1, ["b"]
    assert await hour.jwks.key("a")
    hour.at = KEPT_SECONDS
    assert await hour.jwks.key("a") is None


async def test_a_key_outlives_an_absence_of_the_provider_and_an_unknown_one_waits_for_it():
    hour = Hour()
    await hour.jwks.key("a")
    hour.at, hour.away = KEPT_SECONDS, True
    assert await hour.jwks.key("a")
    with pytest.raises(ProviderAway):
        await hour.jwks.key("b")
    assert hour.asked == 2


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"keys": None},
        {"keys": [1, {"kid": 7, "kty": "RSA"}, {"kty": "RSA"}]},
        {"keys": [{"kid": "a", "kty": "oct", "k": "c2VjcmV0"}]},
        {"keys": [{"kid": "a", "kty": "RSA", "n": "AQAB", "e": "AQAB", "use": "enc"}]},
        {"keys": [{"kid": "a", "kty": "RSA", "n": "AQAB", "e": "AQAB", "alg": "HS256"}]},
    ],
    ids=str,
)
async def test_what_is_no_signing_key_is_left_out(document: dict[str, Any]):
    async def fetch() -> dict[str, Any]:
        return document

    assert await Jwks(fetch).key("a") is None
