"""How a school stands in a list, in words, and on a map: shared by several pages."""

from dataclasses import dataclass

from naraigoto.services.media import image_url
from naraigoto.services.search import SchoolRow
from naraigoto.texts import dates, units


@dataclass(frozen=True)
class SchoolCard:
    """Texts for components.school_card(); an empty one means there is none."""

    id: str
    href: str
    name: str
    image: str
    area: str
    category: str
    distance: str
    rating_parent: str
    rating_child: str
    next_slot: str


@dataclass(frozen=True)
class Pin:
    """A school on the map."""

    id: str
    lat: float
    lng: float
    label: str


def card_of(row: SchoolRow) -> SchoolCard:
    """A row of the search as a card."""
    return SchoolCard(
        id=str(row.id),
        href=f"/schools/{row.id}",
        name=row.name,
        image=image_url(row.image_key, 480),
        area=row.area.name,
        category=row.category.name,
        distance=units.distance(row.distance_m),
        rating_parent=units.rating(row.rating_parent),
        rating_child=units.rating(row.rating_child),
        next_slot=units.next_slot(dates.moment_label(row.next_lesson_at), row.open_slots)
        if row.next_lesson_at
        else "",
    )
