"""What search engines read as data: schema.org descriptions of schools, lessons and lists."""

from collections.abc import Sequence
from typing import Any

from naraigoto import clock
from naraigoto.services import schedules, schools, search

Thing = dict[str, Any]


def business(school: schools.SchoolDetail, url: str, images: Sequence[str]) -> Thing:
    """A school as a LocalBusiness with the parents' rating, once there is one (G44)."""
    thing: Thing = {
        "@type": "LocalBusiness",
        "@id": url,
        "url": url,
        "name": school.name,
        "description": school.summary or school.description,
        "address": {"@type": "PostalAddress", "addressCountry": "JP", "streetAddress": school.address},
        "geo": {"@type": "GeoCoordinates", "latitude": school.lat, "longitude": school.lng},
    }
    if images:
        thing["image"] = list(images)
    return thing | _rating(school.parent)


def person(teacher: schools.InstructorDetail, url: str, school_url: str, image: str) -> Thing:
    """An instructor and where they teach."""
    thing: Thing = {
        "@type": "Person",
        "@id": url,
        "url": url,
        "name": teacher.name,
        "description": teacher.profile,
        "worksFor": {"@type": "LocalBusiness", "@id": school_url, "name": teacher.school.name},
    }
    return thing | ({"image": image} if image else {})


def events(slots: Sequence[schedules.Slot], place: Thing, url: str) -> list[Thing]:
    """Coming lessons that can still be booked."""
    return [
        {
            "@type": "Event",
            "name": slot.title,
            "url": url,
            "startDate": clock.jst(slot.start_at).isoformat(),
            "endDate": clock.jst(slot.end_at).isoformat(),
            "eventStatus": "https://schema.org/EventScheduled",
            "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
            "maximumAttendeeCapacity": slot.seats_left,
            "location": {"@type": "Place"} | place,
            "organizer": {"@type": "LocalBusiness", "@id": url},
        }
        for slot in slots
    ]


def place(school: schools.SchoolDetail) -> Thing:
    """Where the lessons of a school are."""
    address = {"@type": "PostalAddress", "addressCountry": "JP", "streetAddress": school.address}
    return {"name": school.name, "address": address}


def listed(rows: Sequence[search.SchoolRow], public_url: str) -> Thing:
    """The schools of a list, in their order."""
    return {
        "@type": "ItemList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": place,
                "url": f"{public_url}/schools/{row.id}",
                "name": row.name,
            }
            for place, row in enumerate(rows, start=1)
        ],
    }


def trail(*steps: tuple[str, str]) -> Thing:
    """From the search down to the page."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": name, "item": url}
            for number, (name, url) in enumerate(steps, start=1)
        ],
    }


def _rating(voice: schools.Voice) -> Thing:
    if voice.rating is None:
        return {}
    rating = {"@type": "AggregateRating", "ratingValue": voice.rating, "bestRating": 5, "worstRating": 1}
    return {"aggregateRating": rating | {"reviewCount": voice.count}}
