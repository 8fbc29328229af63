"""The family's calendar: its lessons, and the secret address behind which apps find them."""

from datetime import timedelta

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import errors
from naraigoto.actor import ANONYMOUS
from naraigoto.rules import CALENDAR_PAST
from naraigoto.services import bookings, calendar
from tests import factories as make
from tests.stage import set_stage

NOW = make.NOW


async def test_the_address_leads_to_the_lessons_of_the_whole_family(session: AsyncSession) -> None:
    stage = await set_stage(session)
    sibling = await make.make_child(session, stage.family, name="うみ")
    first, second = await stage.book(), await stage.book(child_id=sibling.id)
    other = await set_stage(session)
    await other.book()

    token = await calendar.make_address(session, stage.actor, now=NOW)

    found = await calendar.behind(session, token, now=NOW)
    assert {lesson.booking_id for lesson in found} == {first.id, second.id}
    assert {lesson.child for lesson in found} == {"そら", "うみ"}
    assert await calendar.address(session, stage.actor) == token


async def test_cancelled_and_long_past_lessons_are_not_behind_it(session: AsyncSession) -> None:
    stage = await set_stage(session)
    booking = await stage.book()
    token = await calendar.make_address(session, stage.actor, now=NOW)
    far = NOW + CALENDAR_PAST + timedelta(days=4)
    assert await calendar.behind(session, token, now=far) == []

    await bookings.cancel(session, stage.actor, booking_id=booking.id, now=NOW)

    assert await calendar.behind(session, token, now=NOW) == []


async def test_a_new_address_ends_the_old_one_and_each_can_be_ended(session: AsyncSession) -> None:
    stage = await set_stage(session)
    old = await calendar.make_address(session, stage.actor, now=NOW)
    new = await calendar.make_address(session, stage.actor, now=NOW)
    assert await calendar.behind(session, new, now=NOW) == []

    for _ in range(2):
        await calendar.end_address(session, stage.actor)

    for token in (old, new, "", "x" * 65, "ひみつ", "' OR true --"):
        with pytest.raises(errors.NotFound):
            await calendar.behind(session, token, now=NOW)
    assert await calendar.address(session, stage.actor) is None


async def test_a_month_shows_what_begins_in_it(session: AsyncSession) -> None:
    stage = await set_stage(session)
    booking = await stage.book()
    start = stage.slot.start_at

    found = await calendar.between(session, stage.actor, start=start, end=start + timedelta(days=1))

    assert [lesson.booking_id for lesson in found] == [booking.id]
    assert await calendar.between(session, stage.actor, start=start - timedelta(days=1), end=start) == []


async def test_children_schools_and_guests_have_no_family_calendar(session: AsyncSession) -> None:
    stage = await set_stage(session)
    for actor, refusal in (
        (ANONYMOUS, errors.Unauthenticated),
        (await make.actor_of(session, stage.child), errors.ParentApprovalRequired),
        (await make.actor_of(session, stage.owner), errors.Forbidden),
    ):
        for work in (
            calendar.address(session, actor),
            calendar.make_address(session, actor, now=NOW),
            calendar.end_address(session, actor),
            calendar.between(session, actor, start=NOW, end=NOW),
        ):
            with pytest.raises(refusal):
                await work
