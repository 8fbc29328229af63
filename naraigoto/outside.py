"""What this process speaks to outside: made from the settings on first use, after the workers have forked."""

from naraigoto.adapters.payments import Payments, make_payments
from naraigoto.settings import get_settings

_payments: Payments | None = None


def payments() -> Payments:
    """Stripe, or the sandbox that stands in for it.

    Raises: PaymentsNotConfigured.
    """
    global _payments
    if _payments is None:
        _payments = make_payments(get_settings())
    return _payments


def speak_to(stand_in: Payments | None) -> None:
    """Speak to this one from now on; to the one of the settings again with None."""
    global _payments
    _payments = stand_in
