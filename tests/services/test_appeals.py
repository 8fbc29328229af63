"""Objecting to a decision: who may, once each, what a granted one is worth, who reads the answer (D12)."""

from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import errors
from naraigoto.actor import ANONYMOUS, Actor
from naraigoto.models.reviews import AppealStatus
from naraigoto.services import moderation, points, reviews
from naraigoto.services.moderation import Action, QueueState, ReportReason
from naraigoto.services.reviews import Kind, ReviewStatus
from tests.conftest import Committed
from tests.factories import NOW, actor_of, make_child, make_co_guardian
from tests.services.review_scene import Scene, attended
from tests.services.test_moderation import admin, at_once, decide, family, report

LATER, MUCH_LATER = NOW + timedelta(days=1), NOW + timedelta(days=2)


async def appeal(session: AsyncSession, actor: Actor, review_id: UUID, **over) -> None:
    values = {"kind": Kind.PARENT, "review_id": review_id, "body": "事実を書きました", "now": NOW} | over
    await moderation.appeal(session, actor, **values)


async def answer(session: AsyncSession, desk: Actor, *, granted: bool, now=NOW) -> UUID:
    """Answer the one appeal on the desk."""
    (case,) = (await moderation.queue(session, desk)).items
    assert case.appeal is not None
    values = {"granted": granted, "note": "見直しました", "now": now}
    await moderation.decide_appeal(session, desk, appeal_id=case.appeal.id, **values)
    return case.appeal.id


async def decided(
    session: AsyncSession, desk: Actor, kind: Kind = Kind.PARENT, action: Action = Action.REMOVE
) -> tuple[Scene, UUID]:
    """A review about which an admin has decided."""
    scene = await attended(session)
    review_id = (await scene.post(session, kind)).review.id
    made = await report(session, await family(session), review_id, kind=kind)
    await decide(session, desk, made.id, action)
    return scene, review_id


async def own(session: AsyncSession, scene: Scene, actor: Actor | None = None, now=NOW) -> reviews.OwnReview:
    booking_id = scene.booked.booking.id
    (found,) = await reviews.of_booking(session, actor or scene.guardian, booking_id=booking_id, now=now)
    return found


async def balance(session: AsyncSession, scene: Scene) -> int:
    return (await points.statement(session, scene.guardian, now=MUCH_LATER)).balance


async def test_after_a_granted_appeal_reports_hide_the_same_words_no_more(session: AsyncSession) -> None:
    desk = await admin(session)
    scene, review_id = await decided(session, desk)
    await appeal(session, scene.guardian, review_id)
    await answer(session, desk, granted=True)
    for reason in (ReportReason.CHILD_SAFETY, ReportReason.PERSONAL_DATA, ReportReason.FALSE):
        made = await report(session, await family(session), review_id, reason, now=LATER)
        assert not made.hidden
    seen = await own(session, scene)
    assert (seen.status, seen.appeal) == (ReviewStatus.PUBLISHED, AppealStatus.GRANTED)


async def test_a_rejected_appeal_clears_nothing_and_is_the_last_word(session: AsyncSession) -> None:
    desk = await admin(session)
    scene, review_id = await decided(session, desk)
    await appeal(session, scene.guardian, review_id)
    await answer(session, desk, granted=False)
    seen = await own(session, scene)
    assert (seen.status, seen.appeal, seen.can_appeal) == (
        ReviewStatus.REMOVED,
        AppealStatus.REJECTED,
        False,
    )
    with pytest.raises(errors.AppealMade):
        await appeal(session, scene.guardian, review_id)


async def test_a_new_decision_is_appealed_anew_and_stands_on_the_desk_alone(session: AsyncSession) -> None:
    desk = await admin(session)
    scene, review_id = await decided(session, desk)
    await appeal(session, scene.guardian, review_id)
    first = await answer(session, desk, granted=True)
    made = await report(session, await family(session), review_id, now=LATER)
    await decide(session, desk, made.id, Action.REMOVE, note="別の理由です", now=LATER)
    seen = await own(session, scene, now=LATER)
    assert (seen.note, seen.appeal, seen.can_appeal) == ("別の理由です", None, True)
    await appeal(session, scene.guardian, review_id, now=LATER)
    with pytest.raises(errors.AppealMade):
        await appeal(session, scene.guardian, review_id, now=LATER)
    page = await moderation.queue(session, desk)
    assert [case.report_id for case in page.items] == [made.id]
    settled = (await moderation.queue(session, desk, state=QueueState.DECIDED)).items
    assert [case.appeal and case.appeal.id for case in settled] == [first]


async def test_an_appeal_counts_as_waiting_and_one_child_case_does_not_bring_back_another(
    session: AsyncSession,
) -> None:
    desk = await admin(session)
    _, _ = await decided(session, desk, Kind.CHILD)
    scene, review_id = await decided(session, desk, Kind.CHILD)
    assert (await moderation.queue(session, desk)).open_count == 0
    await appeal(session, scene.guardian, review_id, kind=Kind.CHILD)
    page = await moderation.queue(session, desk)
    assert ([case.review_id for case in page.items], page.open_count) == ([review_id], 1)


