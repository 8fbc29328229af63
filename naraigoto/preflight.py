"""What keeps the site from running in production, found before it starts."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from naraigoto.adapters import mail, payments
from naraigoto.adapters.identity import provider
from naraigoto.texts import operations as texts

if TYPE_CHECKING:
    from naraigoto.settings import Settings


class CannotRun(Exception):
    """The site or a part of it cannot run; the message is one line that says what to do."""


def problems(settings: "Settings") -> list[str]:
    """One line for each setting that cannot work or sends real money astray; in production, each stand-in."""
    wrong = provider.mistake(settings)
    lines = [texts.WRONG_PROVIDER[wrong]] if wrong else []
    if _is_astray(settings):
        lines.append(texts.LIVE_KEY_ASTRAY)
    return lines + (_forbidden(settings) if settings.production else [])


def _forbidden(settings: "Settings") -> list[str]:
    found = {
        texts.NEEDS_DATABASE_URL: settings.database_url is None,
        texts.NEEDS_PUBLIC_URL: settings.public is None or not settings.public_url.startswith("https://"),
        texts.NEEDS_MAILER: not mail.can_send(settings),
        texts.NEEDS_CONTACT_EMAIL: settings.contact_email.endswith("@localhost"),
        texts.NEEDS_MAIL_FROM: settings.mail_from.endswith("@localhost>"),
        texts.NEEDS_STRIPE: not payments.can_pay(settings),
    }
    return [line for line, applies in found.items() if applies]


def _is_astray(settings: "Settings") -> bool:
    """A live key that would be sent to somebody who is not Stripe."""
    if not payments.has_live_key(settings) or settings.stripe_api_base is None:
        return False
    address = urlsplit(settings.stripe_api_base)
    return address.scheme != "https" or not (address.hostname or "").endswith(".stripe.com")
