"""Taking one's own data home (D17): everything of the asker, nothing of anybody else."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock
from naraigoto.actor import ANONYMOUS
from naraigoto.adapters.limits import counter
from naraigoto.errors import RateLimited, Unauthenticated
from naraigoto.models.accounts import User
from naraigoto.models.base import new_id
from naraigoto.models.billing import (
    Payment,
    PaymentKind,
    PaymentStatus,
    PlanId,
    Subscription,
    SubscriptionStatus,
)
from naraigoto.models.likes import Like
from naraigoto.models.messages import Conversation, Message
from naraigoto.models.points import PointsReason, PointsTransaction
from naraigoto.models.privacy import Consent, ConsentDocument
from naraigoto.models.reviews import ChildReview
from naraigoto.rules import EXPORTS
from naraigoto.services import attendance, privacy
from naraigoto.services.privacy.inventory import EXPORTED, LEFT_OUT
from naraigoto.texts import exports as texts
from tests import factories as make


@pytest.fixture(autouse=True)
def nobody_has_tried_yet() -> None:
    counter.cache_clear()


async def taken(session: AsyncSession, user: User, now: datetime) -> dict[str, list[dict[str, Any]]]:
    """All parts of the person's export."""
    taker = await privacy.start(session, await make.actor_of(session, user), now=now)
    found: dict[str, list[dict[str, Any]]] = {}
    for name in privacy.parts():
        found[name] = [
            dict(zip(columns, row, strict=True))
            async for columns, batch in privacy.rows(session, taker, name)
            for row in batch
        ]
    return found


async def full_family(session: AsyncSession, now: datetime, mark: str) -> tuple[make.Booked, User]:
    """A family with a row in most private tables, each with the mark where words are free."""
    guardian = await make.make_user(session, name=f"親{mark}")
    booked = await make.make_booked(session, guardian=guardian)
    mate = await make.make_co_guardian(session, booked.family, name=f"相{mark}")
    booked.child.name = f"子{mark}"
    await make.grant_tickets(session, booked.family)
    await make.make_review(session, booked, comment=f"親の声{mark}")
    await make.make_review(session, booked, ChildReview, comment=f"子の声{mark}")
    thread = Conversation(
        booking_id=booked.booking.id,
        family_id=booked.family.id,
        school_id=booked.school.id,
        writable_until=now,
    )
    plan = Subscription(
        family_id=booked.family.id,
        stripe_subscription_id=f"sub{mark}",
        plan=PlanId.LIGHT,
        status=SubscriptionStatus.CANCELED,
    )
    session.add_all((thread, plan))
    await session.flush()
    session.add_all(
        (
            Message(conversation_id=thread.id, sender_user_id=guardian.id, body=f"文{mark}"),
            Message(conversation_id=thread.id, sender_user_id=booked.owner.id, body=f"返{mark}"),
            Like(user_id=booked.child.id, school_id=booked.school.id, family_id=booked.family.id),
            Consent(user_id=guardian.id, document=ConsentDocument.TERMS, version="2026-04-01"),
            Payment(
                family_id=booked.family.id,
                subscription_id=plan.id,
                kind=PaymentKind.FIRST,
                status=PaymentStatus.PAID,
                amount=3980,
            ),
            PointsTransaction(
                family_id=booked.family.id,
                user_id=mate.id,
                delta=50,
                reason=PointsReason.REVIEW,
                source_key=f"test:{new_id()}",
            ),
        )
    )
    await session.flush()
    return booked, mate


def test_every_table_is_exported_or_left_out_for_a_reason() -> None:
    exported = {part.table for part in EXPORTED}
    assert exported | set(LEFT_OUT) == set(SQLModel.metadata.tables)
    assert exported & set(LEFT_OUT) == set()
    assert all(LEFT_OUT.values())
    assert set(texts.PARTS) == {part.name for part in EXPORTED}


def test_no_secret_leaves_the_house() -> None:
    columns = " ".join(part.columns for part in EXPORTED)
    assert "hash" not in columns


