"""Changing what was written: the guardian's hiding stays, what did not change is not looked at anew (D11)."""

import time
from datetime import datetime, timedelta

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import errors
from naraigoto.models.accounts import UserType
from naraigoto.services import moderation, points, reviews
from naraigoto.services.reviews import Finding, HiddenFor, Kind, ReviewStatus
from tests.factories import NOW, actor_of, make_user
from tests.services.review_scene import WORDS, Scene, attended


async def balance(session: AsyncSession, scene: Scene) -> int:
    return (await points.statement(session, scene.guardian, now=NOW)).balance


async def shown(session: AsyncSession, scene: Scene) -> int:
    page = await reviews.of_school(session, scene.guardian, school_id=scene.booked.school.id)
    return len(page.items)


async def test_what_the_guardian_hid_stays_hidden_when_the_child_rewrites_it(session: AsyncSession) -> None:
    scene = await attended(session)
    posted = await scene.post(session, Kind.CHILD)
    name = {"review_id": posted.review.id, "now": NOW}
    await reviews.hide(session, scene.guardian, **name)
    held = await reviews.edit(session, scene.child, kind=Kind.CHILD, comment="090-1234-5678だよ", **name)
    assert held.review.status is ReviewStatus.HELD
    with pytest.raises(errors.ReviewUnderReview):
        await reviews.show(session, scene.guardian, **name)
    mended = await reviews.edit(session, scene.child, kind=Kind.CHILD, comment="またいきたい", **name)
    assert (mended.review.status, mended.review.hidden_for) == (ReviewStatus.HIDDEN, HiddenFor.GUARDIAN)
    assert await shown(session, scene) == 0
    await reviews.show(session, scene.guardian, **name)
    assert (await shown(session, scene), await balance(session, scene)) == (1, 50)


async def test_other_stars_alone_do_not_bring_the_words_to_the_desk_again(session: AsyncSession) -> None:
    scene = await attended(session)
    desk = await actor_of(session, await make_user(session, UserType.ADMIN))
    held = await scene.post(session, comment="くわしくは example.com を見てください。")
    name = {"kind": Kind.PARENT, "review_id": held.review.id, "now": NOW}
    still = await reviews.edit(session, scene.guardian, rating=5, **name)
    assert (still.review.status, still.review.findings) == (ReviewStatus.HELD, [Finding.URL])
    (case,) = (await moderation.queue(session, desk)).items
    action = moderation.Action.DISMISS
    await moderation.decide(session, desk, report_id=case.report_id, action=action, note="問題なし", now=NOW)
    fewer = await reviews.edit(session, scene.guardian, rating=2, **name)
    assert (fewer.review.status, fewer.review.rating) == (ReviewStatus.PUBLISHED, 2)


async def test_saying_the_same_again_changes_nothing_however_late(session: AsyncSession) -> None:
    scene = await attended(session)
    posted = await scene.post(session)
    same = await reviews.edit(
        session,
        scene.guardian,
        kind=Kind.PARENT,
        review_id=posted.review.id,
        rating=4,
        comment=f" {WORDS}\r\n",
        now=NOW + timedelta(days=5),
    )
    assert (same.review.edited_at, same.review.comment, same.points) == (None, WORDS, 0)


async def test_a_text_far_too_long_is_refused_at_once(session: AsyncSession) -> None:
    scene = await attended(session)
    began = time.thread_time()
    with pytest.raises(errors.InvalidInput) as refusal:
        await scene.post(session, comment="<" + " " * 40_000 + "1")
    assert refusal.value.facts["fields"] == {"comment": "review_long"}
    assert time.thread_time() - began < 1


async def test_the_sheet_offers_what_can_still_be_written_or_changed(session: AsyncSession) -> None:
    scene = await attended(session)
    booking = scene.booked.booking.id

    async def seen(now: datetime) -> list[tuple[bool, bool, int]]:
        sheet = await reviews.sheet(session, scene.guardian, booking_id=booking, now=now)
        return [(target.open, target.spent, target.points) for target in sheet.targets]

    posted = await scene.post(session)
    assert await seen(NOW) == [(True, False, 0), (True, False, 20)]
    assert await seen(NOW + timedelta(days=3)) == [(False, False, 0), (True, False, 20)]
    assert await seen(NOW + timedelta(days=31)) == [(False, False, 0), (False, False, 0)]
    await reviews.delete(session, scene.guardian, kind=Kind.PARENT, review_id=posted.review.id, now=NOW)
    assert await seen(NOW) == [(False, True, 0), (True, False, 20)]
    childs = await reviews.sheet(session, scene.child, booking_id=booking, now=NOW)
    assert childs.targets[0].open
