"""/login: which of the two forms is shown. The forms themselves post to the API (components/fetch_form)."""

import reflex as rx


class LoginState(rx.State):
    """The tab of the sign-in page."""

    tab: str = "adult"

    @rx.event
    def load(self) -> None:
        """`/login?who=child` opens the children's form."""
        self.tab = "child" if self.router.url.query_parameters.get("who") == "child" else "adult"

    @rx.event
    def turn(self, tab: str) -> None:
        """Show the other form."""
        self.tab = "child" if tab == "child" else "adult"
