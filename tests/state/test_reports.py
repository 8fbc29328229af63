"""The admin's desk: what is decided is what was read, and nothing typed is lost."""

from datetime import timedelta

from naraigoto import clock, errors
from naraigoto.models.accounts import UserType
from naraigoto.models.reviews import ParentReview, ReviewStatus
from naraigoto.services import reviews
from naraigoto.services.reviews import Kind
from naraigoto.state.reports import ReportsState
from naraigoto.texts import reports as texts
from naraigoto.texts.errors import refusal
from tests import factories as make
from tests.conftest import Committed
from tests.services.review_scene import attended
from tests.state.cast import fire, tab

WORSE = "連絡先は090-1234-5678です。"


async def test_a_text_that_was_rewritten_meanwhile_is_shown_before_it_is_decided(committed: Committed):
    now = clock.now()
    async with committed() as session:
        scene = await attended(session, at=now - timedelta(days=1))
        posted = await scene.post(session, comment="くわしくは example.com を見てください。", now=now)
        cookie = (await make.cookie_of(session, await make.make_user(session, UserType.ADMIN)))["Cookie"]
    state = await tab(ReportsState, cookie, "/admin/reports")
    await fire(state, "load")
    await fire(state, "look", state.cases[0].id)
    key = state.form_key
    async with committed() as session:
        name = {"kind": Kind.PARENT, "review_id": posted.review.id}
        await reviews.edit(session, scene.guardian, **name, comment=WORSE, now=now)
    form = {"action": "dismiss", "note": "問題ありません"}
    await fire(state, "decide", form)
    assert (state.error, state.busy) == (refusal(errors.ReviewChanged()), False)
    assert (state.chosen.view.comment, state.form_key) == (WORSE, key)
    async with committed() as session:
        assert (await session.get_one(ParentReview, posted.review.id)).status is ReviewStatus.HELD
    await fire(state, "decide", form)
    assert (state.said, state.error) == (texts.DECIDED, "")
