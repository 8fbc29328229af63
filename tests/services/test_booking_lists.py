"""Reading bookings, and what the dialog offers: each person what is theirs."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock, errors
from naraigoto.actor import ANONYMOUS, Actor
from naraigoto.models.base import new_id
from naraigoto.models.bookings import Booking, BookingStatus, CancelKind
from naraigoto.services import bookings
from tests import factories as make
from tests.stage import set_stage

NOW = make.NOW


async def test_a_guardian_sees_the_familys_bookings_and_a_child_its_own(session: AsyncSession) -> None:
    stage = await set_stage(session)
    sister = await make.make_child(session, stage.family, name="ひなた")
    mine, hers = await stage.book(), await stage.book(child_id=sister.id)
    child = await make.actor_of(session, stage.child)

    assert await seen(session, stage.actor) == {mine.id, hers.id}
    assert await seen(session, child) == {mine.id}
    assert (await bookings.get(session, child, mine.id)).booking.id == mine.id
    with pytest.raises(errors.NotFound):
        await bookings.get(session, child, hers.id)


async def test_another_familys_booking_does_not_exist(session: AsyncSession) -> None:
    stage, outsider = await set_stage(session), await set_stage(session)
    booking = await stage.book()

    with pytest.raises(errors.NotFound):
        await bookings.get(session, outsider.actor, booking.id)
    assert await seen(session, outsider.actor) == set()


async def test_guests_and_people_without_a_family_read_no_bookings(session: AsyncSession) -> None:
    stage = await set_stage(session)
    booking = await stage.book()
    owner = await make.actor_of(session, stage.owner)

    for actor, refusal in ((ANONYMOUS, errors.Unauthenticated), (owner, errors.Forbidden)):
        with pytest.raises(refusal):
            await bookings.get(session, actor, booking.id)
        with pytest.raises(refusal):
            await bookings.list_for(session, actor)


async def test_a_long_list_is_read_page_by_page_in_either_order(session: AsyncSession) -> None:
    stage = await set_stage(session, tickets=10)
    made = [await stage.book(schedule_id=(await stage.another_slot(day)).id) for day in range(1, 8)]

    for order, expected in ((bookings.Order.SOONEST, made), (bookings.Order.LATEST, made[::-1])):
        ids, cursor = [], None
        while True:
            page = await bookings.list_for(session, stage.actor, order=order, limit=3, cursor=cursor)
            ids += [item.id for item in page.items]
            if (cursor := page.next_cursor) is None:
                break
        assert ids == [booking.id for booking in expected]


async def test_a_cursor_of_another_list_is_refused(session: AsyncSession) -> None:
    stage = await set_stage(session, tickets=10)
    for day in (1, 2):
        await stage.book(schedule_id=(await stage.another_slot(day)).id)
    cursor = (await bookings.list_for(session, stage.actor, limit=1)).next_cursor

    others: list[dict[str, Any]] = [{"order": bookings.Order.SOONEST}, {"status": BookingStatus.RESERVED}]
    for over in others:
        with pytest.raises(errors.InvalidInput):
            await bookings.list_for(session, stage.actor, cursor=cursor, **over)
    with pytest.raises(errors.InvalidInput):
        await bookings.list_for(session, stage.actor, cursor="x")


async def test_bookings_are_filtered_by_status_time_and_child(session: AsyncSession) -> None:
    stage = await set_stage(session, tickets=10)
    first, second = await stage.another_slot(1), await stage.another_slot(2)
    early, late = await stage.book(schedule_id=first.id), await stage.book(schedule_id=second.id)
    came = await session.get_one(Booking, early.id)
    came.status = BookingStatus.ATTENDED
    await stage.keep(came)

    assert await seen(session, stage.actor, status=BookingStatus.ATTENDED) == {early.id}
    assert await seen(session, stage.actor, from_=second.start_at) == {late.id}
    assert await seen(session, stage.actor, to=second.start_at) == {early.id}
    assert await seen(session, stage.actor, child_id=stage.child.id) == {early.id, late.id}
    assert await seen(session, stage.actor, child_id=new_id()) == set()


async def test_a_lesson_moves_to_the_past_when_it_ends_or_is_cancelled(session: AsyncSession) -> None:
    stage = await set_stage(session, tickets=10)
    dropped = await session.get_one(
        Booking, (await stage.book(schedule_id=(await stage.another_slot(1)).id)).id
    )
    dropped.status, dropped.cancelled_at = BookingStatus.CANCELLED, NOW
    dropped.cancel_kind = CancelKind.IN_TIME
    await stage.keep(dropped)
    booking = await stage.book()

    async def ids(which: bookings.Section, now: datetime) -> list[UUID]:
        return [item.id for item in (await bookings.section(session, stage.actor, which, now=now)).items]

    assert await ids(bookings.Section.UPCOMING, NOW) == [booking.id]
    assert await ids(bookings.Section.PAST, NOW) == [dropped.id]
    running = stage.slot.end_at - timedelta(seconds=1)
    assert [item.id for item in await bookings.upcoming(session, stage.actor, now=running)] == [booking.id]
    assert await ids(bookings.Section.UPCOMING, stage.slot.end_at) == []
    assert await ids(bookings.Section.PAST, stage.slot.end_at) == [dropped.id, booking.id]


async def test_the_dialog_tells_which_children_fit_and_why_others_do_not(session: AsyncSession) -> None:
    stage = await set_stage(session, tickets=10)
    await make.make_child(session, stage.family, name="あかり", birth_month=clock.month_of(NOW))
    await make.make_child(session, stage.family, name="ひなた")
    clash = await make.make_schedule(
        session, stage.lesson, start_at=stage.slot.start_at + timedelta(minutes=5)
    )
    await stage.book(schedule_id=clash.id)

    offered = await bookings.options(session, stage.actor, schedule_id=stage.slot.id, now=NOW)

    found = {child.name: (child.age, type(child.refusal)) for child in offered.children}
    assert found == {
        "そら": (7, errors.ScheduleOverlap),
        "あかり": (0, errors.AgeOutOfRange),
        "ひなた": (7, type(None)),
    }
    assert (offered.cost, offered.usable, offered.refusal) == (1, 9, None)


async def test_the_dialog_tells_what_stands_in_the_way_of_the_whole_family(session: AsyncSession) -> None:
    stage = await set_stage(session, tickets=0)

    offered = await bookings.options(session, stage.actor, schedule_id=stage.slot.id, now=NOW)

    assert isinstance(offered.refusal, errors.TicketsShort)


async def test_the_dialog_offers_the_instructors_who_are_free(session: AsyncSession) -> None:
    stage = await set_stage(session, lesson={"instructor_choice": True})
    free = await make.make_instructor(session, stage.school, name="佐藤")
    busy = await make.make_instructor(session, stage.school)
    await make.make_schedule(session, stage.lesson, start_at=stage.slot.start_at, instructor_id=busy.id)
    await make.make_instructor(session, stage.school, deleted_at=NOW)

    offered = await bookings.options(session, stage.actor, schedule_id=stage.slot.id, now=NOW)

    assert [instructor.id for instructor in offered.instructors] == [free.id]


async def test_the_dialog_opens_for_guardians_only(session: AsyncSession) -> None:
    stage = await set_stage(session)
    child = await make.actor_of(session, stage.child)

    for actor, refusal in ((ANONYMOUS, errors.Unauthenticated), (child, errors.ParentApprovalRequired)):
        with pytest.raises(refusal):
            await bookings.options(session, actor, schedule_id=stage.slot.id, now=NOW)
    with pytest.raises(errors.NotFound):
        await bookings.options(session, stage.actor, schedule_id=new_id(), now=NOW)


async def seen(session: AsyncSession, actor: Actor, **over: Any) -> set[UUID]:
    return {item.id for item in (await bookings.list_for(session, actor, **over)).items}
