"""The addresses of public pages for search engines, in parts that can be read one by one."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

PART = 50_000  # addresses in one file: the most that sitemaps may hold


@dataclass(frozen=True, slots=True)
class Entry:
    """A public page and when it last changed."""

    id: UUID
    changed_at: datetime | None


# A row of schools_stats stands exactly while the school is published.
_FROM = {
    "schools": "SELECT school_id AS id, refreshed_at AS changed_at FROM schools_stats",
    "instructors": (
        "SELECT i.id, NULL::timestamptz AS changed_at FROM instructors i"
        " JOIN schools_stats st ON st.school_id = i.school_id WHERE i.deleted_at IS NULL"
    ),
}
KINDS = tuple(_FROM)


async def parts(session: AsyncSession, *, kind: str) -> list[UUID]:
    """The first id of every part, public."""
    statement = text(
        "SELECT id FROM"
        f" (SELECT id, row_number() OVER (ORDER BY id) AS place FROM ({_FROM[kind]}) rows) placed"
        " WHERE place % :part = 1 ORDER BY id"
    )
    return list((await (await session.connection()).execute(statement, {"part": PART})).scalars())


async def entries(
    session: AsyncSession, *, kind: str, first: UUID, after: UUID | None, limit: int
) -> list[Entry]:
    """Some pages of a part, public: from `first` on, or after where the last ones ended."""
    statement = text(
        f"SELECT id, changed_at FROM ({_FROM[kind]}) rows"
        f" WHERE id {'>' if after else '>='} :start ORDER BY id LIMIT :limit"
    )
    rows = await (await session.connection()).execute(statement, {"start": after or first, "limit": limit})
    return [Entry(row.id, row.changed_at) for row in rows]
