"""Writing reviews: who may, when, once; what is refused and what is held (D11, D13)."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import errors
from naraigoto.actor import ANONYMOUS
from naraigoto.models.base import new_id
from naraigoto.models.bookings import BookingStatus
from naraigoto.models.schools import SchoolMember, SchoolRole
from naraigoto.models.search import SchoolStats
from naraigoto.services import points, reviews, schools
from naraigoto.services.reviews import Finding, HiddenFor, Kind, ReviewStatus, ReviewTarget
from tests.conftest import Committed
from tests.factories import NOW, actor_of, make_co_guardian, make_instructor
from tests.services.review_scene import WORDS, Scene, attended


async def balance(session: AsyncSession, scene: Scene) -> int:
    return (await points.statement(session, scene.guardian, now=NOW)).balance


async def shown(session: AsyncSession, scene: Scene) -> int:
    page = await reviews.of_school(session, scene.guardian, school_id=scene.booked.school.id)
    return len(page.items)


async def test_both_voices_speak_of_school_and_instructor_and_earn_whatever_the_rating(
    session: AsyncSession,
) -> None:
    scene = await attended(session)
    teacher = {"target_type": ReviewTarget.INSTRUCTOR, "target_id": scene.teacher.id}
    assert (await scene.post(session, rating=1)).points == 50
    assert (await scene.post(session, rating=5, **teacher)).points == 20
    assert (await scene.post(session, Kind.CHILD, rating=2, comment="")).points == 50
    assert (await scene.post(session, Kind.CHILD, rating=3, **teacher)).points == 20
    assert await balance(session, scene) == 140
    assert await shown(session, scene) == 4
    parent, child = await schools.voices(session, target_id=scene.booked.school.id)
    assert (parent.spread, child.spread) == ((1, 0, 0, 0, 0), (0, 1, 0, 0, 0))
    row = await session.get_one(SchoolStats, scene.booked.school.id, populate_existing=True)
    assert (row.parent_rating_sum, row.child_rating_sum) == (1, 2)


async def test_one_family_and_month_earns_at_most_three_hundred(session: AsyncSession) -> None:
    scene = await attended(session)
    for number in range(6):
        await points.grant_for_review(
            session,
            family_id=scene.booked.family.id,
            user_id=scene.booked.guardian.id,
            amount=46,
            source_key=f"review:parent:{number}",
            now=NOW,
        )
    assert (await scene.post(session)).points == 24
    assert (await scene.post(session, Kind.CHILD)).points == 0
    assert await balance(session, scene) == 300


@pytest.mark.parametrize(
    ("status", "refusal"),
    [
        (BookingStatus.RESERVED, errors.NotAttendedYet),
        (BookingStatus.ABSENT, errors.NotAttended),
    ],
)
async def test_only_who_came_may_speak(session: AsyncSession, status, refusal) -> None:
    scene = await attended(session, status=status)
    for kind in (Kind.PARENT, Kind.CHILD):
        with pytest.raises(refusal):
            await scene.post(session, kind)


async def test_another_family_and_a_sibling_find_no_booking(session: AsyncSession) -> None:
    scene, other = await attended(session), await attended(session)
    with pytest.raises(errors.NotFound):
        await scene.post(session, actor=other.guardian)
    with pytest.raises(errors.NotFound):
        await scene.post(session, Kind.CHILD, actor=other.child)
    for kind, actor in ((Kind.PARENT, scene.child), (Kind.CHILD, scene.guardian), (Kind.PARENT, scene.owner)):
        with pytest.raises(errors.Forbidden):
            await scene.post(session, kind, actor=actor)


async def test_whoever_runs_the_school_does_not_review_it_nor_does_the_family(session: AsyncSession) -> None:
    scene = await attended(session)
    partner = await make_co_guardian(session, scene.booked.family)
    session.add(SchoolMember(school_id=scene.booked.school.id, user_id=partner.id, role=SchoolRole.STAFF))
    await session.flush()
    for kind, actor in (
        (Kind.PARENT, await actor_of(session, partner)),
        (Kind.PARENT, scene.guardian),
        (Kind.CHILD, scene.child),
    ):
        with pytest.raises(errors.OwnSchool):
            await scene.post(session, kind, actor=actor)


async def test_only_the_instructor_of_the_booking_is_reviewed(session: AsyncSession) -> None:
    scene = await attended(session)
    other = await make_instructor(session, scene.booked.school, name="別の先生")
    for target, number in (
        (ReviewTarget.INSTRUCTOR, other.id),
        (ReviewTarget.SCHOOL, new_id()),
        (ReviewTarget.INSTRUCTOR, scene.booked.school.id),
    ):
        with pytest.raises(errors.InvalidInput):
            await scene.post(session, target_type=target, target_id=number)


async def test_the_window_closes_after_thirty_days(session: AsyncSession) -> None:
    scene = await attended(session)
    recorded = NOW - timedelta(days=1) + timedelta(hours=1)
    with pytest.raises(errors.ReviewWindowClosed):
        await scene.post(session, now=recorded + timedelta(days=30, seconds=1))
    assert (await scene.post(session, now=recorded + timedelta(days=30))).review.mine


async def test_once_per_booking_and_target(session: AsyncSession) -> None:
    scene = await attended(session)
    await scene.post(session)
    with pytest.raises(errors.ReviewExists) as refusal:
        await scene.post(session)
    assert refusal.value.facts["editable_until"] == NOW + timedelta(hours=48)
    assert await balance(session, scene) == 50


async def test_twice_at_once_is_one_review_and_one_reward(committed: Committed) -> None:
    async with committed() as session:
        scene = await attended(session)

    async def post() -> str:
        try:
            async with committed() as session:
                await scene.post(session)
        except errors.ReviewExists:
            return "exists"
        return "posted"

    assert sorted(await asyncio.gather(post(), post(), post())) == ["exists", "exists", "posted"]
    async with committed() as session:
        assert await balance(session, scene) == 50
        assert await shown(session, scene) == 1


@pytest.mark.parametrize("rating", [0, 6, 3.5, -1, True, "5", None])
async def test_strange_ratings_are_refused(session: AsyncSession, rating) -> None:
    scene = await attended(session)
    with pytest.raises(errors.InvalidInput) as refusal:
        await scene.post(session, rating=rating)
    assert refusal.value.facts == {"fields": {"rating": "rating"}}


@pytest.mark.parametrize(
    ("kind", "comment", "key"),
    [
        (Kind.PARENT, "あ" * 1001, "review_long"),
        (Kind.PARENT, "あ" * 2001, "review_long"),
        (Kind.CHILD, "あ" * 201, "child_long"),
        (Kind.PARENT, "よかった", "review_short"),
        (Kind.PARENT, " \u3000\n\t \u200b\u3164\u2800 ", "missing"),
        (Kind.PARENT, "<script>alert(1)</script>とてもよかったです", "html"),
        (Kind.CHILD, "<img src=x onerror=alert(1)>", "html"),
    ],
)
async def test_strange_texts_are_refused(session: AsyncSession, kind, comment, key) -> None:
    scene = await attended(session)
    with pytest.raises(errors.InvalidInput) as refusal:
        await scene.post(session, kind, comment=comment)
    assert refusal.value.facts == {"fields": {"comment": key}}


async def test_tricks_with_the_writing_direction_are_taken_out(session: AsyncSession) -> None:
    scene = await attended(session)
    posted = await scene.post(
        session, comment="\u202eたのしく\u2066通えて\u200fいます。\x00ありがとう。\r\n<3"
    )
    assert posted.review.comment == "たのしく通えています。ありがとう。\n<3"


async def test_a_held_text_tells_why_shows_nobody_and_earns_nothing_until_it_is_mended(
    session: AsyncSession,
) -> None:
    scene = await attended(session)
    held = await scene.post(session, comment="連絡は０９０ー１２３４ー５６７８までお願いします。")
    assert (held.review.status, held.review.findings, held.points) == (
        ReviewStatus.HELD,
        [Finding.PHONE],
        0,
    )
    assert await shown(session, scene) == 0
    mended = await reviews.edit(
        session, scene.guardian, kind=Kind.PARENT, review_id=held.review.id, comment=WORDS, now=NOW
    )
    assert (mended.review.status, mended.points, await shown(session, scene)) == (
        ReviewStatus.PUBLISHED,
        50,
        1,
    )
    queue = text("SELECT count(*) FROM review_reports WHERE status = 'open'")
    assert (await (await session.connection()).execute(queue)).scalar_one() == 0


async def test_the_reviewed_schools_own_name_may_stand(session: AsyncSession) -> None:
    scene = await attended(session)
    scene.booked.school.name = "あおば幼稚園スイミング"
    await session.flush()
    posted = await scene.post(session, comment="あおば幼稚園スイミングに通ってよかったです。")
    assert posted.review.status is ReviewStatus.PUBLISHED


async def test_editing_ends_after_two_days_and_with_the_reply(session: AsyncSession) -> None:
    scene, other = await attended(session), await attended(session)
    posted = await scene.post(session)
    name = {"kind": Kind.PARENT, "review_id": posted.review.id}
    with pytest.raises(errors.NotFound):
        await reviews.edit(session, other.guardian, **name, rating=1, now=NOW)
    with pytest.raises(errors.ReviewEditClosed):
        await reviews.edit(session, scene.guardian, **name, rating=1, now=NOW + timedelta(hours=49))
    edited = await reviews.edit(session, scene.guardian, **name, rating=2, now=NOW + timedelta(hours=48))
    assert (edited.review.rating, edited.review.comment) == (2, WORDS)
    parent, _ = await schools.voices(session, target_id=scene.booked.school.id)
    assert parent.spread == (0, 1, 0, 0, 0)
    await reviews.reply(session, scene.owner, **name, body="ありがとうございます。", now=NOW)
    with pytest.raises(errors.ReviewAnswered):
        await reviews.edit(session, scene.guardian, **name, rating=1, now=NOW + timedelta(hours=1))
    assert edited.review.editable_until is not None


async def test_deleting_takes_the_points_back_and_cannot_be_repeated_for_more(session: AsyncSession) -> None:
    scene = await attended(session)
    posted = await scene.post(session)
    name = {"kind": Kind.PARENT, "review_id": posted.review.id, "now": NOW}
    await reviews.delete(session, scene.guardian, **name)
    assert (await balance(session, scene), await shown(session, scene)) == (0, 0)
    with pytest.raises(errors.NotFound):
        await reviews.delete(session, scene.guardian, **name)
    with pytest.raises(errors.ReviewExists):
        await scene.post(session)


async def test_the_guardian_hides_and_shows_the_childs_review(session: AsyncSession) -> None:
    scene, other = await attended(session), await attended(session)
    posted = await scene.post(session, Kind.CHILD)
    name = {"review_id": posted.review.id, "now": NOW}
    with pytest.raises(errors.NotFound):
        await reviews.hide(session, other.guardian, **name)
    with pytest.raises(errors.ParentApprovalRequired):
        await reviews.hide(session, scene.child, **name)
    await reviews.hide(session, scene.guardian, **name)
    await reviews.hide(session, scene.guardian, **name)
    assert await shown(session, scene) == 0
    (own,) = await reviews.of_booking(session, scene.guardian, booking_id=scene.booked.booking.id, now=NOW)
    assert own.hidden_for is HiddenFor.GUARDIAN
    await reviews.show(session, scene.guardian, **name)
    assert (await shown(session, scene), await balance(session, scene)) == (1, 50)


async def test_the_school_answers_once_politely_and_only_its_own(session: AsyncSession) -> None:
    scene, rival = await attended(session), await attended(session)
    posted = await scene.post(session)
    name = {"kind": Kind.PARENT, "review_id": posted.review.id, "now": NOW}
    for actor, refusal in ((rival.owner, errors.NotFound), (scene.guardian, errors.Forbidden)):
        with pytest.raises(refusal):
            await reviews.reply(session, actor, **name, body="ありがとう")
    for body in ("", " \u3000", "あ" * 1001, "<b>ありがとう</b>", "お電話は03-1234-5678へ"):
        with pytest.raises(errors.InvalidInput):
            await reviews.reply(session, scene.owner, **name, body=body)
    answer = await reviews.reply(session, scene.owner, **name, body="またお待ちしています。")
    with pytest.raises(errors.ReplyExists):
        await reviews.reply(session, scene.owner, **name, body="もう一度")
    edited = await reviews.edit_reply(session, scene.owner, **name, body="お待ちしています。")
    assert edited.editable_until == answer.editable_until == NOW + timedelta(hours=48)
    late: dict[str, Any] = name | {"now": NOW + timedelta(hours=49)}
    with pytest.raises(errors.ReviewEditClosed):
        await reviews.edit_reply(session, scene.owner, **late, body="おそい")


async def test_a_review_is_helpful_once_per_person_and_sorts_first(session: AsyncSession) -> None:
    scene, other = await attended(session), await attended(session)
    old = await scene.post(session, now=NOW - timedelta(hours=2))
    await scene.post(session, Kind.CHILD)
    name = {"kind": Kind.PARENT, "review_id": old.review.id, "now": NOW}
    with pytest.raises(errors.OwnReview):
        await reviews.helpful(session, scene.child, **name, wanted=True)
    assert await reviews.helpful(session, other.guardian, **name, wanted=True) == 1
    assert await reviews.helpful(session, other.guardian, **name, wanted=True) == 1
    page = await reviews.of_school(
        session, other.guardian, school_id=scene.booked.school.id, sort=reviews.Sort.HELPFUL, limit=1
    )
    (first,) = page.items
    assert isinstance(first, reviews.ReviewRow)
    assert (first.id, first.voted) == (old.review.id, True)
    rest = await reviews.of_school(
        session,
        other.guardian,
        school_id=scene.booked.school.id,
        sort=reviews.Sort.HELPFUL,
        cursor=page.next_cursor,
    )
    assert [row.kind for row in rest.items if isinstance(row, reviews.ReviewRow)] == [Kind.CHILD]
    assert await reviews.helpful(session, other.guardian, **name, wanted=False) == 0


async def test_whoever_runs_the_school_finds_none_of_its_reviews_helpful(session: AsyncSession) -> None:
    scene, other = await attended(session), await attended(session)
    name = {"kind": Kind.PARENT, "review_id": (await scene.post(session)).review.id, "now": NOW}
    with pytest.raises(errors.OwnSchoolVote):
        await reviews.helpful(session, scene.owner, **name, wanted=True)
    assert await reviews.helpful(session, other.owner, **name, wanted=True) == 1
    for actor, votes in ((scene.owner, False), (other.owner, True), (ANONYMOUS, True)):
        page = await reviews.of_school(session, actor, school_id=scene.booked.school.id)
        assert page.votes is votes


async def test_lists_are_filtered_by_the_childs_age(session: AsyncSession) -> None:
    scene = await attended(session)
    await scene.post(session)
    for band, number in ((reviews.AgeBand.LOWER, 1), (reviews.AgeBand.TEENS, 0)):
        page = await reviews.of_school(session, scene.guardian, school_id=scene.booked.school.id, band=band)
        assert len(page.items) == number


async def test_the_sheet_tells_what_is_left_to_say_and_what_it_earns(session: AsyncSession) -> None:
    scene = await attended(session)
    booking = {"booking_id": scene.booked.booking.id, "now": NOW}
    assert [row.booking_id for row in await reviews.due(session, scene.child, now=NOW)] == [
        scene.booked.booking.id
    ]
    before = await reviews.sheet(session, scene.guardian, **booking)
    assert [target.points for target in before.targets] == [50, 20]
    await scene.post(session)
    after = await reviews.sheet(session, scene.guardian, **booking)
    assert [target.written is not None for target in after.targets] == [True, False]
    assert await reviews.due(session, scene.guardian, now=NOW) == []
    childs = await reviews.sheet(session, scene.child, **booking)
    assert (childs.kind, childs.targets[0].written) == (Kind.CHILD, None)
    assert childs.school_kana == scene.booked.school.name_kana != ""


async def test_the_family_sees_its_lessons_with_both_voices(session: AsyncSession) -> None:
    scene, other = await attended(session), await attended(session)
    await scene.post(session)
    await scene.post(session, Kind.CHILD)
    page = await reviews.of_family(session, scene.guardian, now=NOW)
    assert [[review.kind for review in row.reviews] for row in page.items] == [[Kind.PARENT, Kind.CHILD]]
    assert (await reviews.of_family(session, other.guardian, now=NOW)).items == []
