"""/legal: the one thing in the documents that is not known when the site is built."""

import reflex as rx

from naraigoto.services import operator


class LegalState(rx.State):
    """Where to write to."""

    contact: str = ""

    @rx.event
    def load(self) -> None:
        """Public for everybody."""
        self.contact = operator.contact()
