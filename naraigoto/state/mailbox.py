"""/dev/mailbox: the letters of this machine. Imported outside production only."""

from dataclasses import dataclass

import reflex as rx

from naraigoto.errors import DomainError
from naraigoto.services import mailbox
from naraigoto.texts import dates


@dataclass(frozen=True)
class LetterRow:
    """A letter on the screen; `text` only when it is open."""

    id: str = ""
    recipient: str = ""
    subject: str = ""
    at: str = ""
    text: str = ""
    html_src: str = ""


class MailboxState(rx.State):
    """The list, and the letter that is open."""

    letters: list[LetterRow] = []
    opened: LetterRow = LetterRow()
    view: str = "html"
    loaded: bool = False

    @rx.event
    async def load(self):
        """Look into the mailbox again."""
        self.opened = LetterRow()
        await self._read()

    @rx.event
    async def look(self):
        """See what has come meanwhile; an open letter stays open."""
        await self._read()

    @rx.event
    async def show(self, number: str):
        """Open one letter; an unknown number opens nothing."""
        try:
            letter = await mailbox.letter(str(number))
        except DomainError:
            return
        row = _row(letter)
        self.opened = LetterRow(
            row.id, row.recipient, row.subject, row.at, letter.text, f"/dev/mailbox/{row.id}/html"
        )

    @rx.event
    def close(self) -> None:
        """Back to the list."""
        self.opened = LetterRow()

    @rx.event
    def turn(self, view: str) -> None:
        """HTML or text."""
        self.view = "text" if view == "text" else "html"

    async def _read(self) -> None:
        try:
            self.letters = [_row(letter) for letter in await mailbox.letters()]
        except DomainError:
            self.letters = []
        self.loaded = True


def _row(letter: mailbox.Letter) -> LetterRow:
    return LetterRow(letter.id, letter.to, letter.subject, dates.moment_label(letter.at))
