"""/kids/guardian: how the guardian gets the device back from 「子どもモード」. The form posts to the API."""

import reflex as rx

from naraigoto.errors import DomainError, Forbidden
from naraigoto.services import child_mode
from naraigoto.state.access import Access, access_of
from naraigoto.state.session import edge
from naraigoto.texts import families as texts


class ChildModeState(rx.State):
    """Whose device it is; `way` is password, provider, or none when nobody lent it."""

    access: Access = ""
    way: str = ""
    whose: str = ""

    @rx.event
    async def load(self):
        """Look up who lent the device."""
        self.reset()
        try:
            async with edge(self) as (session, actor):
                back = await child_mode.way_back(session, actor)
        except Forbidden:
            self.way, self.access = "none", "ok"
            return
        except DomainError as refusal:
            self.access = access_of(refusal)
            return
        self.way = "password" if back.by_password else "provider"
        self.whose, self.access = texts.guardian_password(back.guardian), "ok"
