"""Bookings a second through the service, beside the same SQL on bare psycopg; and seats under a rush.

Both sides do the whole work of one booking: the question, book_lesson(), the promises, one commit.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID

import psycopg
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock, db
from naraigoto.actor import Actor
from naraigoto.errors import DomainError
from naraigoto.models.accounts import UserType
from naraigoto.models.base import new_id
from naraigoto.rules import MAX_ACTIVE_BOOKINGS
from naraigoto.services import bookings, notifications
from naraigoto.services.bookings import facts, making

_CLASSES = 40
_DAYS = MAX_ACTIVE_BOOKINGS
_CAPACITY = 200
_ROUNDS = 7
_PER_CLIENT = {1: 150, 8: 100}
_TRIES = 10_000
_RUSH_CAPACITY = 50
_RUSH_CLIENTS = 10


@dataclass(frozen=True)
class Family:
    """Who books, and for whom."""

    actor: Actor
    child_id: UUID


@dataclass(frozen=True)
class Order:
    """One booking to make."""

    family: Family
    schedule_id: UUID


Booker = Callable[[Order], Awaitable[None]]


async def run(url: str) -> dict[str, Any]:
    """Fill the empty database at `url`, then measure; medians of interleaved rounds.

    Raises: AssertionError when a seat was sold twice or a ticket is unexplained.
    """
    now = clock.now()
    await db.open_engine(url)
    bare = [await psycopg.AsyncConnection.connect(_plain(url)) for _ in range(max(_PER_CLIENT))]
    try:
        needed = sum(clients * count for clients, count in _PER_CLIENT.items()) * _ROUNDS * 2 + 200
        async with await psycopg.AsyncConnection.connect(_plain(url)) as connection:
            families = await _fill(connection, families=needed // _DAYS + _TRIES // _DAYS + 1, now=now)
            slots = await _open_slots(connection, classes=_CLASSES, capacity=_CAPACITY, now=now)
            rushed = await _open_slots(connection, classes=1, capacity=_RUSH_CAPACITY, now=now)
            await connection.execute("ANALYZE")
        spread = [
            Order(family, day_slots[number % _CLASSES])
            for day_slots in slots
            for number, family in enumerate(families[: -_TRIES // _DAYS])
        ]
        speed = await _compare(iter(spread), bare, now)
        rush = await _rush(
            [Order(family, day[0]) for day in rushed for family in families[-_TRIES // _DAYS :]]
        )
        async with await psycopg.AsyncConnection.connect(_plain(url)) as connection:
            return speed | {"rush": rush | await _audit(connection)}
    finally:
        for connection in bare:
            await connection.close()
        await db.close_engine()


async def _compare(orders: Any, bare: list[psycopg.AsyncConnection[Any]], now: datetime) -> dict[str, Any]:
    sides: dict[str, list[Booker]] = {
        "service": [_through_service(now)] * len(bare),
        "psycopg": [_on_psycopg(connection, now) for connection in bare],
    }
    for book in (sides["service"][0], *sides["psycopg"]):  # plans, caches and pools are warm
        for _ in range(20):
            await book(next(orders))
    figures: dict[str, Any] = {}
    for clients, count in _PER_CLIENT.items():
        found: dict[str, list[float]] = {name: [] for name in sides}
        for turn in range(_ROUNDS):
            for name in list(sides)[:: 1 if turn % 2 else -1]:
                batches = [[next(orders) for _ in range(count)] for _ in range(clients)]
                found[name].append(await _speed(sides[name], batches))
        medians = {name: round(median(values)) for name, values in found.items()}
        figures[f"clients_{clients}"] = {f"{name}_per_s": value for name, value in medians.items()} | {
            "ratio": round(medians["service"] / medians["psycopg"], 2)
        }
    return figures


async def _speed(bookers: list[Booker], batches: list[list[Order]]) -> float:
    async def client(book: Booker, batch: list[Order]) -> None:
        for order in batch:
            await book(order)

    begun = time.perf_counter()
    await asyncio.gather(*[client(book, batch) for book, batch in zip(bookers, batches, strict=False)])
    return sum(map(len, batches)) / (time.perf_counter() - begun)


def _through_service(now: datetime) -> Booker:
    async def book(order: Order) -> None:
        async def work(session: AsyncSession) -> bookings.BookingView:
            family = order.family
            return await bookings.book(
                session, family.actor, schedule_id=order.schedule_id, child_id=family.child_id, now=now
            )

        await db.retrying(work)

    return book


def _on_psycopg(connection: psycopg.AsyncConnection[Any], now: datetime) -> Booker:

    async def book(order: Order) -> None:
        family = order.family
        asked = {
            "schedule": order.schedule_id,
            "family": family.actor.family_id,
            "child": family.child_id,
            "now": now,
            "today": clock.jst_date(now),
            "leaving": None,
        }
        row = await (await connection.execute(facts.FOR_CHILD, asked)).fetchone()
        assert row is not None
        booking = new_id()
        values = asked | {
            "booking": booking,
            "conversation": new_id(),
            "entries": [new_id()],
            "instructor": None,
            "booked_by": family.actor.user_id,
            "cost": row[9],
            "cancel_until": row[1] - timedelta(hours=14),
            "writable_until": row[2] + timedelta(days=30),
            "max_active": MAX_ACTIVE_BOOKINGS,
        }
        await connection.execute(making.BOOK_LESSON, values)
        told = {"kind": notifications.Kind.BOOKING_CONFIRMED.value, "event": ":confirmed:"}
        told |= {"booking": str(booking), "now": now}
        await connection.execute(notifications.TELL_BOTH_SIDES, told)
        await connection.commit()

    return book


async def _rush(orders: list[Order]) -> dict[str, Any]:
    """All families want the same few seats, slot after slot."""
    waiting = iter(orders)
    book = _through_service(clock.now())
    answers: Counter[str] = Counter()

    async def client() -> None:
        for order in waiting:
            try:
                await book(order)
                answers["booked"] += 1
            except DomainError as refusal:
                answers[refusal.code] += 1

    begun = time.perf_counter()
    await asyncio.gather(*[client() for _ in range(_RUSH_CLIENTS)])
    seconds = time.perf_counter() - begun
    assert answers["booked"] == _DAYS * _RUSH_CAPACITY, answers
    return {"tries": len(orders), "tries_per_s": round(len(orders) / seconds)} | dict(answers)


async def _audit(connection: psycopg.AsyncConnection[Any]) -> dict[str, int]:
    """Seats sold twice, buckets their ledger does not explain, bookings without promise: all must be 0."""
    questions = {
        "oversold": """SELECT count(*) FROM lesson_schedules s WHERE booked_count > capacity
          OR booked_count <> (SELECT count(*) FROM bookings b
                              WHERE b.schedule_id = s.id AND b.status <> 'cancelled')""",
        "tickets_unexplained": """SELECT count(*) FROM ticket_balances k WHERE balance < 0 OR balance <>
          (SELECT coalesce(sum(delta), 0) FROM ticket_entries e WHERE e.balance_id = k.id)""",
        "promises_missing": """SELECT abs((SELECT count(*) FROM bookings) * 2
          - (SELECT count(*) FROM outbox_messages))""",
    }
    found = {}
    for name, question in questions.items():
        row = await (await connection.execute(question.encode())).fetchone()
        assert row is not None
        assert row[0] == 0, (name, row)
        found[name] = row[0]
    return found


async def _fill(connection: psycopg.AsyncConnection[Any], *, families: int, now: datetime) -> list[Family]:
    """Families with one guardian, one child and tickets enough."""
    month = clock.month_of(now)
    made = [
        Family(Actor(user_id=new_id(), type=UserType.PARENT, family_id=new_id(), owns_family=True), new_id())
        for _ in range(families)
    ]
    expires_on = clock.add_months(month, 2) - timedelta(days=1)
    rows: dict[str, list[tuple[Any, ...]]] = {
        "users (id, type, email, name)": [
            (family.actor.user_id, "parent", f"{family.actor.user_id}@example.com", "保護者")
            for family in made
        ]
        + [(family.child_id, "child", None, "こども") for family in made],
        "families (id, name, parent_user_id, family_code)": [
            (family.actor.family_id, "家族", family.actor.user_id, f"{number:06d}")
            for number, family in enumerate(made)
        ],
        "family_members (family_id, user_id, login_name, passcode_hash, birth_month)": [
            (family.actor.family_id, family.child_id, "child", "-", month.replace(year=month.year - 8))
            for family in made
        ],
    }
    buckets = [(new_id(), family.actor.family_id, month, _DAYS, expires_on) for family in made]
    rows["ticket_balances (id, family_id, month, balance, expires_on)"] = buckets
    rows["ticket_entries (id, family_id, balance_id, delta, reason, source_key)"] = [
        (new_id(), family_id, bucket, _DAYS, "grant", f"bench:{bucket}") for bucket, family_id, *_ in buckets
    ]
    await _copy(connection, rows)
    return made


async def _open_slots(
    connection: psycopg.AsyncConnection[Any], *, classes: int, capacity: int, now: datetime
) -> list[list[UUID]]:
    """A school with its classes; by day, the ids of one slot of each class."""
    owner, school, lessons = new_id(), new_id(), [new_id() for _ in range(classes)]
    first = clock.jst_midnight(clock.jst_date(now) + timedelta(days=2)) + timedelta(hours=10)
    days = [[new_id() for _ in lessons] for _ in range(_DAYS)]
    point = "SRID=4326;POINT(139.698 35.664)"
    await connection.execute(
        "INSERT INTO areas (code, prefecture, name, centre) VALUES ('13113', '東京都', '渋谷区', %s)"
        " ON CONFLICT DO NOTHING",
        (point,),
    )
    await connection.execute(
        "INSERT INTO categories (code, name) VALUES ('swim', '水泳') ON CONFLICT DO NOTHING"
    )
    rows: dict[str, list[tuple[Any, ...]]] = {
        "users (id, type, email, name)": [(owner, "school_owner", f"{owner}@example.com", "教室")],
        "schools (id, name, area_code, category_code, location, status, booking_cutoff_hours, cancel_policy,"
        " safety_badge)": [(school, "教室", "13113", "swim", point, "published", 2, "day_before_20", "none")],
        "school_members (school_id, user_id, role)": [(school, owner, "owner")],
        "classes (id, school_id, title, capacity, duration_min, ticket_cost, age_min, age_max)": [
            (lesson, school, "水泳", capacity, 50, 1, 4, 12) for lesson in lessons
        ],
        "lesson_schedules (id, class_id, school_id, start_at, end_at, capacity, version, cancel_reason)": [
            (slot, lesson, school, start, start + timedelta(minutes=50), capacity, 1, "")
            for number, slots in enumerate(days)
            for start in [first + timedelta(days=number)]
            for slot, lesson in zip(slots, lessons, strict=True)
        ],
    }
    await _copy(connection, rows)
    return days


async def _copy(connection: psycopg.AsyncConnection[Any], rows: dict[str, list[tuple[Any, ...]]]) -> None:
    async with connection.cursor() as cursor:
        for target, lines in rows.items():
            async with cursor.copy(f"COPY {target} FROM STDIN".encode()) as copy:
                for line in lines:
                    await copy.write_row(line)
    await connection.commit()


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")
