"""Reports, what an admin decides, appeals, and what everybody sees meanwhile (D12)."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock, db, errors
from naraigoto.actor import ANONYMOUS, Actor
from naraigoto.models.accounts import UserType
from naraigoto.models.moderation import ReviewReport
from naraigoto.models.search import SchoolStats
from naraigoto.rules import REVIEWS_SUSPENDED_FOR
from naraigoto.services import moderation, points, reviews
from naraigoto.services.moderation import Action, QueueState, ReportReason, Urgency
from naraigoto.services.reviews import Kind, ReviewStatus
from tests.conftest import Committed
from tests.factories import NOW, actor_of, make_family, make_user
from tests.services.review_scene import Scene, attended


async def family(session: AsyncSession) -> Actor:
    guardian = await make_user(session)
    await make_family(session, guardian=guardian)
    return await actor_of(session, guardian)


async def admin(session: AsyncSession) -> Actor:
    return await actor_of(session, await make_user(session, UserType.ADMIN))


async def shown(session: AsyncSession, scene: Scene) -> tuple[int, int]:
    page = await reviews.of_school(session, ANONYMOUS, school_id=scene.booked.school.id)
    row = await session.get_one(SchoolStats, scene.booked.school.id, populate_existing=True)
    return len(page.items), row.parent_review_count


async def report(session: AsyncSession, actor: Actor, review_id, reason=ReportReason.FALSE, **over):
    values = {"kind": Kind.PARENT, "review_id": review_id, "reason": reason, "now": NOW} | over
    return await moderation.report(session, actor, **values)


async def decide(session: AsyncSession, actor: Actor, report_id, action: Action, **over):
    values = {"report_id": report_id, "action": action, "note": "確認しました", "now": NOW} | over
    return await moderation.decide(session, actor, **values)


@pytest.mark.parametrize("reason", [ReportReason.CHILD_SAFETY, ReportReason.PERSONAL_DATA])
async def test_what_endangers_somebody_hides_at_once_in_lists_and_averages(
    session: AsyncSession, reason
) -> None:
    scene = await attended(session)
    posted = await scene.post(session)
    assert await shown(session, scene) == (1, 1)
    assert (await report(session, await family(session), posted.review.id, reason)).hidden
    assert await shown(session, scene) == (0, 0)


async def test_other_reasons_hide_at_three_different_families(session: AsyncSession) -> None:
    scene = await attended(session)
    review_id = (await scene.post(session)).review.id
    first = await family(session)
    assert not (await report(session, first, review_id)).hidden
    assert not (await report(session, scene.owner, review_id)).hidden
    assert not (await report(session, await family(session), review_id)).hidden
    assert await shown(session, scene) == (1, 1)
    assert (await report(session, await family(session), review_id)).hidden
    assert await shown(session, scene) == (0, 0)


async def test_again_is_the_same_report_and_ones_own_review_is_not_reported(session: AsyncSession) -> None:
    scene = await attended(session)
    review_id, reader = (await scene.post(session)).review.id, await family(session)
    first = await report(session, reader, review_id)
    assert (await report(session, reader, review_id, ReportReason.CHILD_SAFETY)).id == first.id
    assert await shown(session, scene) == (1, 1)
    with pytest.raises(errors.OwnReview):
        await report(session, scene.child, review_id)
    with pytest.raises(errors.Unauthenticated):
        await report(session, ANONYMOUS, review_id)
    with pytest.raises(errors.InvalidInput):
        await report(session, await family(session), review_id, comment="あ" * 501)


async def test_a_storm_by_one_person_ends(session: AsyncSession) -> None:
    reader = await family(session)
    for _ in range(10):
        scene = await attended(session)
        await report(session, reader, (await scene.post(session)).review.id)
    scene = await attended(session)
    with pytest.raises(errors.RateLimited):
        await report(session, reader, (await scene.post(session)).review.id)


async def test_the_desk_shows_the_most_urgent_first_with_histories(session: AsyncSession) -> None:
    desk = await admin(session)
    old, urgent, soon = await attended(session), await attended(session), await attended(session)
    for scene, reason, at in (
        (old, ReportReason.OTHER, NOW - timedelta(hours=3)),
        (urgent, ReportReason.CHILD_SAFETY, NOW),
        (soon, ReportReason.PERSONAL_DATA, NOW - timedelta(hours=1)),
    ):
        await report(session, await family(session), (await scene.post(session)).review.id, reason, now=at)
    with pytest.raises(errors.Forbidden):
        await moderation.queue(session, old.guardian)
    page = await moderation.queue(session, desk, limit=2)
    rest = await moderation.queue(session, desk, cursor=page.next_cursor)
    assert [case.urgency for case in (*page.items, *rest.items)] == [
        Urgency.URGENT,
        Urgency.SOON,
        Urgency.NORMAL,
    ]
    assert page.open_count == 3
    detail = await moderation.case(session, desk, report_id=page.items[0].report_id)
    assert (detail.author.posted, detail.author.removed) == (1, 0)
    assert [person.made for person in detail.reporters] == [1]


async def test_dismissing_brings_it_back_and_the_same_words_are_hidden_no_more(session: AsyncSession) -> None:
    scene, desk = await attended(session), await admin(session)
    review_id = (await scene.post(session)).review.id
    made = await report(session, await family(session), review_id, ReportReason.PERSONAL_DATA)
    case = await decide(session, desk, made.id, Action.DISMISS)
    assert (case.status, await shown(session, scene)) == (ReviewStatus.PUBLISHED, (1, 1))
    assert not (await report(session, await family(session), review_id, ReportReason.CHILD_SAFETY)).hidden
    with pytest.raises(errors.AlreadyDecided):
        await decide(session, desk, made.id, Action.HIDE)
    assert (await points.statement(session, scene.guardian, now=NOW)).balance == 50


async def test_removing_takes_the_points_and_is_told_and_logged(session: AsyncSession) -> None:
    scene, desk, reader = await attended(session), await admin(session), await family(session)
    review_id = (await scene.post(session)).review.id
    made = await report(session, reader, review_id)
    with pytest.raises(errors.Forbidden):
        await decide(session, scene.owner, made.id, Action.REMOVE)
    with pytest.raises(errors.InvalidInput):
        await decide(session, desk, made.id, Action.REMOVE, note=" ")
    await decide(session, desk, made.id, Action.REMOVE)
    assert (await points.statement(session, scene.guardian, now=NOW)).balance == 0
    (own,) = await reviews.of_booking(session, scene.guardian, booking_id=scene.booked.booking.id, now=NOW)
    assert (own.status, own.note, own.can_appeal) == (ReviewStatus.REMOVED, "確認しました", True)
    stored = await session.get(ReviewReport, made.id, populate_existing=True)
    assert stored is not None
    assert stored.status is moderation.ReportStatus.UPHELD
    connection = await session.connection()
    told = await connection.execute(
        text("SELECT recipient_user_id FROM outbox_messages WHERE kind = 'report_decided'")
    )
    assert {row[0] for row in told} == {scene.guardian.user_id, reader.user_id}
    logged = await connection.execute(text("SELECT action FROM audit_log WHERE thing_type = 'review_parent'"))
    assert [row[0] for row in logged] == ["review.decided"]
    assert (await moderation.queue(session, desk)).items == []
    assert len((await moderation.queue(session, desk, state=QueueState.DECIDED)).items) == 1


async def test_a_suspended_author_writes_nothing_for_thirty_days(session: AsyncSession) -> None:
    scene, desk = await attended(session), await admin(session)
    made = await report(session, await family(session), (await scene.post(session)).review.id)
    await decide(session, desk, made.id, Action.SUSPEND)
    teacher = {"target_type": reviews.ReviewTarget.INSTRUCTOR, "target_id": scene.teacher.id}
    with pytest.raises(errors.ReviewsSuspended):
        await scene.post(session, **teacher, now=NOW + timedelta(days=20))
    assert (await scene.post(session, Kind.CHILD)).points == 50


async def test_deleting_the_review_meanwhile_does_not_save_its_author_from_the_suspension(
    session: AsyncSession,
) -> None:
    scene, desk = await attended(session), await admin(session)
    review_id = (await scene.post(session)).review.id
    made = await report(session, await family(session), review_id)
    await reviews.delete(session, scene.guardian, kind=Kind.PARENT, review_id=review_id, now=NOW)
    case = await decide(session, desk, made.id, Action.SUSPEND)
    assert case.status is ReviewStatus.DELETED
    detail = await moderation.case(session, desk, report_id=made.id)
    assert detail.author.suspended_until == NOW + REVIEWS_SUSPENDED_FOR
    teacher = {"target_type": reviews.ReviewTarget.INSTRUCTOR, "target_id": scene.teacher.id}
    with pytest.raises(errors.ReviewsSuspended):
        await scene.post(session, **teacher, now=NOW + timedelta(days=20))


async def test_a_granted_appeal_brings_review_and_points_back_once(session: AsyncSession) -> None:
    scene, desk = await attended(session), await admin(session)
    review_id = (await scene.post(session)).review.id
    name = {"kind": Kind.PARENT, "review_id": review_id, "body": "事実を書きました", "now": NOW}
    with pytest.raises(errors.NotFound):
        await moderation.appeal(session, scene.guardian, **name)
    made = await report(session, await family(session), review_id)
    await decide(session, desk, made.id, Action.REMOVE)
    await moderation.appeal(session, scene.guardian, **name)
    with pytest.raises(errors.AppealMade):
        await moderation.appeal(session, scene.guardian, **name)
    (case,) = (await moderation.queue(session, desk)).items
    assert case.appeal is not None
    await moderation.decide_appeal(
        session, desk, appeal_id=case.appeal.id, granted=True, note="見直しました", now=NOW
    )
    assert await shown(session, scene) == (1, 1)
    assert (await points.statement(session, scene.guardian, now=NOW)).balance == 50
    numbers = await moderation.transparency(session, month=clock.month_of(NOW), now=NOW)
    assert (numbers.posted, numbers.removed, numbers.appeals_granted) == (1, 1, 1)


async def test_a_held_text_waits_on_the_desk_and_is_published_with_its_points(session: AsyncSession) -> None:
    scene, desk = await attended(session), await admin(session)
    held = await scene.post(session, comment="くわしくは example.com を見てください。")
    (case,) = (await moderation.queue(session, desk)).items
    assert (case.held, case.findings, case.reports) == (True, [reviews.Finding.URL], 0)
    await decide(session, desk, case.report_id, Action.DISMISS)
    assert await shown(session, scene) == (1, 1)
    assert (await points.statement(session, scene.guardian, now=NOW)).balance == 50
    assert held.points == 0


async def test_words_that_the_admin_has_not_read_are_not_decided_about(session: AsyncSession) -> None:
    scene, desk = await attended(session), await admin(session)
    held = await scene.post(session, comment="くわしくは example.com を見てください。")
    (read,) = (await moderation.queue(session, desk)).items
    worse = {"kind": Kind.PARENT, "review_id": held.review.id, "comment": "連絡先は090-1234-5678です。"}
    await reviews.edit(session, scene.guardian, **worse, now=NOW)
    with pytest.raises(errors.ReviewChanged):
        await decide(session, desk, read.report_id, Action.DISMISS, version=read.version)
    assert (await shown(session, scene))[0] == 0
    fresh = (await moderation.case(session, desk, report_id=read.report_id)).case
    await decide(session, desk, read.report_id, Action.DISMISS, version=fresh.version)
    assert (await shown(session, scene))[0] == 1


async def test_what_the_guardian_hid_stays_hidden_when_a_report_is_dismissed(session: AsyncSession) -> None:
    scene, desk = await attended(session), await admin(session)
    review_id = (await scene.post(session, Kind.CHILD)).review.id
    made = await report(session, await family(session), review_id, kind=Kind.CHILD)
    await reviews.hide(session, scene.guardian, review_id=review_id, now=NOW)
    await decide(session, desk, made.id, Action.DISMISS)
    assert (await shown(session, scene))[0] == 0


@pytest.mark.parametrize("action", [Action.HIDE, Action.REMOVE])
async def test_what_the_guardian_hid_stays_hidden_when_an_appeal_is_granted(
    session: AsyncSession, action
) -> None:
    scene, desk = await attended(session), await admin(session)
    name = {"kind": Kind.CHILD, "review_id": (await scene.post(session, Kind.CHILD)).review.id}
    made = await report(session, await family(session), **name)
    await reviews.hide(session, scene.guardian, review_id=name["review_id"], now=NOW)
    await decide(session, desk, made.id, action)
    with pytest.raises(errors.ReviewUnderReview):
        await reviews.show(session, scene.guardian, review_id=name["review_id"], now=NOW)
    await moderation.appeal(session, scene.child, **name, body="ほんとうだよ", now=NOW)
    (case,) = (await moderation.queue(session, desk)).items
    assert case.appeal is not None
    answer = {"appeal_id": case.appeal.id, "granted": True, "note": "見直しました", "now": NOW}
    await moderation.decide_appeal(session, desk, **answer)
    assert (await shown(session, scene))[0] == 0
    await reviews.show(session, scene.guardian, review_id=name["review_id"], now=NOW)
    assert (await shown(session, scene))[0] == 1
    assert (await points.statement(session, scene.guardian, now=NOW)).balance == 50


async def test_a_held_text_that_the_guardian_hid_is_not_shown_by_a_dismissal(session: AsyncSession) -> None:
    scene, desk = await attended(session), await admin(session)
    review_id = (await scene.post(session, Kind.CHILD)).review.id
    await reviews.hide(session, scene.guardian, review_id=review_id, now=NOW)
    said = {"comment": "090-1234-5678だよ", "now": NOW}
    await reviews.edit(session, scene.child, kind=Kind.CHILD, review_id=review_id, **said)
    (case,) = (await moderation.queue(session, desk)).items
    settled = await decide(session, desk, case.report_id, Action.DISMISS)
    assert (settled.status, (await shown(session, scene))[0]) == (ReviewStatus.HIDDEN, 0)
    await reviews.show(session, scene.guardian, review_id=review_id, now=NOW)
    assert (await shown(session, scene))[0] == 1


async def at_once(*works: Callable[[AsyncSession], Awaitable[Any]]) -> list[str]:
    """Everything at the same moment, each in its own transaction; what became of each."""

    async def one(work: Callable[[AsyncSession], Awaitable[Any]]) -> str:
        try:
            await db.retrying(work)
        except errors.DomainError as refusal:
            return type(refusal).__name__
        return "done"

    return sorted(await asyncio.gather(*map(one, works)))


async def test_three_families_at_once_hide_it_and_two_admins_decide_once(committed: Committed) -> None:
    async with committed() as session:
        scene, desk = await attended(session), await admin(session)
        review_id = (await scene.post(session)).review.id
        readers = [await family(session) for _ in range(3)]
    reports = [partial(report, actor=reader, review_id=review_id) for reader in readers]
    assert await at_once(*reports, *reports) == ["done"] * 6
    async with committed() as session:
        assert await shown(session, scene) == (0, 0)
        (case,) = (await moderation.queue(session, desk)).items
    assert case.reports == 3
    decisions = [partial(decide, actor=desk, report_id=case.report_id, action=Action.REMOVE)] * 2
    assert await at_once(*decisions) == ["AlreadyDecided", "done"]
    async with committed() as session:
        assert (await points.statement(session, scene.guardian, now=NOW)).balance == 0
