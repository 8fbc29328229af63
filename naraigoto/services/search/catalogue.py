"""Areas and genres, as lists and as codes that people typed."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.errors import InvalidInput
from naraigoto.services.search.filters import SearchFilters


@dataclass(frozen=True, slots=True)
class CodedName:
    """A genre, or an area by its name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class AreaRow:
    """A municipality with the centre that stands in for a position."""

    code: str
    name: str
    kana: str
    prefecture: str
    lat: float
    lng: float


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """A genre."""

    code: str
    name: str
    kana: str


_AREAS = text("""
    SELECT code, name, kana, prefecture, ST_Y(centre::geometry) AS lat, ST_X(centre::geometry) AS lng
    FROM areas ORDER BY code
""")
_CATEGORIES = text("SELECT code, name, kana FROM categories ORDER BY position, code")
_RESOLVE = {
    "area": text(
        "SELECT code FROM areas WHERE code = :value OR name = :value ORDER BY code <> :value LIMIT 2"
    ),
    "category": text(
        "SELECT code FROM categories WHERE code = :value OR name = :value ORDER BY code <> :value LIMIT 2"
    ),
}


async def areas(session: AsyncSession) -> list[AreaRow]:
    """Every municipality, public."""
    return [AreaRow(**row._mapping) for row in await (await session.connection()).execute(_AREAS)]


async def categories(session: AsyncSession) -> list[CategoryRow]:
    """Every genre in its order, public."""
    return [CategoryRow(**row._mapping) for row in await (await session.connection()).execute(_CATEGORIES)]


async def resolve(session: AsyncSession, filters: SearchFilters) -> SearchFilters:
    """The same filters with codes for area and genre; a name counts where only one bears it.

    Raises: InvalidInput for an unknown area or genre.
    """
    connection = await session.connection()
    found: dict[str, str] = {}
    problems: dict[str, str] = {}
    for field, statement in _RESOLVE.items():
        value = getattr(filters, field)
        if value is None:
            continue
        codes = (await connection.execute(statement, {"value": value})).scalars().all()
        if codes and (codes[0] == value or len(codes) == 1):
            found[field] = codes[0]
        else:
            problems[field] = "unknown"
    if problems:
        raise InvalidInput(**problems)
    return filters.model_copy(update=found)
