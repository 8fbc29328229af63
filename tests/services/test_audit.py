"""The log of what people with power did and saw (R100)."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock
from naraigoto.actor import ANONYMOUS
from naraigoto.errors import Forbidden, InvalidInput, Unauthenticated
from naraigoto.models.accounts import UserType
from naraigoto.models.base import new_id
from naraigoto.models.moderation import AuditLog
from naraigoto.rules import AUDIT_SEEN_EVERY
from naraigoto.services import attendance, audit
from tests import factories as make
from tests.conftest import Committed


async def looks(session: AsyncSession) -> list[AuditLog]:
    return list((await session.exec(select(AuditLog).where(AuditLog.action == "roster.seen"))).all())


async def test_seeing_a_roster_is_noted_once_an_hour_per_person_and_list(
    session: AsyncSession, now: datetime
) -> None:
    booked = await make.make_booked(session)
    actor = await make.actor_of(session, booked.owner)
    day = clock.jst_date(booked.schedule.start_at)

    for minutes in (0, 1, 59):
        at = now + timedelta(minutes=minutes)
        await attendance.roster(session, actor, school_id=booked.school.id, day=day, now=at)
    [line] = await looks(session)
    assert (line.actor_user_id, line.thing_type, line.thing_id) == (
        booked.owner.id,
        "school",
        booked.school.id,
    )
    assert line.facts == {"day": day.isoformat()}

    await attendance.roster(session, actor, school_id=booked.school.id, day=day, now=now + AUDIT_SEEN_EVERY)
    assert len(await looks(session)) == 2


async def test_an_empty_list_shows_nobody_and_leaves_no_line(session: AsyncSession, now: datetime) -> None:
    booked = await make.make_booked(session)
    actor = await make.actor_of(session, booked.owner)
    await attendance.roster(session, actor, school_id=booked.school.id, day=clock.jst_date(now), now=now)
    assert await looks(session) == []


async def test_two_looks_at_once_leave_one_line(committed: Committed, now: datetime) -> None:
    async with committed() as session:
        booked = await make.make_booked(session)
        actor = await make.actor_of(session, booked.owner)
    day = clock.jst_date(booked.schedule.start_at)

    async def look() -> None:
        async with committed() as session:
            await attendance.roster(session, actor, school_id=booked.school.id, day=day, now=now)

    await asyncio.gather(*(look() for _ in range(5)))
    async with committed() as session:
        assert len(await looks(session)) == 1


async def test_an_admin_reads_the_log_page_by_page_and_by_person(
    session: AsyncSession, now: datetime
) -> None:
    admin = await make.actor_of(session, await make.make_user(session, UserType.ADMIN, name="管理者"))
    ito = await make.make_user(session, UserType.SCHOOL_OWNER, name="伊藤", email="Ito@example.com")
    doer = await make.actor_of(session, ito)
    things = [audit.Thing("booking", new_id()) for _ in range(5)]
    for thing in things:
        await audit.record(session, doer, "attendance.recorded", thing, {"after": "absent"}, now=now)
    await audit.record(session, None, "keys.rotated", audit.Thing("key", new_id()), now=now)

    newest = await audit.list_entries(session, admin, limit=2)
    assert [entry.action for entry in newest.items] == ["keys.rotated", "attendance.recorded"]
    assert (newest.items[0].actor, newest.items[1].actor_type) == (None, UserType.SCHOOL_OWNER)

    for who in ("伊藤", "ito@EXAMPLE.com", " 伊藤 "):
        seen, cursor = [], None
        while True:
            page = await audit.list_entries(session, admin, who=who, cursor=cursor, limit=2)
            seen += [entry.thing_id for entry in page.items]
            if (cursor := page.next_cursor) is None:
                break
        assert seen == [thing.id for thing in reversed(things)]
    assert (await audit.list_entries(session, admin, who="だれでもない")).items == []
    assert (await audit.list_entries(session, admin, who="\0")).items != []


async def test_a_cursor_belongs_to_its_filter(session: AsyncSession, now: datetime) -> None:
    admin = await make.actor_of(session, await make.make_user(session, UserType.ADMIN))
    for _ in range(2):
        await audit.record(session, admin, "x.y", audit.Thing("x", new_id()), now=now)
    page = await audit.list_entries(session, admin, limit=1)
    for who, cursor in (("花子", page.next_cursor), ("", "nonsense")):
        with pytest.raises(InvalidInput):
            await audit.list_entries(session, admin, who=who, cursor=cursor)


async def test_only_admins_read_the_log(session: AsyncSession) -> None:
    booked = await make.make_booked(session)
    with pytest.raises(Unauthenticated):
        await audit.list_entries(session, ANONYMOUS)
    for user in (booked.owner, booked.guardian, booked.child):
        with pytest.raises(Forbidden):
            await audit.list_entries(session, await make.actor_of(session, user))
