"""How a school stands in a list, in words, and on a map: shared by several pages."""

from dataclasses import dataclass

from naraigoto.services.media import image_url
from naraigoto.services.search import SchoolRow, Travel, minutes
from naraigoto.texts import dates, units
from naraigoto.texts import schools as school_words
from naraigoto.texts import search as search_words


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
    badge: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Pin:
    """A school on the map; `price` is what stands on the pin, the label when there is none."""

    id: str
    lat: float
    lng: float
    label: str
    price: str = ""


def pin_of(row: SchoolRow) -> Pin:
    """A row of the search as a pin with its price in tickets."""
    price = "" if row.tickets_from is None else units.tickets_from(row.tickets_from)
    return Pin(str(row.id), row.lat, row.lng, row.name, price)


def card_of(row: SchoolRow, *, travel: Travel | None = None, ranked: bool = False) -> SchoolCard:
    """A row of the search as a card; with a way to travel in minutes, too, in おすすめ順 with its reasons."""
    way = units.distance(row.distance_m)
    if travel and row.distance_m is not None:
        way = search_words.way(travel, minutes(travel, row.distance_m), way)
    return SchoolCard(
        id=str(row.id),
        href=f"/schools/{row.id}",
        name=row.name,
        image=image_url(row.image_key, 480),
        area=row.area.name,
        category=row.category.name,
        distance=way,
        rating_parent=units.rating(row.rating_parent),
        rating_child=units.rating(row.rating_child),
        next_slot=units.next_slot(dates.moment_label(row.next_lesson_at), row.open_slots)
        if row.next_lesson_at
        else "",
        badge=school_words.safety(row.safety_badge, None),
        reason=search_words.reason(row.reasons) if ranked else "",
    )
