"""The pages of schools and instructors: who reads too much waits, and what is hidden leaves open pages."""

from datetime import timedelta
from uuid import UUID

import pytest
import reflex as rx

from naraigoto import clock
from naraigoto.actor import ANONYMOUS
from naraigoto.models.reviews import ParentReview, ReviewStatus
from naraigoto.models.schedules import LessonSchedule
from naraigoto.rules import READS_OF_ADDRESS
from naraigoto.services import limits
from naraigoto.state.instructors import InstructorState
from naraigoto.state.schools import SchoolState
from naraigoto.state.session import caller_address
from naraigoto.texts import schools as texts
from naraigoto.texts import ui
from tests import factories as make
from tests.state.cast import Cast, fire, tab


@pytest.mark.parametrize("kind", [SchoolState, InstructorState])
async def test_after_a_burst_a_place_asks_guests_to_wait(cast: Cast, kind: type[rx.State]) -> None:
    async with cast.committed() as session:
        teacher = await make.make_instructor(session, cast.stage.school)
    path = f"/schools/{cast.stage.school.id}" if kind is SchoolState else f"/instructors/{teacher.id}"
    guest = await tab(kind, "", path)
    await fire(guest, "load")
    assert guest.access == "ok"

    for _ in range(READS_OF_ADDRESS.count - 1):
        await limits.read_public(ANONYMOUS, caller_address(guest))
    await fire(guest, "load")

    assert (guest.access, guest.title, guest.days) == ("limited", ui.BRAND, [])
    member = await tab(kind, cast.cookies["hanako"], path)
    await fire(member, "load")
    assert member.access == "ok"


async def _reviewed(cast: Cast, number: int) -> list[UUID]:
    """The newest first."""
    async with cast.committed() as session:
        found = []
        for day in range(number):
            at = clock.now() - timedelta(days=day + 1)
            booked = await make.make_booked(session, school=cast.stage.school, start_at=at)
            review = await make.make_review(session, booked, rating=1 + 4 * (day % 2), created_at=at)
            found.append(review.id)
    return found


async def _hide(cast: Cast, review_id: UUID) -> None:
    async with cast.committed() as session:
        review = await session.get_one(ParentReview, review_id)
        review.status = ReviewStatus.HIDDEN
        session.add(review)


async def test_a_hidden_review_leaves_an_open_page_with_its_stars(cast: Cast) -> None:
    posted = await _reviewed(cast, 8)
    guest = await tab(SchoolState, "", f"/schools/{cast.stage.school.id}")
    await fire(guest, "load")
    await fire(guest, "more_reviews")
    assert (guest.tab, [view.id for view in guest.reviews]) == ("parent", [str(one) for one in posted])
    assert (guest.parent.rating, guest.parent.count) == ("3.0", texts.number_of_reviews(8))

    await _hide(cast, posted[6])
    await guest._show_anew()

    assert [view.id for view in guest.reviews] == [str(one) for one in (*posted[:6], posted[7])]
    assert (guest.parent.rating, guest.parent.count) == ("3.3", texts.number_of_reviews(7))
    assert [bar.count for bar in guest.parent.bars] == [4, 0, 0, 0, 3]
    for one in (*posted[:6], posted[7]):
        await _hide(cast, one)
    await guest._show_anew()
    assert (guest.tab, guest.reviews, guest.review_cursor, guest.review_problem) == ("parent", [], "", "")


async def test_a_reader_keeps_the_pages_and_the_filter_they_opened(cast: Cast) -> None:
    posted = await _reviewed(cast, 14)
    guest = await tab(SchoolState, "", f"/schools/{cast.stage.school.id}")
    await fire(guest, "load")
    await fire(guest, "more_reviews")
    await _hide(cast, posted[0])
    await guest._show_anew()
    assert [view.id for view in guest.reviews] == [str(one) for one in posted[1:13]]
    await fire(guest, "more_reviews")
    assert [view.id for view in guest.reviews] == [str(one) for one in posted[1:]]
    await fire(guest, "turn", "child")
    await guest._show_anew()
    assert (guest.tab, guest.reviews) == ("child", [])


async def test_a_seat_that_goes_sends_no_reviews_again(cast: Cast) -> None:
    await _reviewed(cast, 3)
    guest = await tab(SchoolState, "", f"/schools/{cast.stage.school.id}")
    await fire(guest, "load")
    guest._clean()
    async with cast.committed() as session:
        slot = await session.get_one(LessonSchedule, cast.stage.slot.id)
        slot.booked_count += 1
        session.add(slot)
    before = guest.slots[0].seats
    await guest._show_anew()
    assert guest.slots[0].seats != before
    assert not guest.dirty_vars & {"parent", "child", "reviews", "pairs", "review_cursor", "filtered"}
