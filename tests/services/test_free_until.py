"""Pages, refusals and mails say the same last moment at which cancelling is free (D5, D6)."""

from datetime import timedelta

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import errors
from naraigoto.models.accounts import UserType
from naraigoto.services import bookings, slot_changes
from naraigoto.state.booking_words import facts_of
from naraigoto.texts import booking_changes as texts
from tests import factories as make
from tests.services.test_slot_changes import AFTERNOON, NOW, START, keeper, move, news
from tests.stage import set_stage

SHORTLY = START - timedelta(hours=5)


async def test_who_lost_the_chosen_instructor_reads_that_cancelling_is_free_until_the_start(
    session: AsyncSession,
) -> None:
    stage = await set_stage(session, lesson={"instructor_choice": True})
    chosen, other = [await make.make_instructor(session, stage.school, name=name) for name in "甲乙"]
    booking = await stage.book(instructor_id=chosen.id)
    await slot_changes.replace_instructor(
        session, await keeper(stage), schedule_id=stage.slot.id, instructor_id=other.id, now=SHORTLY
    )

    terms = await bookings.terms(session, stage.actor, booking_id=booking.id, now=SHORTLY)
    detail = await bookings.get(session, stage.actor, booking.id)

    assert (terms.free, terms.free_until) == (True, START)
    assert facts_of(detail, SHORTLY).free_until == texts.until(START)
    confirmed = [facts for facts in await news(session, "booking_confirmed", SHORTLY) if facts]
    assert {facts.cancel_until for facts in confirmed} == {START}


async def test_a_refused_change_of_the_hour_names_the_last_moment_there_was(session: AsyncSession) -> None:
    stage = await set_stage(session)
    other, booking = await stage.another_slot(7), await stage.book()
    await move(stage, start_at=NOW + timedelta(hours=30))

    with pytest.raises(errors.TooLateToMove) as refused:
        await bookings.reschedule(
            session,
            stage.actor,
            booking_id=booking.id,
            schedule_id=other.id,
            now=NOW + timedelta(hours=25),
        )
    assert refused.value.facts["deadline"] == NOW + timedelta(hours=24)


async def test_who_loses_a_lesson_to_a_move_or_an_admin_reads_what_else_there_is(
    session: AsyncSession,
) -> None:
    stage = await set_stage(session, tickets=4)
    instead = await stage.another_slot(7)
    clashing = await make.make_schedule(session, stage.lesson, start_at=AFTERNOON + timedelta(minutes=20))
    booking = await stage.book()
    await stage.book(schedule_id=clashing.id)
    await move(stage)

    told = [facts for facts in await news(session, "booking_cancelled") if facts.side == "guardian"]
    assert [facts.booking_id for facts in told] == [booking.id]
    starts = [slot.start_at for slot in told[0].alternatives]
    assert instead.start_at in starts
    assert stage.slot.start_at not in starts

    admin = await make.actor_of(session, await make.make_user(session, UserType.ADMIN))
    again = await stage.book(schedule_id=instead.id)
    await bookings.cancel(session, admin, booking_id=again.id, now=NOW)
    told = [facts for facts in await news(session, "booking_cancelled") if facts.booking_id == again.id]
    for facts in told:
        found = [slot.start_at for slot in facts.alternatives]
        assert (instead.start_at in found, bool(found)) == (False, facts.side == "guardian")


async def test_who_cancels_alone_reads_of_no_other_lesson(session: AsyncSession) -> None:
    stage = await set_stage(session)
    await stage.another_slot(7)
    booking = await stage.book()
    await bookings.cancel(session, stage.actor, booking_id=booking.id, now=NOW)

    assert {tuple(facts.alternatives) for facts in await news(session, "booking_cancelled")} == {()}