async def test_an_owner_guardian_takes_the_whole_family(session: AsyncSession, now: datetime) -> None:
    booked, mate = await full_family(session, now, "甲")

    found = await taken(session, booked.guardian, now)

    assert {row["name"] for row in found["people"]} == {"親甲", "子甲"}
    assert [row["user_id"] for row in found["co_guardians"]] == [mate.id]
    assert [row["class"] for row in found["bookings"]] == [booked.lesson.title]
    assert {row["body"] for row in found["messages"]} == {"文甲", "返甲"}
    for name in ("children", "reviews_parent", "reviews_child", "likes", "consents", "payments", "points"):
        assert len(found[name]) == 1, name
    assert [row["delta"] for row in found["ticket_entries"]] == [4]


async def test_a_co_guardian_a_child_and_a_school_take_their_own_part(
    session: AsyncSession, now: datetime
) -> None:
    booked, mate = await full_family(session, now, "甲")

    of_mate = await taken(session, mate, now)
    of_child = await taken(session, booked.child, now)
    of_school = await taken(session, booked.owner, now)

    assert [row["name"] for row in of_mate["people"]] == ["相甲"]
    assert [row["delta"] for row in of_mate["points"]] == [50]
    assert of_mate["bookings"] == of_mate["payments"] == of_mate["messages"] == of_mate["reviews_child"] == []
    assert [row["name"] for row in of_child["people"]] == ["子甲"]
    assert [row["id"] for row in of_child["bookings"]] == [booked.booking.id]
    assert [row["comment"] for row in of_child["reviews_child"]] == ["子の声甲"]
    assert of_child["reviews_parent"] == of_child["payments"] == of_child["family"] == []
    assert [row["role"] for row in of_school["school_roles"]] == ["owner"]
    assert [row["body"] for row in of_school["messages"]] == ["返甲"]
    assert of_school["bookings"] == of_school["children"] == []


async def test_no_row_of_another_family_is_ever_in_it(session: AsyncSession, now: datetime) -> None:
    mine, mate = await full_family(session, now, "甲")
    theirs, their_mate = await full_family(session, now, "乙")
    foreign = {
        str(number)
        for number in (
            theirs.family.id,
            theirs.guardian.id,
            theirs.child.id,
            theirs.booking.id,
            theirs.owner.id,
            their_mate.id,
        )
    }
    for person in (mine.guardian, mate, mine.child, mine.owner):
        written = json.dumps(await taken(session, person, now), default=str, ensure_ascii=False)
        assert "乙" not in written
        assert [number for number in foreign if number in written] == []


async def test_the_family_reads_who_looked(session: AsyncSession, now: datetime) -> None:
    booked = await make.make_booked(session)
    other = await make.make_booked(session)
    day = clock.jst_date(booked.schedule.start_at)
    for each in (booked, other):
        await attendance.roster(
            session, await make.actor_of(session, each.owner), school_id=each.school.id, day=day, now=now
        )

    found = await taken(session, booked.guardian, now + timedelta(minutes=1))

    looks = [row for row in found["audit"] if row["action"] == "roster.seen"]
    assert [(row["thing_id"], row["by_school"], row["by"]) for row in looks] == [
        (booked.school.id, booked.school.name, "school_owner")
    ]


async def test_an_export_is_noted_and_only_a_few_are_made_a_day(session: AsyncSession, now: datetime) -> None:
    user = await make.make_user(session)
    actor = await make.actor_of(session, user)
    for _ in range(EXPORTS.count):
        await privacy.start(session, actor, now=now)
    with pytest.raises(RateLimited):
        await privacy.start(session, actor, now=now)
    taker = privacy.Taker(user.id, (user.id,), None)
    [(columns, _), (_, batch)] = [part async for part in privacy.rows(session, taker, "audit")]
    assert {row[columns.index("action")] for row in batch} == {"account.exported"}
    assert len(batch) == EXPORTS.count


async def test_nobody_takes_nothing(session: AsyncSession, now: datetime) -> None:
    with pytest.raises(Unauthenticated):
        await privacy.start(session, ANONYMOUS, now=now)
