"""Averages are those of the visible reviews, whatever happens; lists stay on their indexes at scale."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import db, errors
from naraigoto.actor import ANONYMOUS, Actor
from naraigoto.models.accounts import UserType
from naraigoto.rules import PAGE_DEFAULT
from naraigoto.services import moderation, reviews, schools
from naraigoto.services.moderation import Action, ReportReason
from naraigoto.services.reviews import Kind, ReviewTarget, Sort
from tests.connections import rolled_back
from tests.database import cluster, throwaway
from tests.factories import NOW, actor_of, make_family, make_school, make_user
from tests.services.review_scene import WORDS, Scene, attended

EXAMPLES = int(os.environ.get("REVIEW_EXAMPLES", "3"))
STEPS = int(os.environ.get("REVIEW_STEPS", "25"))
_TRUTH = text("""
SELECT 'parent', target_id, rating, count(*) FROM reviews_parent WHERE status = 'published' GROUP BY 2, 3
UNION ALL
SELECT 'child', target_id, rating, count(*) FROM reviews_child WHERE status = 'published' GROUP BY 2, 3
""")
_TALLIES = text("SELECT voice, target_id, rating, number FROM review_tallies WHERE number > 0")
_STATS = text("""
SELECT st.parent_rating_sum, st.parent_review_count, st.child_rating_sum, st.child_review_count,
  coalesce(p.total, 0), coalesce(p.number, 0), coalesce(c.total, 0), coalesce(c.number, 0)
FROM schools_stats st
LEFT JOIN (SELECT target_id, sum(rating) AS total, count(*) AS number FROM reviews_parent
  WHERE status = 'published' GROUP BY 1) p ON p.target_id = st.school_id
LEFT JOIN (SELECT target_id, sum(rating) AS total, count(*) AS number FROM reviews_child
  WHERE status = 'published' GROUP BY 1) c ON c.target_id = st.school_id
""")


class Lives(RuleBasedStateMachine):
    """Posts, edits, deletions, hidings, reports and decisions in any order at one school."""

    url = ""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.loop.run(db.open_engine(self.url))
        self.posted: list[tuple[Scene, Kind, Any]] = []
        self.scenes: list[Scene] = self.loop.run(self._begin())

    async def _begin(self) -> list[Scene]:
        async with db.transaction() as session:
            school = await make_school(session)
            scenes = [
                await attended(session, school=school, at=NOW - timedelta(days=day)) for day in (1, 2, 3)
            ]
            self.admin: Actor = await actor_of(session, await make_user(session, UserType.ADMIN))
        return scenes

    def teardown(self) -> None:
        """Give the connections back."""
        self.loop.run(db.close_engine())
        self.loop.close()

    def _try(self, work: Any) -> Any:
        async def run() -> Any:
            try:
                return await db.retrying(work)
            except errors.DomainError as refusal:
                return refusal

        return self.loop.run(run())

    def _any(self, pick: int) -> tuple[Scene, Kind, Any] | None:
        return self.posted[pick % len(self.posted)] if self.posted else None

    @rule(pick=st.integers(0, 2), child=st.booleans(), rating=st.integers(1, 5), bad=st.booleans())
    def post(self, pick: int, child: bool, rating: int, bad: bool) -> None:
        """Somebody writes, now and then what must be looked at."""
        scene, kind = self.scenes[pick], Kind.CHILD if child else Kind.PARENT
        words = "連絡は090-1234-5678まで" if bad else WORDS
        answer = self._try(lambda session: scene.post(session, kind, rating=rating, comment=words))
        if isinstance(answer, reviews.Posted):
            self.posted.append((scene, kind, answer.review.id))

    @rule(pick=st.integers(0, 99), rating=st.integers(1, 5))
    def edit(self, pick: int, rating: int) -> None:
        """The author changes stars and words."""
        if chosen := self._any(pick):
            scene, kind, number = chosen
            actor = scene.guardian if kind is Kind.PARENT else scene.child
            name = {"kind": kind, "review_id": number, "now": NOW}
            self._try(lambda session: reviews.edit(session, actor, **name, rating=rating, comment=WORDS))

    @rule(pick=st.integers(0, 99))
    def delete(self, pick: int) -> None:
        """The author takes it back."""
        if pick % 5 == 0 and (chosen := self._any(pick)):
            scene, kind, number = chosen
            actor = scene.guardian if kind is Kind.PARENT else scene.child
            self._try(lambda session: reviews.delete(session, actor, kind=kind, review_id=number, now=NOW))

    @rule(pick=st.integers(0, 99), back=st.booleans())
    def hide(self, pick: int, back: bool) -> None:
        """The guardian hides or shows."""
        if chosen := self._any(pick):
            change = reviews.show if back else reviews.hide
            scene, _, number = chosen
            self._try(lambda session: change(session, scene.guardian, review_id=number, now=NOW))

    @rule(pick=st.integers(0, 99), reason=st.sampled_from(ReportReason))
    def report(self, pick: int, reason: ReportReason) -> None:
        """A new family reports."""
        if chosen := self._any(pick):
            _, kind, number = chosen

            async def work(session: AsyncSession) -> None:
                guardian = await make_user(session)
                await make_family(session, guardian=guardian)
                reader = await actor_of(session, guardian)
                name = {"kind": kind, "review_id": number, "reason": reason, "now": NOW}
                await moderation.report(session, reader, **name)

            self._try(work)

    @rule(action=st.sampled_from([Action.DISMISS, Action.DISMISS, Action.HIDE, Action.REMOVE]))
    def decide(self, action: Action) -> None:
        """The admin settles the most urgent case."""

        async def work(session: AsyncSession) -> None:
            page = await moderation.queue(session, self.admin)
            if page.items:
                name = {"report_id": page.items[0].report_id, "action": action, "note": "確認", "now": NOW}
                await moderation.decide(session, self.admin, **name)

        self._try(work)

    @invariant()
    def figures_are_those_of_the_visible_reviews(self) -> None:
        """Tallies and figures of the school say what a count says."""

        async def look() -> tuple[set[Any], set[Any], list[Any]]:
            async with db.transaction() as session:
                connection = await session.connection()
                truth = {tuple(row) for row in await connection.execute(_TRUTH)}
                kept = {tuple(row) for row in await connection.execute(_TALLIES)}
                return truth, kept, [tuple(row) for row in await connection.execute(_STATS)]

        truth, kept, stats = self.loop.run(look())
        assert truth == kept
        assert all(row[:4] == row[4:] for row in stats)


@pytest.fixture
def lives(template: str) -> Iterator[type[Lives]]:
    with throwaway(cluster(), template) as url:
        Lives.url = url
        yield Lives


def test_averages_equal_the_visible_reviews_whatever_happens(lives: type[Lives]) -> None:
    chosen = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
        database=None,
    )
    run_state_machine_as_test(lives, settings=chosen)


_CROWD = """
INSERT INTO reviews_parent (id, booking_id, author_user_id, family_id, school_id, target_type, target_id,
  rating, comment, status, helpful_count, age_band, created_at)
