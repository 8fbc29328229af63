"""/signup, /verify and /reset: which form is shown. The forms post to the API; no token enters a state."""

import reflex as rx


class SignUpState(rx.State):
    """The sign-up page."""

    invited: bool = False

    @rx.event
    def load(self) -> None:
        """`?invitation=` shows the form of those who join a family."""
        self.invited = bool(self.router.url.query_parameters.get("invitation"))


class MailedLinkState(rx.State):
    """The pages that links in mails lead to."""

    link: str = ""  # "" while the page loads

    @rx.event
    def load(self) -> None:
        """Whether the page was opened by a link of a mail (`?token=`)."""
        self.link = "given" if self.router.url.query_parameters.get("token") else "none"
