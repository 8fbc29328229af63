"""The public keys of a provider: kept for an hour, asked for again when a token names an unknown one."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

from jose.constants import ALGORITHMS

from naraigoto.adapters.identity import Jwk
from naraigoto.errors import ProviderAway

KEPT_SECONDS: Final = 3600.0
# However many tokens name keys that do not exist, the provider is asked at most this often.
ASKED_EVERY_SECONDS: Final = 30.0
_KEYS_MAX: Final = 50


class Jwks:
    """Keys by id; `fetch` brings the provider's JWKS document."""

    def __init__(
        self, fetch: Callable[[], Awaitable[dict[str, Any]]], *, tick: Callable[[], float] = time.monotonic
    ) -> None:
        self._fetch, self._tick = fetch, tick
        self._keys: dict[str, Jwk] = {}
        self._asked_at = self._fetched_at = float("-inf")
        self._asking = asyncio.Lock()

    async def key(self, kid: str) -> Jwk | None:
        """The one key with this id, or None.

        Raises: ProviderAway when the provider cannot be asked and nothing is known of the key.
        """
        async with self._asking:
            at = self._tick()
            fresh = at - self._fetched_at < KEPT_SECONDS
            if (kid not in self._keys or not fresh) and at - self._asked_at >= ASKED_EVERY_SECONDS:
                self._asked_at = at
                await self._ask(kid, at)
            if kid not in self._keys and self._fetched_at < self._asked_at:
                raise ProviderAway(retry_after=int(ASKED_EVERY_SECONDS))
            return self._keys.get(kid)

    async def _ask(self, kid: str, at: float) -> None:
        try:
            document = await self._fetch()
        except ProviderAway:
            if kid not in self._keys:
                raise
            return  # the key was good an hour ago; the provider will be asked again soon
        self._keys, self._fetched_at = _usable(document), at


def _usable(document: dict[str, Any]) -> dict[str, Jwk]:
    keys = document.get("keys")
    found: dict[str, Jwk] = {}
    for key in keys[:_KEYS_MAX] if isinstance(keys, list) else ():
        if not isinstance(key, dict) or not isinstance(key.get("kid"), str) or key.get("kty") != "RSA":
            continue
        if key.get("use", "sig") == "sig" and key.get("alg", ALGORITHMS.RS256) == ALGORITHMS.RS256:
            # Only what a public RSA key is made of: nothing else of the document reaches the verifier.
            found[key["kid"]] = {name: key[name] for name in ("kty", "n", "e", "kid") if name in key}
    return found