SELECT gen_random_uuid(), b.id, b.booked_by, b.family_id, s.school_id, 'school', s.school_id, 1 + n.i % 5,
  'よかったです', 'published', n.i % 7, 'lower', CAST(:now AS timestamptz) - n.i * interval '1 minute'
FROM generate_series(1, 100000) n(i) CROSS JOIN bookings b JOIN lesson_schedules s ON s.id = b.schedule_id
"""
# A hundred thousand reviews of one lesson is what no family can write, but what an index must bear. That each
# refers to the same rows need not be proved a hundred thousand times.
_LOOSEN = "ALTER TABLE reviews_parent DISABLE TRIGGER reviews_parent_band, " + ", ".join(
    f"DROP CONSTRAINT {name}"
    for name in (
        "uq_reviews_parent_booking_id_target_type",
        "fk_reviews_parent_author_user_id_users",
        "fk_reviews_parent_booking_id_bookings",
        "fk_reviews_parent_family_id_families",
        "fk_reviews_parent_school_id_schools",
    )
)
_READ = text("""
SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::bigint FROM pg_stat_xact_user_tables
WHERE relname IN ('reviews_parent', 'reviews_child')
""")


@pytest.fixture
async def session(template: str) -> AsyncIterator[AsyncSession]:
    """A session in a database of its own: so many rows would burden the tests that come later."""
    with throwaway(cluster(), template) as url:
        engine = db.make_engine(url)
        async with engine.connect() as connection, rolled_back(connection) as session:
            yield session
        await engine.dispose()


async def test_with_a_hundred_thousand_reviews_lists_and_averages_read_a_few_rows(
    session: AsyncSession,
) -> None:
    scene = await attended(session)
    connection = await session.connection()
    await connection.execute(text("SET LOCAL statement_timeout = 0"))
    await connection.execute(
        text("SET LOCAL max_parallel_workers_per_gather = 0")
    )  # others' reading is not counted
    await connection.execute(text(_LOOSEN))
    await connection.execute(text(_CROWD), {"now": NOW})
    await connection.execute(text("ANALYZE reviews_parent, reviews_child, review_tallies, review_replies"))
    school = scene.booked.school.id
    before = await _reviews_read(connection)
    parent = (await schools.school(session, ANONYMOUS, school_id=school)).parent
    assert (parent.count, parent.rating) == (100_000, 3.0)
    assert await _reviews_read(connection) == before
    for order in Sort:
        before = await _reviews_read(connection)
        page = await reviews.of_school(
            session, ANONYMOUS, school_id=school, target=ReviewTarget.SCHOOL, sort=order
        )
        assert len(page.items) == PAGE_DEFAULT
        assert await _reviews_read(connection) - before <= PAGE_DEFAULT + 1, order


async def _reviews_read(connection: AsyncConnection) -> int:
    """How many rows of reviews this transaction has read so far."""
    return (await connection.execute(_READ)).scalar_one()
