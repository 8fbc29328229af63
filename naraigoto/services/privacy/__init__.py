"""One's own data: taking it home, closing the account, being forgotten (D17)."""

from naraigoto.services.privacy.exporting import Taker, freeze, parts, rows, start

__all__ = ["Taker", "freeze", "parts", "rows", "start"]
