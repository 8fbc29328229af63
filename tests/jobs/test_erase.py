"""Every night what was personal of closed accounts goes, and what waited for a decision after it."""

import pytest
from sqlmodel import col, select

from naraigoto.jobs import erase
from naraigoto.models.accounts import User, UserType
from naraigoto.models.moderation import ReviewReport
from naraigoto.models.reviews import ReviewAppeal
from naraigoto.rules import ERASE_AFTER
from naraigoto.services import moderation, privacy
from naraigoto.services.actors import actor_for
from naraigoto.services.moderation import Action
from naraigoto.services.reviews import Kind
from tests import factories as make
from tests.conftest import Committed
from tests.factories import NOW, actor_of, make_user
from tests.services.review_scene import attended

GONE = NOW + ERASE_AFTER


async def written(committed: Committed) -> list[str]:
    """What reporters and authors wrote to the admins."""
    async with committed() as session:
        reports = await session.exec(select(ReviewReport.comment).order_by(col(ReviewReport.id)))
        appeals = await session.exec(select(ReviewAppeal.body))
        return [*reports, *appeals]


@pytest.mark.parametrize("who", ["reporter", "author"])
async def test_what_was_open_when_its_author_was_erased_goes_after_the_decision(
    committed: Committed, who: str
) -> None:
    async with committed() as session:
        scene = await attended(session)
        desk = await actor_of(session, await make_user(session, UserType.ADMIN))
        reporter = await make_user(session)
        await make.make_family(session, guardian=reporter)
        about = {"kind": Kind.PARENT, "review_id": (await scene.post(session)).review.id, "now": NOW}
        made = await moderation.report(
            session,
            await actor_of(session, reporter),
            reason=moderation.ReportReason.FALSE,
            comment="わたしの電話は",
            **about,
        )
        decision = {"report_id": made.id, "action": Action.REMOVE, "note": "確認しました"}
        if who == "author":
            await moderation.decide(session, desk, **decision, now=NOW)
            await moderation.appeal(session, scene.guardian, body="わたしは花子です", **about)
        leaver = reporter.id if who == "reporter" else scene.booked.guardian.id
        await privacy.close(session, await actor_for(session, leaver), now=NOW)

    await erase.run(GONE)
    kept = ["わたしの電話は"] if who == "reporter" else ["わたしの電話は", "わたしは花子です"]
    assert await written(committed) == kept  # the admin still has to read it

    async with committed() as session:
        if who == "reporter":
            await moderation.decide(session, desk, **decision, now=GONE)
        else:
            [case] = (await moderation.queue(session, desk)).items
            assert case.appeal is not None
            await moderation.decide_appeal(
                session, desk, appeal_id=case.appeal.id, granted=False, note="確認しました", now=GONE
            )
    for _ in range(2):
        await erase.run(GONE)
    assert await written(committed) == ([""] if who == "reporter" else ["わたしの電話は", "-"])


async def test_what_people_wrote_who_are_still_here_or_can_come_back_stays(committed: Committed) -> None:
    async with committed() as session:
        scene = await attended(session)
        desk = await actor_of(session, await make_user(session, UserType.ADMIN))
        about = {"kind": Kind.PARENT, "review_id": (await scene.post(session)).review.id, "now": NOW}
        for comment in ("いる", "もどれる"):
            reporter = await make_user(session, name=comment)
            await make.make_family(session, guardian=reporter)
            actor = await actor_of(session, reporter)
            made = await moderation.report(
                session, actor, reason=moderation.ReportReason.FALSE, comment=comment, **about
            )
        await moderation.decide(
            session, desk, report_id=made.id, action=Action.REMOVE, note="確認しました", now=NOW
        )
        await privacy.close(session, actor, now=NOW)

    assert await erase.run(NOW) == 0

    assert await written(committed) == ["いる", "もどれる"]
    async with committed() as session:
        assert (await session.exec(select(User.name).where(User.name == "もどれる"))).one()
