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
    """The same filters with codes for areas and genre; a name counts where only one bears it.

    Raises: InvalidInput for an unknown area or genre.
    """
    found, unknown = await resolve_leniently(session, filters)
    if unknown:
        raise InvalidInput(**dict.fromkeys(sorted(unknown), "unknown"))
    return found


async def resolve_leniently(session: AsyncSession, filters: SearchFilters) -> tuple[SearchFilters, set[str]]:
    """Like `resolve` for shared links: what nobody knows is left out and named."""
    areas = [await _code(session, "area", area) for area in filters.areas]
    category = await _code(session, "category", filters.category) if filters.category else None
    unknown = {"area": None in areas, "category": category is None and filters.category is not None}
    known = {"areas": tuple(dict.fromkeys(code for code in areas if code)), "category": category}
    return filters.model_copy(update=known), {field for field, lost in unknown.items() if lost}


async def _code(session: AsyncSession, field: str, value: str) -> str | None:
    rows = await (await session.connection()).execute(_RESOLVE[field], {"value": value})
    codes = rows.scalars().all()
    return codes[0] if codes and (codes[0] == value or len(codes) == 1) else None
