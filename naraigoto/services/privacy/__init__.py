"""One's own data: taking it home, closing the account, being forgotten (D17)."""

from naraigoto.services.privacy.closing import close, reopen
from naraigoto.services.privacy.erasing import due, erase, erase_decided
from naraigoto.services.privacy.exporting import Taker, freeze, parts, rows, start
from naraigoto.services.privacy.outlook import Outlook, outlook

__all__ = [
    "Outlook",
    "Taker",
    "close",
    "due",
    "erase",
    "erase_decided",
    "freeze",
    "outlook",
    "parts",
    "reopen",
    "rows",
    "start",
]
