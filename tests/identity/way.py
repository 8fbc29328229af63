"""The browser's way to the provider and back, step by step."""

import ssl
from functools import cache
from urllib.parse import parse_qsl, urlsplit

import httpx

from tests.identity.conftest import SITE
from tests.identity.provider import IdentityProvider

Query = dict[str, str]


@cache
def _trusted() -> ssl.SSLContext:
    # Read once: it takes longer than what is asked for.
    return httpx.create_ssl_context()


def hold(browser: httpx.AsyncClient, name: str, value: str) -> None:
    """Put a cookie where the site's own would lie."""
    browser.cookies.set(name, value, domain="localhost.local", path="/")


async def leave(browser: httpx.AsyncClient, query: str = "") -> Query:
    """What the browser brings to the provider."""
    answer = await browser.get(f"/auth/login{query}")
    assert answer.status_code == 303, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


async def choose(idp: IdentityProvider, asked: Query, person: str = "hanako") -> str:
    """Where the provider sends the browser once somebody pressed a button there."""
    async with httpx.AsyncClient(verify=_trusted()) as outside:
        answer = await outside.post(f"{idp.url}/authorize", data=asked | {"person": person})
    return answer.headers["location"].removeprefix(SITE)


async def round_trip(browser: httpx.AsyncClient, idp: IdentityProvider, query: str = "") -> httpx.Response:
    """There and back; the answer to the browser that comes home."""
    return await browser.get(await choose(idp, await leave(browser, query)))


def place(answer: httpx.Response) -> str:
    """Where a redirect leads."""
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]
