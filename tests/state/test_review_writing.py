"""The screens on which a guardian and a child write: clicks in, words out, nothing typed is lost."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import func, select

from naraigoto import clock, errors
from naraigoto.models.reviews import ChildReview, ParentReview
from naraigoto.services import reviews
from naraigoto.state.review_writing import KidsReviewState, ReviewWritingState
from naraigoto.texts import kids_review
from naraigoto.texts import reviews as texts
from naraigoto.texts.errors import field_problem, refusal
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


async def _review(committed: Committed, state: Any) -> ParentReview:
    async with committed() as session:
        return await session.get_one(ParentReview, UUID(state.school.own.id))


@pytest.mark.parametrize("closed_by", ["time", "reply", "nobody"])
async def test_the_instructor_is_added_later_and_leaves_the_school_s_review_as_it_is(
    committed: Committed, closed_by: str
):
    async with committed() as session:
        scene = await attended(session, at=clock.now() - timedelta(days=4))
        written_at = clock.now() - timedelta(days=3 if closed_by == "time" else 1)
        posted = await scene.post(session, now=written_at)
        if closed_by == "reply":
            name = {"kind": reviews.Kind.PARENT, "review_id": posted.review.id, "now": clock.now()}
            await reviews.reply(session, scene.owner, **name, body="ありがとうございます。")
        cookie = (await make.cookie_of(session, scene.booked.guardian))["Cookie"]
    state = await tab(ReviewWritingState, cookie, f"/bookings/{scene.booked.booking.id}/review")
    await fire(state, "load")
    await fire(state, "edit")
    open_ = closed_by == "nobody"
    assert (state.editing, state.school.open, state.teacher.open) == (True, open_, True)
    assert state.lesson.points == texts.points_offer(None, 20)
    school = {"school-rating": "4", "school-comment": f"{WORDS}\r\n"} if open_ else {}
    await fire(state, "send", school | {"instructor-rating": "5", "instructor-comment": WORDS})
    assert (state.error, state.outcome.points) == ("", texts.points_earned(20))
    assert await _count(committed, ParentReview) == 2
    assert (await _review(committed, state)).edited_at is None
    assert (state.lesson.points, state.school.closed) == ("", "")


async def test_saving_without_a_change_says_so_and_saves_nothing(committed: Committed, scene):
    stage, cookies = scene
    state = await tab(ReviewWritingState, cookies["guardian"], f"/bookings/{stage.booked.booking.id}/review")
    await fire(state, "load")
    form = {"school-rating": "4", "school-comment": WORDS}
    await fire(state, "send", form)
    await fire(state, "edit")
    await fire(state, "send", form)
    assert (state.error, state.editing) == (texts.UNCHANGED, True)
    assert (await _review(committed, state)).edited_at is None
    await fire(state, "send", form | {"school-rating": "3"})
    assert (state.error, state.school.own.rating) == ("", 3)


async def test_what_was_deleted_has_no_fields_any_more_and_says_why(committed: Committed, scene):
    stage, cookies = scene
    state = await tab(ReviewWritingState, cookies["guardian"], f"/bookings/{stage.booked.booking.id}/review")
    await fire(state, "load")
    await fire(state, "send", {"school-rating": "4", "school-comment": WORDS})
    await fire(state, "ask_delete", state.school.own.id)
    await fire(state, "delete")
    assert (state.school.open, state.school.closed) == (False, texts.SPENT)
    assert not state.outcome.done
    assert (state.editing, state.lesson.points) == (True, texts.points_offer(None, 20))
    await fire(state, "send", {"school-rating": "4", "school-comment": WORDS})
    assert state.error == texts.NOTHING


async def test_after_thirty_days_there_are_no_fields(committed: Committed):
    async with committed() as session:
        scene = await attended(session, at=clock.now() - timedelta(days=40))
        cookie = (await make.cookie_of(session, scene.booked.child))["Cookie"]
    state = await tab(KidsReviewState, cookie, f"/kids/review/{scene.booked.booking.id}")
    await fire(state, "load")
    await fire(state, "edit")
    assert (state.access, state.editing) == ("ok", False)
    assert state.school.closed == refusal(errors.ReviewWindowClosed(), child=True)


async def test_strange_input_is_refused_and_the_screen_stays_usable(scene):
    stage, cookies = scene
    state = await tab(ReviewWritingState, cookies["guardian"], f"/bookings/{stage.booked.booking.id}/review")
    await fire(state, "load")
    for rating in ("9" * 5000, "6", "²", "x"):
        await fire(state, "send", {"school-rating": rating, "school-comment": WORDS})
        assert (state.school.rating_error, state.busy) == (field_problem("rating"), False)
    await fire(state, "send", {"school-rating": "4", "school-comment": "<" + " " * 40_000 + "1"})
    assert (state.school.comment_error, state.busy) == (field_problem("review_long"), False)


async def test_a_child_is_told_why_its_words_wait(scene):
    stage, cookies = scene
    state = await tab(KidsReviewState, cookies["child"], f"/kids/review/{stage.booked.booking.id}")
    await fire(state, "load")
    await fire(state, "send", {"school-rating": "5", "school-comment": "090-1234-5678 ばか"})
    assert state.outcome.held == kids_review.held(["phone", "word"]) == state.school.own.notice
    for words in (kids_review.HELD_FOR["phone"], kids_review.HELD_FOR["word"]):
        assert words in state.outcome.held
