"""Mail: one Protocol, its implementations, and the choice between them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Protocol

from naraigoto.settings import Settings


class MailRejected(Exception):
    """This mail can never be delivered; the text names no person."""


class MailUnavailable(Exception):
    """Not now; the same mail may be sent later. The text names no person."""


class MailNotConfigured(Exception):
    """Production has no way to send mail."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One rendered mail to one person. The same `message_id` is the same mail, however often it is sent."""

    to: str
    subject: str
    text: str
    html: str
    message_id: str
    at: datetime
    headers: Mapping[str, str] = field(default_factory=dict)
    calendar: bytes | None = None  # an iCalendar entry to attach


class Mailer(Protocol):
    """Sends one rendered mail and answers its Message-ID.

    Raises: MailRejected (final) or MailUnavailable (try again).
    """

    async def send(self, mail: Mail) -> str:
        """Send it."""
        ...


def mime(mail: Mail, *, sender: str) -> EmailMessage:
    """The mail as it travels: text and HTML, UTF-8, nothing from its fields can add a header.

    Raises: MailRejected for an address or a header that no mail can carry.
    """
    try:
        recipient = Address(addr_spec=mail.to)
        if not recipient.username or not recipient.domain:
            raise MailRejected("BadAddress")
        message = EmailMessage(policy=SMTP)
        message["From"], message["To"], message["Subject"] = sender, recipient, mail.subject
        message["Date"], message["Message-ID"] = format_datetime(mail.at), mail.message_id
        for name, value in mail.headers.items():
            message[name] = value
    except (ValueError, IndexError, MessageError) as wrong:
        raise MailRejected(type(wrong).__name__) from None
    message.set_content(mail.text, cte="base64")
    message.add_alternative(mail.html, subtype="html", cte="base64")
    if mail.calendar is not None:
        message.add_attachment(
            mail.calendar,
            maintype="text",
            subtype="calendar",
            filename="lesson.ics",
            params={"charset": "utf-8"},
        )
    return message


def can_send(settings: Settings) -> bool:
    """Whether this environment has a mailer that it may use; in production the mailbox is none."""
    return not settings.production


def make_mailer(settings: Settings) -> Mailer:
    """The mailer of this environment: outside production every mail goes into the local mailbox.

    Raises: MailNotConfigured in production, where the stand-in is forbidden.
    """
    from naraigoto.adapters.mail.local import LocalMailbox

    if not can_send(settings):
        raise MailNotConfigured(
            "NARAIGOTO_ENV=production needs a real mail service; the mailbox is a stand-in"
        )
    return LocalMailbox(settings.data_dir / "mail", sender=settings.mail_from)
