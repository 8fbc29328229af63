"""From which address a request came; behind proxies of ours, what the outermost of them saw."""

import ipaddress

from starlette.requests import HTTPConnection

from naraigoto.settings import get_settings

_NOBODY = "unknown"


def client_address(request: HTTPConnection) -> str:
    """The address of the caller; of IPv6 the network, which one household holds whole."""
    peer = request.client.host if request.client else _NOBODY
    hops = get_settings().trusted_proxy_hops
    told = ",".join(request.headers.getlist("x-forwarded-for"))  # some proxies add a line of their own
    forwarded = [part.strip() for part in told.split(",") if part.strip()]
    return network(forwarded[-hops] if 0 < hops <= len(forwarded) else peer)


def network(address: str) -> str:
    """What one household holds: an IPv4 address, or of IPv6 the whole /64."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return _NOBODY
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(parsed.ipv4_mapped or ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
