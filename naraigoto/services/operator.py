"""Who runs the site, as far as everybody may know."""

from naraigoto.settings import get_settings


def contact() -> str:
    """The address that questions and claims go to."""
    return get_settings().contact_email
