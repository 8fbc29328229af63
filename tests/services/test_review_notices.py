"""Who is promised what about reviews, and that it is still true when it is sent (domain.md §6)."""

from dataclasses import asdict
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.actor import Actor
from naraigoto.models.accounts import UserType
from naraigoto.services import moderation, outbox, reviews
from naraigoto.services.moderation import Action, ReportReason
from naraigoto.services.review_notices import ReportDecided
from naraigoto.services.reviews import Kind
from naraigoto.texts import mails
from tests.factories import NOW, actor_of, make_family, make_user
from tests.services.review_scene import attended


async def sent(session: AsyncSession) -> dict[tuple[str, str], Any]:
    """What would leave the house now, by kind and recipient; None for what is withdrawn."""
    found: dict[tuple[str, str], Any] = {}
    for message in await outbox.claim(session, limit=50, now=NOW):
        facts = await outbox.facts_for(session, message, now=NOW)
        name = (message.kind, str(message.recipient_user_id))
        found[name] = facts
        if facts is not None:
            mails.render(
                message.kind, facts.side.value, asdict(facts), public_url="https://x.example", now=NOW
            )
    return found


async def people(session: AsyncSession) -> tuple[Actor, Actor]:
    guardian = await make_user(session)
    await make_family(session, guardian=guardian)
    admin = await make_user(session, UserType.ADMIN)
    return await actor_of(session, guardian), await actor_of(session, admin)


async def test_the_school_hears_of_a_review_and_the_family_of_the_reply(session: AsyncSession) -> None:
    scene = await attended(session)
    posted = await scene.post(session)
    name = {"kind": Kind.PARENT, "review_id": posted.review.id, "now": NOW}
    await reviews.reply(session, scene.owner, **name, body="またお待ちしています。")
    found = await sent(session)
    school = {who for kind, who in found if kind == "review_posted"}
    assert str(scene.booked.guardian.id) not in school
    assert school
    reply = found["review_replied", str(scene.booked.guardian.id)]
    assert (reply.body, reply.lesson) == ("またお待ちしています。", "はじめての水泳")


async def test_a_review_that_is_gone_is_not_told(session: AsyncSession) -> None:
    scene = await attended(session)
    posted = await scene.post(session)
    await reviews.delete(session, scene.guardian, kind=Kind.PARENT, review_id=posted.review.id, now=NOW)
    assert set((await sent(session)).values()) == {None}


async def test_author_and_reporter_hear_of_the_decision_and_only_the_author_reads_the_note(
    session: AsyncSession,
) -> None:
    scene = await attended(session)
    reader, admin = await people(session)
    review_id = (await scene.post(session, Kind.CHILD)).review.id
    made = await moderation.report(
        session, reader, kind=Kind.CHILD, review_id=review_id, reason=ReportReason.CHILD_SAFETY, now=NOW
    )
    decision = {"report_id": made.id, "action": Action.WARN, "note": "お名前がありました", "now": NOW}
    await moderation.decide(session, admin, **decision)
    found = await sent(session)
    author = found["report_decided", str(scene.booked.guardian.id)]
    reporter = found["report_decided", str(reader.user_id)]
    assert (author.note, author.action, reporter.note) == ("お名前がありました", Action.WARN, "")


async def test_who_has_deleted_the_review_hears_only_of_the_suspension(session: AsyncSession) -> None:
    scene = await attended(session)
    reader, admin = await people(session)
    for kind, action in ((Kind.PARENT, Action.SUSPEND), (Kind.CHILD, Action.DISMISS)):
        review_id = (await scene.post(session, kind)).review.id
        author = scene.guardian if kind is Kind.PARENT else scene.child
        made = await moderation.report(
            session, reader, kind=kind, review_id=review_id, reason=ReportReason.OTHER, now=NOW
        )
        await reviews.delete(session, author, kind=kind, review_id=review_id, now=NOW)
        decision = {"report_id": made.id, "action": action, "note": "ガイドラインのとおりです"}
        await moderation.decide(session, admin, **decision, now=NOW)
    messages = await outbox.claim(session, limit=50, now=NOW)
    (told,) = [
        await outbox.facts_for(session, message, now=NOW)
        for message in messages
        if (message.kind, message.recipient_user_id) == ("report_decided", scene.booked.guardian.id)
    ]
    assert isinstance(told, ReportDecided)
    assert (told.action, told.gone) == (Action.SUSPEND, True)


async def test_the_answer_to_an_appeal_says_whether_the_review_is_public_again(session: AsyncSession) -> None:
    scene = await attended(session)
    reader, admin = await people(session)
    review_id = (await scene.post(session)).review.id
    name: dict[str, Any] = {"kind": Kind.PARENT, "review_id": review_id, "now": NOW}
    made = await moderation.report(session, reader, **name, reason=ReportReason.CHILD_SAFETY)
    decision = {"report_id": made.id, "action": Action.HIDE, "note": "お名前がありました", "now": NOW}
    await moderation.decide(session, admin, **decision)
    await moderation.appeal(session, scene.guardian, **name, body="名前ではありません")
    (case,) = (await moderation.queue(session, admin)).items
    assert case.appeal is not None
    answer: dict[str, Any] = {"appeal_id": case.appeal.id, "granted": True, "note": "そのとおりでした"}
    await moderation.decide_appeal(session, admin, **answer, now=NOW)
    found = await sent(session)
    told = found["appeal_decided", str(scene.booked.guardian.id)]
    assert (told.granted, told.shown, told.note) == (True, True, "そのとおりでした")
    assert ("appeal_decided", str(reader.user_id)) not in found


async def test_points_that_come_after_a_look_are_told(session: AsyncSession) -> None:
    scene = await attended(session)
    _, admin = await people(session)
    await scene.post(session, comment="くわしくは example.com を見てください。")
    (case,) = (await moderation.queue(session, admin)).items
    name = {"report_id": case.report_id, "action": Action.DISMISS, "note": "宣伝ではありません", "now": NOW}
    await moderation.decide(session, admin, **name)
    earned = (await sent(session))["points_earned", str(scene.booked.guardian.id)]
    assert (earned.points, earned.balance) == (50, 50)
