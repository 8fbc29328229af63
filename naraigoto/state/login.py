"""/login: which of the two forms is shown. The forms themselves post to the API (components/fetch_form)."""

import reflex as rx

from naraigoto.texts import sign_up


class LoginState(rx.State):
    """The tab of the sign-in page."""

    tab: str = "adult"
    notice: str = ""

    @rx.event
    def load(self) -> None:
        """`/login?who=child` opens the children's form; `?reset=done` comes from a new password."""
        query = self.router.url.query_parameters
        self.tab = "child" if query.get("who") == "child" else "adult"
        self.notice = sign_up.RESET_DONE if query.get("reset") == "done" else ""

    @rx.event
    def turn(self, tab: str) -> None:
        """Show the other form."""
        self.tab = "child" if tab == "child" else "adult"
