"""The page of an instructor: who they are, their slots and what people say of them."""

from dataclasses import dataclass, field

import reflex as rx

from naraigoto import clock
from naraigoto.errors import DomainError
from naraigoto.services import limits, schools
from naraigoto.services.media import image_url
from naraigoto.state.access import Access, access_of
from naraigoto.state.places import id_in
from naraigoto.state.review_list import ReviewListMixin
from naraigoto.state.session import caller_address, edge
from naraigoto.texts import schools as words
from naraigoto.texts import ui


@dataclass(frozen=True)
class InstructorView:
    """An instructor in words."""

    name: str = ""
    kana: str = ""
    profile: str = ""
    image: str = ""
    school: str = ""
    school_href: str = ""
    area: str = ""
    category: str = ""
    login_href: str = ""
    classes: list[str] = field(default_factory=list)


class InstructorState(ReviewListMixin, rx.State):
    """Shows the instructor that the address names; the services decide who may see them."""

    access: Access = ""
    title: str = ui.BRAND
    instructor: InstructorView = InstructorView()

    @rx.event
    async def load(self):
        """Fetch the instructor, the first slots and the first reviews."""
        self.reset()
        yield
        instructor_id = id_in(self.router.url.path)
        if instructor_id is None:
            self.access, self.title = "missing", ui.titled(words.TEACHER_NOT_FOUND)
            return
        try:
            async with edge(self) as (session, actor):
                await limits.read_public(actor, caller_address(self))
                found = await schools.instructor(session, actor, instructor_id=instructor_id, now=clock.now())
                self._school_id, self._instructor_id = found.school.id, found.id
                await self._fetch_slots(session, actor)
                await self._fetch_voices(session, actor, found.parent, found.child)
        except DomainError as refusal:
            self.access = access_of(refusal)
            if self.access not in ("limited", "away"):
                self.title = ui.titled(words.TEACHER_NOT_FOUND)
            return
        self.instructor = InstructorView(
            name=found.name,
            kana=found.name_kana,
            profile=found.profile,
            image=image_url(found.image_key, 480),
            school=found.school.name,
            school_href=f"/schools/{found.school.id}",
            area=found.area.name,
            category=found.category.name,
            login_href=f"/login?next=/instructors/{found.id}",
            classes=[taught.title for taught in found.classes],
        )
        self.access, self.title = "ok", ui.titled(found.name)
        yield InstructorState.watch
