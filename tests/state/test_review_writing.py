"""The screens on which a guardian and a child write: clicks in, words out, nothing typed is lost."""

from datetime import timedelta

import pytest
from sqlmodel import func, select

from naraigoto import clock
from naraigoto.models.reviews import ChildReview, ParentReview
from naraigoto.state.review_writing import KidsReviewState, ReviewWritingState
from naraigoto.texts import kids_review
from naraigoto.texts import reviews as texts
from naraigoto.texts.errors import field_problem
from tests import factories as make
from tests.conftest import Committed
from tests.services.review_scene import WORDS, Scene, attended
from tests.state.cast import fire, tab


@pytest.fixture
async def scene(committed: Committed) -> tuple[Scene, dict[str, str]]:
    """A lesson of yesterday, and the cookies of its guardian and child."""
    async with committed() as session:
        scene = await attended(session, at=clock.now() - timedelta(days=1))
        people = {"guardian": scene.booked.guardian, "child": scene.booked.child}
        cookies = {who: (await make.cookie_of(session, user))["Cookie"] for who, user in people.items()}
    return scene, cookies


async def _count(committed: Committed, table: type[ParentReview] | type[ChildReview]) -> int:
    async with committed() as session:
        return (await session.exec(select(func.count()).select_from(table))).one()


async def test_a_guardian_publishes_school_and_instructor_from_one_screen(committed: Committed, scene):
    stage, cookies = scene
    path = f"/bookings/{stage.booked.booking.id}/review"
    state = await tab(ReviewWritingState, cookies["guardian"], path)
    await fire(state, "load")
    assert (state.access, state.editing) == ("ok", True)
    form = {f"{kind}-rating": "4" for kind in ("school", "instructor")}
    await fire(state, "send", form | {"school-comment": WORDS, "instructor-comment": WORDS})
    assert (state.outcome.done, state.outcome.points) == (True, texts.points_earned(70))
    assert await _count(committed, ParentReview) == 2
    assert not state.editing


async def test_without_stars_or_with_few_words_nothing_is_published(committed: Committed, scene):
    stage, cookies = scene
    path = f"/bookings/{stage.booked.booking.id}/review"
    state = await tab(ReviewWritingState, cookies["guardian"], path)
    await fire(state, "load")
    key = state.form_key
    await fire(state, "send", {})
    assert state.error == texts.NOTHING
    await fire(state, "send", {"school-comment": WORDS})
    assert state.school.rating_error == texts.RATING_MISSING
    await fire(state, "send", {"school-rating": "4", "school-comment": "短い"})
    assert state.school.comment_error == field_problem("review_short")
    assert state.form_key == key  # the fields are the same ones, with what was typed
    assert await _count(committed, ParentReview) == 0


async def test_a_second_part_that_is_refused_publishes_neither(committed: Committed, scene):
    stage, cookies = scene
    state = await tab(ReviewWritingState, cookies["guardian"], f"/bookings/{stage.booked.booking.id}/review")
    await fire(state, "load")
    form = {
        "school-rating": "5",
        "school-comment": WORDS,
        "instructor-rating": "5",
        "instructor-comment": "短",
    }
    await fire(state, "send", form)
    assert state.teacher.comment_error == field_problem("review_short")
    assert await _count(committed, ParentReview) == 0


async def test_a_child_taps_a_face_and_stamps(committed: Committed, scene):
    stage, cookies = scene
    state = await tab(KidsReviewState, cookies["child"], f"/kids/review/{stage.booked.booking.id}")
    await fire(state, "load")
    await fire(state, "send", {"school-comment": "やった"})
    assert state.school.rating_error == kids_review.CHOOSE_FACE
    await fire(state, "send", {"school-rating": "5", "school-stamp-0": "on", "school-comment": "やった"})
    assert state.outcome.points == kids_review.points(50)
    assert state.school.own.comment == kids_review.compose([kids_review.kept()[0]], "やった")
    assert await _count(committed, ChildReview) == 1


async def test_each_voice_finds_only_its_own_screen(scene):
    stage, cookies = scene
    number = stage.booked.booking.id
    wrong = await tab(KidsReviewState, cookies["guardian"], f"/kids/review/{number}")
    await fire(wrong, "load")
    assert wrong.access == "missing"
    other = await tab(ReviewWritingState, cookies["child"], f"/bookings/{number}/review")
    await fire(other, "load")
    assert other.access == "missing"
