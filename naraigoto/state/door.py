"""How grown-ups come in: by a form of ours, or through the identity provider that the settings name."""

from collections.abc import Mapping
from urllib.parse import quote, urlencode

import reflex as rx

from naraigoto import clock
from naraigoto.homes import inside
from naraigoto.texts import identity
from naraigoto.web import sign_in, sign_in_cookies


class DoorState(rx.State):
    """What /login and /signup show to grown-ups."""

    door: str = ""  # "" while the page loads; "form", "provider", or "link" to join an account of ours
    button: str = ""
    href: str = ""
    school_href: str = ""
    problem: str = ""
    offer: str = ""

    @rx.event
    def load(self) -> None:
        """Look at the settings, at where the person wants to go, and at how the last attempt ended."""
        self.reset()
        name = sign_in.provider_name()
        if name is None:
            self.door = "form"
            return
        query = self.router.url.query_parameters
        self.button = identity.button(name)
        self.href = _there(query)
        self.school_href = _there(query, type="school_owner")
        self.problem = identity.PROBLEMS.get(query.get("problem", ""), "")
        self._offer_to_join(wanted="link" in query)

    def _offer_to_join(self, *, wanted: bool) -> None:
        cookies = self.router.headers.cookie
        person = sign_in_cookies.read_offer(cookies, now=clock.now()) if wanted else None
        self.door = "link" if person else "provider"
        self.offer = identity.LINK_LEAD.format(email=person.email) if person else ""
        if wanted and person is None:
            self.problem = identity.PROBLEMS["expired"]


def _there(query: Mapping[str, str], **more: str) -> str:
    """The way to the provider; who was invited into a family comes back to the invitation."""
    invitation = query.get("invitation")
    wanted = inside(f"/join/{quote(invitation, safe='')}" if invitation else query.get("next"))
    asked = more | ({"next": wanted} if wanted else {})
    return f"/auth/login?{urlencode(asked)}" if asked else "/auth/login"