async def test_what_came_back_is_taken_again_with_the_next_removal_or_deletion(session: AsyncSession) -> None:
    desk = await admin(session)
    scene, review_id = await decided(session, desk)
    for at in (NOW, LATER):
        assert await balance(session, scene) == 0
        await appeal(session, scene.guardian, review_id, now=at)
        await answer(session, desk, granted=True, now=at)
        assert await balance(session, scene) == 50
        made = await report(session, await family(session), review_id, now=LATER)
        await decide(session, desk, made.id, Action.REMOVE, now=at + timedelta(hours=1))
    await appeal(session, scene.guardian, review_id, now=MUCH_LATER)
    await answer(session, desk, granted=True, now=MUCH_LATER)
    assert await balance(session, scene) == 50
    await reviews.delete(session, scene.guardian, kind=Kind.PARENT, review_id=review_id, now=MUCH_LATER)
    assert await balance(session, scene) == 0


@pytest.mark.parametrize("granted", [True, False])
async def test_the_answer_is_promised_to_the_guardians_once_and_shown_to_them(
    session: AsyncSession, granted: bool
) -> None:
    desk = await admin(session)
    scene, review_id = await decided(session, desk)
    partner = await make_co_guardian(session, scene.booked.family)
    await appeal(session, scene.guardian, review_id)
    number = await answer(session, desk, granted=granted)
    told = await (await session.connection()).execute(
        text("SELECT recipient_user_id FROM outbox_messages WHERE kind = 'appeal_decided'")
    )
    assert sorted(row[0] for row in told) == sorted([scene.booked.guardian.id, partner.id])
    assert (await own(session, scene)).appeal_note == "見直しました"
    with pytest.raises(errors.AlreadyDecided):
        await moderation.decide_appeal(
            session, desk, appeal_id=number, granted=True, note="もう一度", now=NOW
        )


async def test_a_guardian_appeals_for_the_child_and_so_may_the_child_itself(session: AsyncSession) -> None:
    desk = await admin(session)
    scene, review_id = await decided(session, desk, Kind.CHILD)
    partner = await actor_of(session, await make_co_guardian(session, scene.booked.family))
    for actor in (scene.guardian, partner, scene.child):
        assert (await own(session, scene, actor)).can_appeal
    await appeal(session, partner, review_id, kind=Kind.CHILD)
    assert not (await own(session, scene)).can_appeal
    for actor in (scene.guardian, scene.child):
        with pytest.raises(errors.AppealMade):
            await appeal(session, actor, review_id, kind=Kind.CHILD)
    await answer(session, desk, granted=True)
    assert (await own(session, scene)).status is ReviewStatus.PUBLISHED


async def test_nobody_else_appeals(session: AsyncSession) -> None:
    desk = await admin(session)
    scene, childs = await decided(session, desk, Kind.CHILD)
    _, parents = await decided(session, desk)
    sibling = await actor_of(session, await make_child(session, scene.booked.family))
    stranger = await attended(session)
    refused = [
        (ANONYMOUS, errors.Unauthenticated),
        (sibling, errors.NotFound),
        (stranger.guardian, errors.NotFound),
        (stranger.child, errors.NotFound),
        (scene.owner, errors.Forbidden),
        (desk, errors.Forbidden),
    ]
    for actor, refusal in refused:
        with pytest.raises(refusal):
            await appeal(session, actor, childs, kind=Kind.CHILD)
    with pytest.raises(errors.Forbidden):
        await appeal(session, scene.child, parents)
    with pytest.raises(errors.InvalidInput):
        await appeal(session, scene.guardian, childs, kind=Kind.CHILD, body="　")
    with pytest.raises(errors.AppealMade):
        await appeal(session, scene.guardian, childs, kind=Kind.CHILD, now=NOW + timedelta(days=15))


async def test_a_partner_does_not_appeal_for_the_other(session: AsyncSession) -> None:
    desk = await admin(session)
    scene, review_id = await decided(session, desk)
    partner = await actor_of(session, await make_co_guardian(session, scene.booked.family))
    assert not (await own(session, scene, partner)).can_appeal
    with pytest.raises(errors.NotFound):
        await appeal(session, partner, review_id)


async def test_what_only_reports_hide_is_not_decided_and_not_appealed(session: AsyncSession) -> None:
    desk = await admin(session)
    scene, review_id = await decided(session, desk)
    await appeal(session, scene.guardian, review_id)
    await answer(session, desk, granted=True)
    edited = {"kind": Kind.PARENT, "review_id": review_id, "comment": "先生がやさしく教えてくれました。"}
    await reviews.edit(session, scene.guardian, **edited, now=LATER)
    made = await report(session, await family(session), review_id, ReportReason.CHILD_SAFETY, now=LATER)
    assert made.hidden
    seen = await own(session, scene, now=LATER)
    assert (seen.decided_at, seen.note, seen.appeal, seen.can_appeal) == (None, "", None, False)
    with pytest.raises(errors.NotFound):
        await appeal(session, scene.guardian, review_id, now=LATER)


async def test_two_guardians_at_once_appeal_once(committed: Committed) -> None:
    async with committed() as session:
        desk = await admin(session)
        scene, review_id = await decided(session, desk, Kind.CHILD)
        partner = await actor_of(session, await make_co_guardian(session, scene.booked.family))
    works = [
        partial(appeal, actor=actor, review_id=review_id, kind=Kind.CHILD)
        for actor in (scene.guardian, partner)
    ]
    assert await at_once(*works) == ["AppealMade", "done"]
