"""What the rules refuse (D5): each refusal by its name, at its edges and in its order."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock, errors
from naraigoto.models.base import new_id
from naraigoto.models.billing import SubscriptionStatus
from naraigoto.models.bookings import Booking, BookingStatus, CancelKind
from naraigoto.models.schools import SchoolStatus
from naraigoto.models.tickets import TicketEntry
from tests import factories as make
from tests.stage import set_stage

NOW = make.NOW


@pytest.mark.parametrize("status", [status for status in SchoolStatus if status != SchoolStatus.PUBLISHED])
async def test_a_school_that_is_not_published_takes_no_bookings(
    session: AsyncSession, status: SchoolStatus
) -> None:
    stage = await set_stage(session)
    stage.school.status = status
    await stage.keep(stage.school)

    with pytest.raises(errors.SchoolNotPublished):
        await stage.book()


async def test_booking_is_open_up_to_the_second_of_the_cutoff(session: AsyncSession) -> None:
    stage = await set_stage(session)
    cutoff = stage.slot.start_at - timedelta(hours=2)

    with pytest.raises(errors.BookingDeadlinePassed):
        await stage.book(now=cutoff + timedelta(seconds=1))
    assert (await stage.book(now=cutoff)).status is BookingStatus.RESERVED


async def test_a_school_may_set_another_cutoff(session: AsyncSession) -> None:
    stage = await set_stage(session)
    stage.school.booking_cutoff_hours = 72
    await stage.keep(stage.school)

    with pytest.raises(errors.BookingDeadlinePassed):
        await stage.book()


async def test_booking_is_open_sixty_days_ahead_and_not_a_second_more(session: AsyncSession) -> None:
    stage = await set_stage(session)
    horizon = stage.slot.start_at - timedelta(days=60)

    with pytest.raises(errors.BookingDeadlinePassed):
        await stage.book(now=horizon - timedelta(seconds=1))
    assert (await stage.book(now=horizon.astimezone(clock.JST))).status is BookingStatus.RESERVED


async def test_a_cancelled_slot_takes_no_bookings(session: AsyncSession) -> None:
    stage = await set_stage(session)
    stage.slot.cancelled_at = NOW
    await stage.keep(stage.slot)

    with pytest.raises(errors.BookingDeadlinePassed):
        await stage.book()


async def test_a_full_slot_is_refused_and_costs_no_ticket(session: AsyncSession) -> None:
    stage = await set_stage(session, tickets=1, slot={"capacity": 1, "booked_count": 1})

    with pytest.raises(errors.ScheduleFull):
        await stage.book()
    assert await stage.tickets() == 1


async def test_a_held_seat_is_not_free(session: AsyncSession) -> None:
    stage = await set_stage(session, slot={"capacity": 2, "booked_count": 1, "held_count": 1})

    with pytest.raises(errors.ScheduleFull):
        await stage.book()


async def test_the_same_slot_is_booked_once_per_child(session: AsyncSession) -> None:
    stage = await set_stage(session, tickets=4)
    await stage.book()

    with pytest.raises(errors.AlreadyBooked):
        await stage.book()
    assert await stage.tickets() == 3


async def test_siblings_book_the_same_slot(session: AsyncSession) -> None:
    stage = await set_stage(session, tickets=4)
    sister = await make.make_child(session, stage.family, name="ひなた")
    await stage.book()

    assert (await stage.book(child_id=sister.id)).child.name == "ひなた"


async def test_a_cancelled_booking_does_not_stand_in_the_way_of_a_new_one(session: AsyncSession) -> None:
    stage = await set_stage(session, tickets=4)
    first = await session.get_one(Booking, (await stage.book()).id)
    first.status, first.cancel_kind, first.cancelled_at = BookingStatus.CANCELLED, CancelKind.IN_TIME, NOW
    stage.slot.booked_count = 0
    await stage.keep(first, stage.slot)

    assert (await stage.book()).id != first.id


async def test_an_overlapping_booking_is_named(session: AsyncSession) -> None:
    stage = await set_stage(session, tickets=4)
    piano = await make.make_class(session, stage.school, title="ピアノ入門")
    earlier = await make.make_schedule(session, piano, start_at=stage.slot.start_at - timedelta(minutes=30))
    await stage.book(schedule_id=earlier.id)

    with pytest.raises(errors.ScheduleOverlap) as refused:
        await stage.book()
    facts = refused.value.facts
    assert (facts["child"], facts["title"]) == ("そら", "ピアノ入門")
    assert (facts["start_at"], facts["end_at"]) == (earlier.start_at, earlier.end_at)


async def test_a_lesson_may_begin_when_the_other_ends(session: AsyncSession) -> None:
    stage = await set_stage(session, tickets=4)
    after = await make.make_schedule(session, stage.lesson, start_at=stage.slot.end_at)
    await stage.book()

    assert (await stage.book(schedule_id=after.id)).schedule.id == after.id


@pytest.mark.parametrize(
    ("born", "fits"),
    [((2022, 12), False), ((2022, 11), True), ((2013, 12), True), ((2013, 11), False), (None, True)],
)
async def test_age_is_counted_in_whole_years_on_the_day_of_the_lesson(
    session: AsyncSession, born: tuple[int, int] | None, fits: bool
) -> None:
    stage = await set_stage(session)
    month = clock.jst_date(NOW).replace(year=born[0], month=born[1], day=1) if born else None
    child = await make.make_child(session, stage.family, birth_month=month)

    if fits:
        assert (await stage.book(child_id=child.id)).child.user_id == child.id
        return
    with pytest.raises(errors.AgeOutOfRange) as refused:
        await stage.book(child_id=child.id)
    assert refused.value.facts == {"age_min": 4, "age_max": 12}


async def test_a_family_holds_ten_future_bookings_at_most(session: AsyncSession) -> None:
    stage = await set_stage(session, tickets=12)
    for day in range(10):
        await stage.book(schedule_id=(await stage.another_slot(day + 1)).id)

    with pytest.raises(errors.TooManyBookings) as refused:
        await stage.book()
    assert refused.value.facts == {"limit": 10}
    assert await stage.tickets() == 2


async def test_lessons_that_have_begun_no_longer_count(session: AsyncSession) -> None:
    stage = await set_stage(session, tickets=12)
    for day in range(10):
        await stage.book(schedule_id=(await stage.another_slot(day + 1)).id)
    first_has_begun = stage.slot.start_at + timedelta(days=1)
    later = await stage.another_slot(20)

    assert (await stage.book(schedule_id=later.id, now=first_has_begun)).schedule.id == later.id


async def test_tickets_already_paid_stay_usable_while_a_payment_is_confirmed(session: AsyncSession) -> None:
    stage = await set_stage(session, plan=SubscriptionStatus.ON_HOLD)

    assert (await stage.book()).status is BookingStatus.RESERVED


@pytest.mark.parametrize(
    ("plan", "has_plan"),
    [(SubscriptionStatus.ACTIVE, True), (SubscriptionStatus.CANCELED, False), (None, False)],
)
async def test_missing_tickets_are_counted(
    session: AsyncSession, plan: SubscriptionStatus | None, has_plan: bool
) -> None:
    stage = await set_stage(session, tickets=1, plan=plan, lesson={"ticket_cost": 3})

    with pytest.raises(errors.TicketsShort) as refused:
        await stage.book()
    assert refused.value.facts == {"missing": 2, "has_plan": has_plan}
    assert await stage.tickets() == 1


async def test_a_family_that_never_had_a_ticket_is_told_so(session: AsyncSession) -> None:
    stage = await set_stage(session, tickets=0, plan=None)

    with pytest.raises(errors.TicketsShort) as refused:
        await stage.book()
    assert refused.value.facts == {"missing": 1, "has_plan": False}


async def test_the_oldest_tickets_are_used_first_over_several_months(session: AsyncSession) -> None:
    stage = await set_stage(session, tickets=0, lesson={"ticket_cost": 3})
    november = await make.grant_tickets(session, stage.family, 4)
    october = await make.grant_tickets(
        session, stage.family, 2, month=clock.add_months(clock.month_of(NOW), -1)
    )

    booking = await stage.book()

    await session.refresh(november)
    await session.refresh(october)
    assert (october.balance, november.balance) == (0, 3)
    spent = await session.exec(select(TicketEntry).where(TicketEntry.booking_id == booking.id))
    assert {(line.balance_id, line.delta) for line in spent} == {(october.id, -2), (november.id, -1)}


async def test_expired_tickets_are_not_used(session: AsyncSession) -> None:
    stage = await set_stage(session, tickets=0)
    await make.grant_tickets(session, stage.family, 5, month=clock.add_months(clock.month_of(NOW), -2))

    with pytest.raises(errors.TicketsShort):
        await stage.book()


async def test_tickets_are_good_through_their_last_day(session: AsyncSession) -> None:
    stage = await set_stage(session, tickets=0)
    await make.grant_tickets(session, stage.family, 1, expires_on=clock.jst_date(NOW))
    midnight = clock.jst_midnight(clock.jst_date(NOW) + timedelta(days=1))

    with pytest.raises(errors.TicketsShort):
        await stage.book(now=midnight)
    assert await stage.book(now=midnight - timedelta(seconds=1))


async def test_refusals_come_in_the_order_of_the_rules(session: AsyncSession) -> None:
    """Everything is wrong at once; mending one thing at a time uncovers the next refusal."""
    stage = await set_stage(session, tickets=0, slot={"capacity": 1, "booked_count": 1})
    clash = await make.make_schedule(
        session, stage.lesson, start_at=stage.slot.start_at + timedelta(minutes=5)
    )
    overlapping = await make.make_booking(session, clash, stage.child, stage.family)
    stage.school.status = SchoolStatus.SUSPENDED
    stage.lesson.age_min, stage.lesson.age_max = 10, 12
    await stage.keep(stage.school, stage.lesson)
    late = stage.slot.start_at

    async def refusal(**over: Any) -> type[errors.DomainError]:
        with pytest.raises(errors.DomainError) as refused:
            await stage.book(**over)
        return type(refused.value)

    assert await refusal(now=late, child_id=new_id()) is errors.NotFound
    assert await refusal(now=late) is errors.SchoolNotPublished
    stage.school.status = SchoolStatus.PUBLISHED
    await stage.keep(stage.school)
    assert await refusal(now=late) is errors.BookingDeadlinePassed
    assert await refusal() is errors.ScheduleFull
    stage.slot.capacity = 5
    await stage.keep(stage.slot)
    assert await refusal() is errors.ScheduleOverlap
    overlapping.status, overlapping.cancelled_at = BookingStatus.CANCELLED, NOW
    overlapping.cancel_kind = CancelKind.IN_TIME
    await stage.keep(overlapping)
    assert await refusal() is errors.AgeOutOfRange
    stage.lesson.age_min = 4
    await stage.keep(stage.lesson)
    for day in range(10):
        await make.make_booking(session, await stage.another_slot(day + 1), stage.child, stage.family)
    assert await refusal() is errors.TooManyBookings
    assert await refusal(now=stage.slot.start_at - timedelta(hours=2)) is errors.TooManyBookings
