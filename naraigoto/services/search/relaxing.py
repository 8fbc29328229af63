"""What to give up when nothing is found, and how many schools that would bring."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.errors import SearchTooBroad
from naraigoto.services.search.filters import SearchFilters
from naraigoto.services.search.listing import count

# Each is one thing that a person set, as fields of the filters.
_GIVEN_UP: dict[str, dict[str, object]] = {
    "q": {"q": ""},
    "area": {"areas": ()},
    "category": {"category": None},
    "date": {"day": None},
    "weekday": {"weekdays": ()},
    "time": {"time": None},
    "place": {"radius_m": None, "travel": None},
    "age": {"age": None},
    "instructor_choice": {"instructor_choice": False},
    "child_rating": {"child_rating": None},
    "safety": {"safe": False},
}


@dataclass(frozen=True, slots=True)
class Relaxation:
    """The search without one of its filters, and what it finds (None: too much to count)."""

    field: str
    filters: SearchFilters
    count: int | None


async def relaxations(session: AsyncSession, *, filters: SearchFilters, now: datetime) -> list[Relaxation]:
    """Public: every way to give up one filter that brings something, the most first.

    When no single one does, all of them, so that the person sees where to begin.

    Raises: InvalidInput for an unknown area or genre.
    """
    found = []
    for field, change in _GIVEN_UP.items():
        if all(getattr(filters, name) == value for name, value in change.items()):
            continue
        less = filters.model_copy(update=change)
        found.append(Relaxation(field, less, await _count(session, less, now)))
    helpful = [less for less in found if less.count != 0]
    return sorted(helpful, key=lambda less: -1_000_000 if less.count is None else -less.count) or found


async def _count(session: AsyncSession, filters: SearchFilters, now: datetime) -> int | None:
    try:
        async with session.begin_nested():  # a count that is stopped leaves the transaction usable
            return await count(session, filters=filters, now=now)
    except SearchTooBroad:
        return None
