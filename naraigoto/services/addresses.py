"""How people write names and addresses, and which addresses a mail can reach."""

import re
import unicodedata
from email.errors import MessageError
from email.headerregistry import Address

_LENGTH_MAX = 254
_DOMAIN = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]", re.IGNORECASE
)
_LOCAL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")


def tidy(value: str) -> str:
    """Full-width letters folded, spaces around gone; empty when it holds what no name or address holds."""
    folded = unicodedata.normalize("NFKC", value).strip()
    return folded if folded.isprintable() else ""


def tidy_name(value: str) -> str:
    """What people are called: folded like the rest, but what cannot be read falls out by itself.

    Emoji are joined by letters of that kind, and names are pasted with them.
    """
    return spaced(unicodedata.normalize("NFKC", value))


def spaced(written: str) -> str:
    """Words with one space between them, whatever stood there, and without what cannot be read."""
    return " ".join("".join(each for each in written if each.isprintable() or each.isspace()).split())


def readable(address: str) -> str:
    """The address as we keep it: folded and in small letters."""
    return tidy(address).lower()


def reachable(address: str) -> bool:
    """True when a mail could be sent there."""
    local, _, domain = address.rpartition("@")
    if len(address) > _LENGTH_MAX or not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        return False
    try:
        return Address(addr_spec=address).addr_spec == address
    except (ValueError, IndexError, MessageError):
        return False
