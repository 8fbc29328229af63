"""The local mailbox as /dev/mailbox shows it; in production there is none."""

from naraigoto.adapters.mail.local import Letter, LocalMailbox
from naraigoto.errors import NotFound
from naraigoto.settings import get_settings


async def letters() -> list[Letter]:
    """The newest letters first.

    Raises: NotFound in production.
    """
    return await _mailbox().letters()


async def letter(number: str) -> Letter:
    """One letter.

    Raises: NotFound when there is none of that number, and in production.
    """
    found = await _mailbox().letter(number)
    if found is None:
        raise NotFound
    return found


def _mailbox() -> LocalMailbox:
    settings = get_settings()
    if settings.production:
        raise NotFound
    return LocalMailbox(settings.data_dir / "mail", sender=settings.mail_from)
