"""The page of a school: what it is, its slots and what people say."""

from dataclasses import dataclass, field

import reflex as rx

from naraigoto.errors import DomainError
from naraigoto.services import limits, schools
from naraigoto.services.media import image_url
from naraigoto.settings import get_settings
from naraigoto.state.access import Access, access_of
from naraigoto.state.places import id_in
from naraigoto.state.review_list import ReviewListMixin
from naraigoto.state.school_cards import Pin
from naraigoto.state.session import caller_address, edge
from naraigoto.texts import reviews as review_words
from naraigoto.texts import schools as words
from naraigoto.texts import ui


@dataclass(frozen=True)
class Picture:
    """A picture of the gallery."""

    url: str
    alt: str


@dataclass(frozen=True)
class InstructorView:
    """An instructor in the list of a school."""

    href: str
    name: str
    kana: str
    image: str
    profile: str


@dataclass(frozen=True)
class ClassView:
    """A class in words."""

    id: str
    title: str
    description: str
    ages: str
    minutes: str
    tickets: str
    capacity: str
    belongings: str
    choice: bool


@dataclass(frozen=True)
class SchoolView:
    """A school in words; empty texts are left out."""

    id: str = ""
    name: str = ""
    kana: str = ""
    area: str = ""
    area_href: str = ""
    category: str = ""
    category_href: str = ""
    summary: str = ""
    description: str = ""
    address: str = ""
    access: str = ""
    badge: str = ""
    line: str = ""
    thumbnail: str = ""
    published: bool = True
    login_href: str = ""
    pictures: list[Picture] = field(default_factory=list)
    pins: list[Pin] = field(default_factory=list)
    instructors: list[InstructorView] = field(default_factory=list)
    classes: list[ClassView] = field(default_factory=list)


class SchoolState(ReviewListMixin, rx.State):
    """Shows the school that the address names; the services decide who may see it."""

    access: Access = ""
    title: str = ui.BRAND
    school: SchoolView = SchoolView()
    tile_url: str = ""

    @rx.event
    async def load(self):
        """Fetch the school, its first slots and its first reviews."""
        self.reset()
        yield
        school_id = id_in(self.router.url.path)
        if school_id is None:
            self.access, self.title = "missing", ui.titled(words.NOT_FOUND)
            return
        try:
            async with edge(self) as (session, actor):
                await limits.read_public(actor, caller_address(self))
                found = await schools.school(session, actor, school_id=school_id)
                self._school_id = found.id
                await self._fetch_slots(session, actor)
                await self._fetch_voices(session, actor, found.parent, found.child)
        except DomainError as refusal:
            self.access = access_of(refusal)
            if self.access not in ("limited", "away"):
                self.title = ui.titled(words.NOT_FOUND)
            return
        self.school = _view(found)
        self.tile_url = get_settings().map_tile_url
        self.review_teachers = [
            ("", review_words.EVERYBODY),
            *[(str(one.id), one.name) for one in found.instructors],
        ]
        self.access, self.title = "ok", ui.titled(found.name)
        yield SchoolState.watch


def _view(school: schools.SchoolDetail) -> SchoolView:
    return SchoolView(
        id=str(school.id),
        name=school.name,
        kana=school.name_kana,
        area=school.area.name,
        area_href=f"/search?area={school.area.code}",
        category=school.category.name,
        category_href=f"/search?category={school.category.code}",
        summary=school.summary,
        description=school.description,
        address=school.address,
        access=school.access,
        line=f"{school.category.name} ・ {school.area.name}",
        thumbnail=image_url(school.image_keys[0], 480) if school.image_keys else "",
        badge=words.safety(school.safety_badge, school.safety_number),
        published=school.published,
        login_href=f"/login?next=/schools/{school.id}",
        pictures=[
            Picture(image_url(key), words.image_alt(school.name, number))
            for number, key in enumerate(school.image_keys, start=1)
        ],
        pins=[Pin(str(school.id), school.lat, school.lng, school.name)],
        instructors=[_instructor(card) for card in school.instructors],
        classes=[_class(card) for card in school.classes],
    )


def _instructor(card: schools.InstructorCard) -> InstructorView:
    return InstructorView(
        f"/instructors/{card.id}", card.name, card.name_kana, image_url(card.image_key, 480), card.profile
    )


def _class(card: schools.ClassCard) -> ClassView:
    return ClassView(
        id=str(card.id),
        title=card.title,
        description=card.description,
        ages=words.ages(card.age_min, card.age_max),
        minutes=words.minutes(card.duration_min),
        tickets=words.tickets(card.ticket_cost),
        capacity=words.people(card.capacity),
        belongings=card.belongings,
        choice=card.instructor_choice,
    )
