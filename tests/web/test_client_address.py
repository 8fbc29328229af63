"""Where a caller comes from, behind proxies and without: the API and the websocket agree."""

import os
import runpy
from collections.abc import Iterator
from unittest import mock

import pytest
import reflex as rx
from reflex import app as reflex_app
from starlette.requests import Request

from naraigoto.naraigoto import app
from naraigoto.settings import PROJECT, get_settings
from naraigoto.state.session import caller_address
from naraigoto.web.client_address import client_address

PROXY = "10.0.0.7"


@pytest.fixture(params=[0, 1])
def hops(request: pytest.FixtureRequest) -> Iterator[int]:
    """So many proxies of ours stand in front, and Reflex is configured anew for them."""
    with mock.patch.dict(os.environ, {"TRUSTED_PROXY_HOPS": str(request.param)}):
        get_settings.cache_clear()
        config = runpy.run_path(str(PROJECT / "rxconfig.py"))["config"]
        with mock.patch.object(reflex_app, "get_config", return_value=config):
            yield request.param
    get_settings.cache_clear()


def scope(*forwarded: str, peer: str = PROXY) -> dict[str, object]:
    """A request from a peer, with one header line for each of `forwarded`."""
    lines = [(b"x-forwarded-for", line.encode()) for line in forwarded]
    return {"type": "http", "client": (peer, 1234), "headers": lines}


def by_socket(*forwarded: str, peer: str = PROXY) -> str:
    """The address of a caller for the state of a tab whose handshake looked so."""
    assert app.event_namespace is not None
    told = app.event_namespace._build_static_router_data("s", {"asgi.scope": scope(*forwarded, peer=peer)})
    root = rx.State(_reflex_internal_init=True)  # pyright: ignore[reportCallIssue]
    root.router_data = told | {"pathname": "/", "asPath": "/", "token": "t"}
    root._update_router_vars(root.router_data, {})
    return caller_address(root)


@pytest.mark.parametrize(
    ("forwarded", "behind_one"),
    [
        ((), PROXY),
        (("203.0.113.9",), "203.0.113.9"),
        (("1.1.1.1, 203.0.113.9",), "203.0.113.9"),
        (("1.1.1.1", "203.0.113.9"), "203.0.113.9"),
        (("2001:db8:1:2:3:4:5:6",), "2001:db8:1:2::/64"),
        (("::ffff:203.0.113.9",), "203.0.113.9"),
        (("nonsense",), "unknown"),
    ],
)
def test_proxies_in_front_are_believed_only_when_they_are_ours(
    hops: int, forwarded: tuple[str, ...], behind_one: str
) -> None:
    expected = behind_one if hops else PROXY
    assert client_address(Request(scope(*forwarded))) == expected
    assert by_socket(*forwarded) == expected


def test_one_household_is_one_caller_on_both_ways(hops: int) -> None:
    for peer in ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9"):
        assert client_address(Request(scope(peer=peer))) == by_socket(peer=peer) == "2001:db8:1:2::/64"
