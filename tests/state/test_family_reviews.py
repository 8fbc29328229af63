"""「親子の口コミ」: what was decided, in words, and the guardian's objection for the child."""

from datetime import timedelta

import pytest

from naraigoto import clock
from naraigoto.services import moderation
from naraigoto.services.moderation import Action, ReportReason
from naraigoto.services.reviews import Kind
from naraigoto.state.family_reviews import FamilyReviewsState
from naraigoto.state.review_words import OwnView
from naraigoto.state.review_writing import KidsReviewState
from naraigoto.state.schools import SchoolState
from naraigoto.texts import kids_review
from naraigoto.texts import reviews as texts
from tests import factories as make
from tests.conftest import Committed
from tests.services.review_scene import Scene, attended
from tests.services.test_moderation import admin, family
from tests.state.cast import fire, tab

NOTE, ANSWER = "お名前が書かれていました", "名前ではないと分かりました"


@pytest.fixture
async def scene(committed: Committed) -> tuple[Scene, dict[str, str]]:
    """A child's review that was reported, and the cookies of its people."""
    async with committed() as session:
        scene = await attended(session, at=clock.now() - timedelta(days=1))
        people = {"guardian": scene.booked.guardian, "child": scene.booked.child, "owner": scene.booked.owner}
        cookies = {who: (await make.cookie_of(session, user))["Cookie"] for who, user in people.items()}
        posted = await scene.post(session, Kind.CHILD, now=clock.now())
        await moderation.report(
            session,
            await family(session),
            kind=Kind.CHILD,
            review_id=posted.review.id,
            reason=ReportReason.CHILD_SAFETY,
            now=clock.now(),
        )
    return scene, cookies


async def _decide(committed: Committed, *, granted: bool | None = None) -> None:
    """Hide what waits; or answer the appeal."""
    async with committed() as session:
        desk = await admin(session)
        (case,) = (await moderation.queue(session, desk)).items
        if case.appeal is None:
            decision = {"report_id": case.report_id, "action": Action.HIDE, "note": NOTE}
            await moderation.decide(session, desk, **decision, now=clock.now())
        else:
            answer = {"appeal_id": case.appeal.id, "granted": bool(granted), "note": ANSWER}
            await moderation.decide_appeal(session, desk, **answer, now=clock.now())


async def _childs(state) -> OwnView:
    await fire(state, "load")
    return state.lessons[0].pairs[0].child


@pytest.mark.parametrize("granted", [True, False])
async def test_a_guardian_reads_the_decision_appeals_for_the_child_and_reads_the_answer(
    committed: Committed, scene, granted: bool
):
    _, cookies = scene
    state = await tab(FamilyReviewsState, cookies["guardian"], "/family")
    waiting = await _childs(state)
    assert (waiting.notice, waiting.can_appeal) == (texts.HIDDEN_TEXT, False)
    await _decide(committed)
    decided = await _childs(state)
    assert (decided.notice, decided.can_appeal) == (f"{texts.DECIDED_TEXT}（運営より: {NOTE}）", True)
    await fire(state, "ask_appeal", "child", decided.id)
    await fire(state, "appeal", {"body": " "})
    assert state.appealing
    assert state.appeal_error
    await fire(state, "appeal", {"body": "名前ではありません"})
    assert (state.appealing, state.said) == (False, texts.APPEAL_SENT)
    await _decide(committed, granted=granted)
    answered = await _childs(state)
    told = texts.APPEALS["granted" if granted else "rejected"]
    assert (answered.appeal, answered.can_appeal) == (f"{told}（運営より: {ANSWER}）", False)
    assert answered.status == ("published" if granted else "hidden")


async def test_the_child_reads_neither_the_note_nor_the_appeal(committed: Committed, scene):
    stage, cookies = scene
    guardian = await tab(FamilyReviewsState, cookies["guardian"], "/family")
    await _decide(committed)
    seen = await _childs(guardian)
    await fire(guardian, "ask_appeal", "child", seen.id)
    await fire(guardian, "appeal", {"body": "名前ではありません"})
    own = await tab(KidsReviewState, cookies["child"], f"/kids/review/{stage.booked.booking.id}")
    await fire(own, "load")
    shown = own.school.own
    assert (shown.notice, shown.appeal, shown.can_appeal) == (kids_review.NOT_SHOWN, "", False)


async def test_the_school_is_offered_no_vote_for_its_own_reviews(committed: Committed, scene):
    stage, cookies = scene
    async with committed() as session:
        await stage.post(session, now=clock.now())
    for who, votes in (("owner", False), ("guardian", True), ("", True)):
        path = f"/schools/{stage.booked.school.id}"
        state = await tab(SchoolState, cookies.get(who, ""), path)
        await fire(state, "load")
        assert state.votes is votes, who
        assert state.reviews[0].found_helpful == ""
