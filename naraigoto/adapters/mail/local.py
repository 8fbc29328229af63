"""The mailbox of one's own machine: every mail is an .eml file that /dev/mailbox shows."""

import asyncio
import os
import re
import tempfile
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parsedate_to_datetime
from hashlib import sha256
from pathlib import Path

from naraigoto.adapters.mail import Mail, MailUnavailable, mime

_NAME = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail that lies in the mailbox."""

    id: str
    to: str
    subject: str
    at: datetime
    text: str
    html: str
    message_id: str


class LocalMailbox:
    """Keeps mails as files, one for each Message-ID, so a mail that is sent again lies there once."""

    def __init__(self, folder: Path, *, sender: str) -> None:
        self._folder = folder
        self._sender = sender

    async def send(self, mail: Mail) -> str:
        """Put the mail into the folder, whole or not at all.

        Raises: MailRejected for a bad address or header, MailUnavailable when the disk refuses.
        """
        message = mime(mail, sender=self._sender)
        try:
            await asyncio.to_thread(self._write, _name(mail.message_id), message.as_bytes())
        except OSError as refusal:
            raise MailUnavailable(type(refusal).__name__) from refusal
        return mail.message_id

    async def letters(self, *, limit: int = 100) -> list[Letter]:
        """The newest mails first."""
        return await asyncio.to_thread(self._letters, limit)

    async def letter(self, name: str) -> Letter | None:
        """One mail, or None when there is no such mail."""
        return await asyncio.to_thread(self._letter, name) if _NAME.fullmatch(name) else None

    def _write(self, name: str, content: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=self._folder, suffix=".tmp")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(draft).replace(self._folder / f"{name}.eml")
        except BaseException:
            Path(draft).unlink(missing_ok=True)
            raise

    def _newest_first(self) -> list[Path]:
        return sorted(self._folder.glob("*.eml"), key=lambda file: file.stat().st_mtime_ns, reverse=True)

    def _letters(self, limit: int) -> list[Letter]:
        found = (self._letter(file.stem) for file in self._newest_first()[:limit])
        return [letter for letter in found if letter is not None]

    def _letter(self, name: str) -> Letter | None:
        try:
            content = (self._folder / f"{name}.eml").read_bytes()
        except FileNotFoundError:
            return None
        message = message_from_bytes(content, policy=SMTP)
        return Letter(
            id=name,
            to=str(message["To"]),
            subject=str(message["Subject"]),
            at=parsedate_to_datetime(message["Date"]),
            text=_body(message, "plain"),
            html=_body(message, "html"),
            message_id=str(message["Message-ID"]),
        )


def _name(message_id: str) -> str:
    return sha256(message_id.encode()).hexdigest()[:32]


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return part.get_content() if part is not None else ""
