"""/join/[code]: the link that lets one more guardian into a family."""

import reflex as rx
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock
from naraigoto.actor import Actor
from naraigoto.errors import DomainError, Unavailable
from naraigoto.services import families
from naraigoto.state.access import Access, access_of
from naraigoto.state.session import SessionState, caller_address, edge, retrying_edge
from naraigoto.texts import families as texts
from naraigoto.texts.errors import refusal as words_of


class JoinState(rx.State):
    """Who invites, and what stands in the way; `refused` is why the link leads nowhere."""

    access: Access = ""
    refused: str = ""
    invitation: str = ""
    until: str = ""
    joined: bool = False
    login_href: str = ""
    sign_up_href: str = ""
    error: str = ""

    @rx.event
    async def load(self):
        """Look the invitation of the address up."""
        self.reset()
        code, now = _code(self.router.url.path), clock.now()
        try:
            async with edge(self) as (session, actor):
                view = await families.look(session, actor, token=code, address=caller_address(self), now=now)
        except Unavailable as away:
            self.access = access_of(away)
            return
        except DomainError as refusal:
            self.refused, self.access = words_of(refusal), "ok"
            return
        name = view.family_name or texts.family_name(view.invited_by)
        self.invitation = texts.invited_by(view.invited_by, name)
        self.until, self.joined = texts.until(view.expires_at), view.joined
        self.login_href = f"/login?next=/join/{code}"
        self.sign_up_href = f"/signup?invitation={code}"
        self.access = "ok"

    @rx.event
    async def accept(self):
        """Join the family, then go to its page."""
        code, address, now = _code(self.router.url.path), caller_address(self), clock.now()
        self.error = ""

        async def work(session: AsyncSession, actor: Actor) -> None:
            await families.accept(session, actor, token=code, address=address, now=now)

        try:
            await retrying_edge(self, work)
        except DomainError as refusal:
            self.error = words_of(refusal)
            return
        yield SessionState.load
        yield rx.redirect("/family")


def _code(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2][:200]
