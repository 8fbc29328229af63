"""Points of a review come with its first publication only (D13)."""

from datetime import timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.rules import POINTS_REVIEWS_MONTH_MAX
from naraigoto.services import points
from naraigoto.services.moderation import Action, ReportReason
from tests.factories import NOW
from tests.services.review_scene import attended
from tests.services.test_moderation import admin, decide, family, report

NEXT_MONTH = NOW + timedelta(days=35)


async def test_a_review_at_the_months_limit_earns_nothing_when_it_comes_back_later(
    session: AsyncSession,
) -> None:
    scene, desk = await attended(session), await admin(session)
    await points.grant_for_review(
        session,
        family_id=scene.booked.family.id,
        user_id=scene.booked.guardian.id,
        amount=POINTS_REVIEWS_MONTH_MAX,
        source_key="review:parent:others",
        now=NOW,
    )
    posted = await scene.post(session)
    assert posted.points == 0
    reader = await family(session)
    made = await report(session, reader, posted.review.id, ReportReason.CHILD_SAFETY, now=NEXT_MONTH)
    assert made.hidden
    await decide(session, desk, made.id, Action.DISMISS, now=NEXT_MONTH)
    found = await points.statement(session, scene.guardian, now=NEXT_MONTH)
    assert found.balance == POINTS_REVIEWS_MONTH_MAX
