"""Published reviews of both voices: newest first, apart or paired, and nobody's name."""

from dataclasses import asdict
from datetime import date, timedelta

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.actor import ANONYMOUS
from naraigoto.errors import InvalidInput, NotFound
from naraigoto.models.reviews import ChildReview, ReviewReply, ReviewStatus, ReviewTarget
from naraigoto.models.schools import SchoolStatus
from naraigoto.services import reviews
from naraigoto.services.reviews import Grade, Kind, PairRow, ReviewRow, Stage, grade_at
from tests.factories import NOW, Booked, make_booked, make_instructor, make_review, make_school


async def _crowd(session: AsyncSession, count: int = 5) -> list[Booked]:
    """Families of one school: each with both voices, two of them at the same moment."""
    school = await make_school(session)
    families = [await make_booked(session, school=school) for _ in range(count)]
    for number, booked in enumerate(families):
        moment = NOW - timedelta(days=max(number, 1))
        await make_review(session, booked, created_at=moment)
        await make_review(session, booked, ChildReview, created_at=moment)
    return families


async def _all(session: AsyncSession, booked: Booked, limit: int = 2, **over) -> list:
    found, cursor = [], None
    while True:
        page = await reviews.of_school(
            session, ANONYMOUS, school_id=booked.school.id, cursor=cursor, limit=limit, **over
        )
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            return found


@pytest.mark.parametrize("kind", [None, Kind.PARENT, Kind.CHILD])
async def test_pages_are_newest_first_without_gaps_or_repeats(
    session: AsyncSession, kind: Kind | None
) -> None:
    families = await _crowd(session)
    rows = await _all(session, families[0], kind=kind)
    assert [(row.created_at, row.id) for row in rows] == sorted(
        {(row.created_at, row.id) for row in rows}, reverse=True
    )
    assert len(rows) == (10 if kind is None else 5)
    assert {row.kind for row in rows} == ({kind} if kind else {Kind.PARENT, Kind.CHILD})


async def test_a_pair_is_one_family_on_one_lesson(session: AsyncSession) -> None:
    families = await _crowd(session)
    alone = await make_booked(session, school=families[0].school)
    await make_review(session, alone)
    quiet = await make_booked(session, school=families[0].school)
    await make_review(session, quiet)
    await make_review(session, quiet, ChildReview, status=ReviewStatus.HELD)
    pairs = await _all(session, families[0], kind=Kind.FAMILY)
    assert len(pairs) == len(families)
    for pair in pairs:
        assert isinstance(pair, PairRow)
        assert (pair.parent.kind, pair.child.kind) == (Kind.PARENT, Kind.CHILD)
        assert pair.parent.created_at == pair.child.created_at


@pytest.mark.parametrize(
    "status", [status for status in ReviewStatus if status is not ReviewStatus.PUBLISHED]
)
async def test_only_published_reviews_are_read(session: AsyncSession, status: ReviewStatus) -> None:
    booked = await make_booked(session)
    await make_review(session, booked, status=status)
    assert await _all(session, booked) == []


async def test_reviews_of_one_instructor_are_asked_for_by_id(session: AsyncSession) -> None:
    booked = await make_booked(session)
    teacher = await make_instructor(session, booked.school)
    await make_review(session, booked)
    own = await make_review(session, booked, target_type=ReviewTarget.INSTRUCTOR, target_id=teacher.id)
    rows = await _all(session, booked, instructor_id=teacher.id)
    assert [row.id for row in rows] == [own.id]
    rows = await _all(session, booked, target=ReviewTarget.SCHOOL)
    assert [row.target_type for row in rows] == [ReviewTarget.SCHOOL]
    assert len(await _all(session, booked)) == 2


async def test_a_review_tells_the_grade_and_the_reply_but_no_name_and_no_person(
    session: AsyncSession,
) -> None:
    booked = await make_booked(session)
    review = await make_review(session, booked)
    reply = ReviewReply(
        parent_review_id=review.id,
        school_id=booked.school.id,
        author_user_id=booked.owner.id,
        body="ありがとうございます",
        created_at=NOW,
    )
    session.add(reply)
    await session.flush()
    (row,) = await _all(session, booked)
    assert isinstance(row, ReviewRow)
    assert row.grade == Grade(Stage.ELEMENTARY, 1)
    assert row.reply is not None
    assert row.reply.body == "ありがとうございます"
    said = str(asdict(row))
    for secret in (booked.guardian, booked.child, booked.family, booked.booking, booked.owner):
        assert str(secret.id) not in said
    assert booked.guardian.name not in said


async def test_reviews_of_an_unpublished_school_are_not_found(session: AsyncSession) -> None:
    booked = await make_booked(session)
    booked.school.status = SchoolStatus.SUSPENDED
    await session.flush()
    with pytest.raises(NotFound):
        await _all(session, booked)


async def test_a_cursor_of_another_list_is_refused(session: AsyncSession) -> None:
    families = await _crowd(session)
    page = await reviews.of_school(session, ANONYMOUS, school_id=families[0].school.id, limit=2)
    with pytest.raises(InvalidInput):
        await reviews.of_school(
            session, ANONYMOUS, school_id=families[0].school.id, kind=Kind.PARENT, cursor=page.next_cursor
        )


@pytest.mark.parametrize(
    ("born", "day", "grade"),
    [
        (date(2019, 5, 1), date(2026, 11, 27), Grade(Stage.ELEMENTARY, 1)),
        (date(2019, 3, 1), date(2026, 11, 27), Grade(Stage.ELEMENTARY, 2)),
        (date(2019, 5, 1), date(2026, 3, 31), Grade(Stage.YEARS, 6)),
        (date(2019, 5, 1), date(2026, 4, 1), Grade(Stage.ELEMENTARY, 1)),
        (date(2022, 12, 1), date(2026, 11, 27), Grade(Stage.YEARS, 3)),
        (date(2014, 4, 1), date(2026, 11, 27), Grade(Stage.ELEMENTARY, 6)),
        (date(2014, 3, 1), date(2026, 11, 27), Grade(Stage.JUNIOR_HIGH, 1)),
        (date(2009, 6, 1), date(2026, 11, 27), Grade(Stage.HIGH, 2)),
        (date(1990, 6, 1), date(2026, 11, 27), Grade(Stage.UNKNOWN)),
        (None, date(2026, 11, 27), Grade(Stage.UNKNOWN)),
    ],
)
def test_grades_turn_on_the_first_of_april(born: date | None, day: date, grade: Grade) -> None:
    assert grade_at(born, day) == grade
