"""Practice money and real money never meet."""

from naraigoto.adapters.payments import has_live_key
from naraigoto.preflight import CannotRun
from naraigoto.settings import Settings
from naraigoto.texts import operations as texts


def refuse_real_money(settings: Settings) -> None:
    """The sandbox runs neither in production nor beside a live key.

    Raises: CannotRun.
    """
    if settings.production:
        raise CannotRun(texts.NOT_IN_PRODUCTION)
    if has_live_key(settings):
        raise CannotRun(texts.SANDBOX_BESIDE_LIVE_KEY)
