"""The door and the school's dialogs, and the sibling that has to be fetched elsewhere."""

from datetime import timedelta

from sqlmodel import col, select

from naraigoto import clock
from naraigoto.models.bookings import Booking
from naraigoto.models.schedules import LessonSchedule
from naraigoto.services import slot_changes
from naraigoto.state.booking_dialog import BookingState
from naraigoto.state.check_in import CheckInState
from naraigoto.state.slot_changes import SlotChangeState
from naraigoto.texts import attendance as school_words
from tests import factories as make
from tests.state.cast import Cast, fire, tab
from tests.state.test_booking_changes import booked


async def test_the_code_at_the_door_leads_to_one_press(cast: Cast) -> None:
    booking = await booked(cast)
    async with cast.committed() as session:
        start_at = clock.now() - timedelta(minutes=5)
        slot = await session.get_one(LessonSchedule, cast.stage.slot.id)
        slot.start_at, slot.end_at = start_at, start_at + timedelta(minutes=50)
        session.add(slot)
    path = f"/school/check-in/{booking.id}"
    for who in ("guest", "hanako", "sora"):
        stranger = await tab(CheckInState, cast.cookies[who], path)
        await fire(stranger, "load")
        await fire(stranger, "record")
        assert stranger.arrival.child == ""
    state = await tab(CheckInState, cast.cookies["ito"], path)
    await fire(state, "load")
    assert (state.arrival.child, state.arrival.status) == ("そら", "reserved")

    for _ in range(2):
        await fire(state, "record")

    assert (state.arrival.status, state.error) == ("attended", "")


async def test_a_code_read_too_early_says_from_when(cast: Cast) -> None:
    booking = await booked(cast)
    state = await tab(CheckInState, cast.cookies["ito"], f"/school/check-in/{booking.id}")
    await fire(state, "load")

    await fire(state, "record")

    assert "まだ早いようです" in state.error


async def test_an_instructor_is_replaced_from_the_schools_day(cast: Cast) -> None:
    booking = await booked(cast)
    async with cast.committed() as session:
        teacher = await make.make_instructor(session, cast.stage.school, name="高橋 舞")
    owner = await tab(SlotChangeState, cast.cookies["ito"], "/school")
    await fire(owner, "ask", str(cast.stage.slot.id), "teach")
    assert ("高橋 舞" in dict(owner.teachers).values()) is True

    await fire(owner, "teach", {"instructor_id": str(teacher.id)})

    assert owner.said == school_words.teacher_replaced(0)
    async with cast.committed() as session:
        query = select(Booking.instructor_id).where(col(Booking.id) == booking.id)
        assert (await session.exec(query)).one() == teacher.id


async def test_rivals_change_no_slot(cast: Cast) -> None:
    for who in ("guest", "hanako", "sora"):
        state = await tab(SlotChangeState, cast.cookies[who], "/school")
        await fire(state, "ask", str(cast.stage.slot.id), "cancel")
        assert (state.what, state.slot.title) == ("", "")
        await fire(state, "cancel", {"reason": ""})
    async with cast.committed() as session:
        found = await slot_changes.look(
            session,
            await make.actor_of(session, cast.stage.owner),
            schedule_id=cast.stage.slot.id,
            now=clock.now(),
        )
        assert found.booked == 0


async def test_the_dialog_names_the_sibling_who_has_to_be_fetched_elsewhere(cast: Cast) -> None:
    async with cast.committed() as session:
        elsewhere = await make.make_class(session, await make.make_school(session, name="英語の森"))
        start_at = cast.stage.slot.end_at + timedelta(minutes=10)
        other = await make.make_schedule(session, elsewhere, start_at=start_at)
        sibling = await make.make_child(session, cast.stage.family, name="うみ")
    await booked(cast, schedule_id=other.id, child_id=sibling.id)
    state = await tab(BookingState, cast.cookies["hanako"], f"/schools/{cast.stage.school.id}")

    await fire(state, "choose", str(cast.stage.slot.id))

    warnings = {child.name: child.warning for child in state.children}
    assert warnings["うみ"] == ""
    assert warnings["そら"].startswith("うみさんの送迎と重なるかもしれません")
    assert warnings["そら"].endswith("英語の森）")
