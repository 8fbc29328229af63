"""Figures and order of schools: every voice counts, a single 5 does not win (D20, G44)."""

from datetime import timedelta

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.models.likes import Like
from naraigoto.models.reviews import ChildReview, ReviewStatus, ReviewTarget
from naraigoto.models.schools import School, SchoolStatus
from naraigoto.models.search import SchoolStats
from naraigoto.services import search, stats
from naraigoto.services.search import SearchFilters, Sort
from tests.factories import (
    NOW,
    make_booked,
    make_class,
    make_instructor,
    make_review,
    make_schedule,
    make_school,
)


async def _rated(session: AsyncSession, ratings: list[int], **over) -> School:
    """A school with one parent's rating after another; the slots are past, so seats weigh nothing."""
    school = await make_school(session, **over)
    for number, rating in enumerate(ratings):
        past = NOW - timedelta(days=2, hours=number)
        booked = await make_booked(session, school=school, start_at=past)
        await make_review(session, booked, rating=rating)
    return school


async def _order(session: AsyncSession, sort: Sort = Sort.RECOMMENDED) -> list:
    await stats.refresh(session, now=NOW)
    page = await search.schools(session, filters=SearchFilters(sort=sort), now=NOW)
    return [row.id for row in page.items]


async def test_one_five_does_not_beat_twenty_of_4_6(session: AsyncSession) -> None:
    many = await _rated(session, [5] * 12 + [4] * 8)
    single = await _rated(session, [5])
    none = await _rated(session, [])
    poor = await _rated(session, [2] * 5)
    for sort in (Sort.RECOMMENDED, Sort.RATING):
        assert await _order(session, sort) == [many.id, single.id, none.id, poor.id]


async def test_a_new_school_with_free_seats_stays_behind_a_well_rated_one(session: AsyncSession) -> None:
    many = await _rated(session, [5] * 12 + [4] * 8)
    single = await _rated(session, [5], published_at=NOW - timedelta(days=1))
    lesson = await make_class(session, single)
    for hour in range(20):
        await make_schedule(session, lesson, start_at=NOW + timedelta(days=1, hours=hour))
    assert await _order(session) == [many.id, single.id]


async def test_the_order_changes_when_reviews_come(session: AsyncSession) -> None:
    before = await _rated(session, [4, 4, 4])
    after = await _rated(session, [])
    booked = await make_booked(session, school=before, start_at=NOW - timedelta(days=9))
    await make_review(session, booked, rating=5)
    assert await _order(session) == [before.id, after.id]
    for number in range(4):
        booked = await make_booked(session, school=after, start_at=NOW - timedelta(days=3, hours=number))
        await make_review(session, booked, ChildReview, rating=5)
    assert (await _order(session))[0] == after.id


async def test_figures_count_what_is_public_and_of_the_school_itself(session: AsyncSession) -> None:
    booked = await make_booked(session)
    teacher = await make_instructor(session, booked.school)
    await make_review(session, booked, rating=3)
    await make_review(session, booked, ChildReview, rating=5)
    await make_review(session, booked, rating=1, target_type=ReviewTarget.INSTRUCTOR, target_id=teacher.id)
    hidden = await make_booked(session, school=booked.school)
    await make_review(session, hidden, rating=1, status=ReviewStatus.HIDDEN)
    session.add(Like(user_id=booked.child.id, school_id=booked.school.id, family_id=booked.family.id))
    await session.flush()
    await stats.refresh(session, school_ids=[booked.school.id], now=NOW + timedelta(minutes=1))
    row = await session.get_one(SchoolStats, booked.school.id, populate_existing=True)
    assert (row.parent_rating_sum, row.parent_review_count) == (3, 1)
    assert (row.child_rating_sum, row.child_review_count) == (5, 1)
    assert (row.like_count, row.bookings_90d) == (1, 2)


async def test_a_school_that_comes_back_brings_its_figures(session: AsyncSession) -> None:
    school = await _rated(session, [5, 5, 5])
    school.status = SchoolStatus.SUSPENDED
    await session.flush()
    school.status = SchoolStatus.PUBLISHED
    await session.flush()
    row = await session.get_one(SchoolStats, school.id, populate_existing=True)
    assert (row.parent_rating_sum, row.parent_review_count) == (15, 3)


async def test_the_numbers_of_the_rules_are_those_of_the_database(session: AsyncSession) -> None:
    school = await _rated(session, [5, 4], published_at=NOW - timedelta(days=3))
    await make_schedule(session, await make_class(session, school))
    await stats.refresh(session, school_ids=[school.id], now=NOW)
    changed = await (await session.connection()).execute(
        text("SELECT refresh_school_stats(ARRAY[CAST(:id AS uuid)], :now)"), {"id": school.id, "now": NOW}
    )
    assert changed.scalar_one() == 0
