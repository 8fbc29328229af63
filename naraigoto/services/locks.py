"""The one lock order of all that moves seats and tickets (D5): slots → instructors → tickets → bookings.

Slots by their id, then instructors by theirs where somebody is promised to a family, then the tickets of each
family by its id, oldest month first, then bookings. `book_lesson` (migration 0004) takes slot and tickets in
the same order. Whoever holds a later kind never asks for an earlier one.
"""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.models.bookings import Booking
from naraigoto.models.schedules import LessonSchedule

_QUEUE_UP = text("SELECT pg_advisory_xact_lock(71, hashtext(CAST(:id AS text)))")
_INSTRUCTORS = text("""
SELECT id FROM instructors WHERE id = ANY (CAST(:ids AS uuid[])) ORDER BY id FOR NO KEY UPDATE
""")
_TICKETS = text("""
SELECT id FROM ticket_balances WHERE family_id = ANY (CAST(:families AS uuid[]))
ORDER BY family_id, month FOR NO KEY UPDATE
""")


async def slots(session: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, LessonSchedule]:
    """Hold these slots until the transaction ends; those that do not exist are missing from the answer."""
    wanted = sorted(set(ids))
    connection = await session.connection()
    for number in wanted:
        await connection.execute(_QUEUE_UP, {"id": number})
    found = await session.exec(
        select(LessonSchedule)
        .where(col(LessonSchedule.id).in_(wanted))
        .order_by(col(LessonSchedule.id))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return {slot.id: slot for slot in found}


async def instructors(session: AsyncSession, ids: Iterable[UUID]) -> None:
    """Hold these instructors until the transaction ends, so that nobody else promises them meanwhile."""
    await (await session.connection()).execute(_INSTRUCTORS, {"ids": sorted(set(ids))})


async def tickets(session: AsyncSession, family_ids: Iterable[UUID]) -> None:
    """Hold every bucket of these families until the transaction ends."""
    await (await session.connection()).execute(_TICKETS, {"families": sorted(set(family_ids))})


async def bookings(session: AsyncSession, ids: Iterable[UUID]) -> list[Booking]:
    """Hold these bookings until the transaction ends, and read them as they are now."""
    found = await session.exec(
        select(Booking)
        .where(col(Booking.id).in_(set(ids)))
        .order_by(col(Booking.id))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return list(found)
