"""The outbox: leases, waits, dead letters, and who may look into it (domain.md §4, R77)."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.actor import ANONYMOUS, OPERATOR
from naraigoto.errors import Forbidden, NotFound, StaleEdit, Unauthenticated
from naraigoto.models.accounts import UserType
from naraigoto.models.base import new_id
from naraigoto.models.bookings import BookingStatus, CancelKind
from naraigoto.models.moderation import AuditLog
from naraigoto.models.notifications import OutboxMessage, OutboxStatus
from naraigoto.rules import OUTBOX_BACKOFF, OUTBOX_LEASE
from naraigoto.services import notifications, outbox
from tests import factories as make
from tests.conftest import Committed


async def queue(session: AsyncSession, now: datetime, *, count: int = 1) -> list[OutboxMessage]:
    """Messages that are due, in the order of their moments."""
    person = await make.make_user(session)
    rows = [
        OutboxMessage(
            kind="booking_confirmed",
            dedupe_key=f"test:{new_id()}",
            recipient_user_id=person.id,
            payload={"booking_id": str(new_id()), "side": "guardian"},
            run_at=now - timedelta(seconds=count - place),
            created_at=now,
        )
        for place in range(count)
    ]
    session.add_all(rows)
    await session.flush()
    return rows


async def state_of(session: AsyncSession, row: OutboxMessage) -> OutboxMessage:
    await session.refresh(row)
    return row


async def test_the_longest_due_message_is_claimed_first_and_counts_as_an_attempt(
    session: AsyncSession, now: datetime
) -> None:
    first, second = await queue(session, now, count=2)

    claimed = await outbox.claim(session, limit=1, now=now)

    assert [message.id for message in claimed] == [first.id]
    assert (await state_of(session, first)).status is OutboxStatus.SENDING
    assert first.attempts == 1
    assert first.locked_until == now + OUTBOX_LEASE
    assert (await state_of(session, second)).status is OutboxStatus.QUEUED


async def test_a_message_of_the_future_waits(session: AsyncSession, now: datetime) -> None:
    await queue(session, now + timedelta(minutes=1))

    assert await outbox.claim(session, limit=5, now=now) == []


async def test_a_claimed_message_is_free_again_when_its_lease_has_ended(
    session: AsyncSession, now: datetime
) -> None:
    (row,) = await queue(session, now)
    await outbox.claim(session, limit=5, now=now)

    assert await outbox.claim(session, limit=5, now=now + OUTBOX_LEASE - timedelta(seconds=1)) == []
    (again,) = await outbox.claim(session, limit=5, now=now + OUTBOX_LEASE)

    assert (again.id, again.attempts) == (row.id, 2)


async def test_two_workers_claim_different_messages(committed: Committed, now: datetime) -> None:
    async with committed() as session:
        await queue(session, now, count=20)

    async def work() -> list:
        async with committed() as session:
            claimed = await outbox.claim(session, limit=10, now=now)
            await asyncio.sleep(0.1)
            return [message.id for message in claimed]

    one, other = await asyncio.gather(work(), work())

    assert len(one) == len(other) == 10
    assert set(one).isdisjoint(other)


async def test_each_failure_waits_longer_and_the_sixth_is_the_last(
    session: AsyncSession, now: datetime
) -> None:
    (row,) = await queue(session, now)
    for wait in OUTBOX_BACKOFF:
        (message,) = await outbox.claim(session, limit=1, now=now)
        await outbox.mark_failed(session, message, reason="MailUnavailable", now=now)
        assert (await state_of(session, row)).status is OutboxStatus.QUEUED
        assert row.run_at == now + wait
        assert row.last_error == "MailUnavailable"
        now = row.run_at

    (message,) = await outbox.claim(session, limit=1, now=now)
    await outbox.mark_failed(session, message, reason="MailUnavailable", now=now)

    assert (await state_of(session, row)).status is OutboxStatus.DEAD
    assert row.attempts == outbox.ATTEMPTS_MAX == 6
    assert await outbox.claim(session, limit=1, now=now + timedelta(days=30)) == []


async def test_a_message_that_kills_every_worker_ends_dead(session: AsyncSession, now: datetime) -> None:
    (row,) = await queue(session, now)
    for attempt in range(outbox.ATTEMPTS_MAX):
        assert len(await outbox.claim(session, limit=1, now=now + attempt * OUTBOX_LEASE)) == 1

    assert await outbox.claim(session, limit=1, now=now + outbox.ATTEMPTS_MAX * OUTBOX_LEASE) == []

    assert (await state_of(session, row)).status is OutboxStatus.DEAD
    assert row.last_error == "WorkerDied"


async def test_a_worker_that_lost_its_lease_changes_nothing(session: AsyncSession, now: datetime) -> None:
    (row,) = await queue(session, now)
    (slow,) = await outbox.claim(session, limit=1, now=now)
    (quick,) = await outbox.claim(session, limit=1, now=now + OUTBOX_LEASE)
    await outbox.mark_sent(session, quick, now=now + OUTBOX_LEASE)

    await outbox.mark_failed(session, slow, reason="TimeoutError", now=now + OUTBOX_LEASE)

    assert (await state_of(session, row)).status is OutboxStatus.SENT
    assert row.sent_at == now + OUTBOX_LEASE


async def test_facts_are_those_of_the_moment_of_sending(session: AsyncSession, now: datetime) -> None:
    booked = await make.make_booked(session)
    await notifications.booking_confirmed(session, booking_id=booked.booking.id, now=now)
    booked.school.name = "スマイル水泳 渋谷"
    session.add(booked.school)
    await session.flush()

    told = [
        await outbox.facts_for(session, m, now=now) for m in await outbox.claim(session, limit=9, now=now)
    ]

    sides: dict[str, Any] = {facts.side.value: facts for facts in told if facts is not None}
    assert sides["guardian"].to == booked.guardian.email
    assert sides["school"].to == booked.owner.email
    assert {facts.school for facts in sides.values()} == {"スマイル水泳 渋谷"}
    assert (sides["school"].child, sides["school"].child_age) == ("そら", 7)
    assert sides["guardian"].instructor is None


async def test_a_cancelled_booking_is_no_longer_confirmed(session: AsyncSession, now: datetime) -> None:
    booked = await make.make_booked(session)
    await notifications.booking_confirmed(session, booking_id=booked.booking.id, now=now)
    booked.booking.status, booked.booking.cancel_kind = BookingStatus.CANCELLED, CancelKind.GRACE
    booked.booking.cancelled_at = now
    session.add(booked.booking)
    await session.flush()

    for message in await outbox.claim(session, limit=9, now=now):
        assert await outbox.facts_for(session, message, now=now) is None


async def test_who_left_the_family_or_was_deleted_is_told_nothing(
    session: AsyncSession, now: datetime
) -> None:
    booked = await make.make_booked(session)
    stranger = await make.make_user(session)
    booked.owner.deleted_at = now
    session.add(booked.owner)
    session.add(
        OutboxMessage(
            kind="booking_confirmed",
            dedupe_key="test:left",
            recipient_user_id=stranger.id,
            payload={"booking_id": str(booked.booking.id), "side": "guardian"},
            run_at=now,
        )
    )
    await session.flush()
    await notifications.booking_confirmed(session, booking_id=booked.booking.id, now=now)

    told = {
        m.recipient_user_id: await outbox.facts_for(session, m, now=now)
        for m in await outbox.claim(session, limit=9, now=now)
    }

    assert told[stranger.id] is None
    assert told[booked.owner.id] is None
    assert told[booked.guardian.id] is not None


async def bury_one(session: AsyncSession, now: datetime) -> OutboxMessage:
    (row,) = await queue(session, now)
    (message,) = await outbox.claim(session, limit=1, now=now)
    await outbox.bury(session, message, reason="MailRejected: BadAddress")
    return await state_of(session, row)


async def test_an_admin_sees_the_dead_letters_and_sends_one_again(
    session: AsyncSession, now: datetime
) -> None:
    row = await bury_one(session, now)
    admin = await make.actor_of(session, await make.make_user(session, UserType.ADMIN))
    assert (await outbox.counts(session, admin))[OutboxStatus.DEAD] == 1
    assert [dead.id for dead in await outbox.list_dead(session, admin)] == [row.id]

    await outbox.retry(session, admin, message_id=row.id, now=now)

    assert (await state_of(session, row)).status is OutboxStatus.QUEUED
    assert (row.attempts, row.run_at, row.last_error) == (0, now, "")
    line = (await session.exec(select(AuditLog))).one()
    assert (line.actor_user_id, line.action, line.thing_id) == (admin.user_id, "outbox.retried", row.id)
    assert line.facts["last_error"] == "MailRejected: BadAddress"


async def test_sending_again_twice_happens_once(session: AsyncSession, now: datetime) -> None:
    row = await bury_one(session, now)
    await outbox.retry(session, OPERATOR, message_id=row.id, now=now)

    with pytest.raises(StaleEdit):
        await outbox.retry(session, OPERATOR, message_id=row.id, now=now)

    assert len((await session.exec(select(AuditLog))).all()) == 1


async def test_only_admins_look_into_the_outbox(session: AsyncSession, now: datetime) -> None:
    row = await bury_one(session, now)
    guardian = await make.actor_of(session, await make.make_user(session))

    for actor, refusal in ((ANONYMOUS, Unauthenticated), (guardian, Forbidden)):
        with pytest.raises(refusal):
            await outbox.counts(session, actor)
        with pytest.raises(refusal):
            await outbox.list_dead(session, actor)
        with pytest.raises(refusal):
            await outbox.retry(session, actor, message_id=row.id, now=now)
    with pytest.raises(NotFound):
        await outbox.retry(session, OPERATOR, message_id=new_id(), now=now)


async def test_free_cancellation_is_told_with_the_grace_after_booking(
    session: AsyncSession, now: datetime
) -> None:
    soon = now + timedelta(hours=3)
    booked = await make.make_booked(session, start_at=soon)
    await notifications.booking_confirmed(session, booking_id=booked.booking.id, now=now)

    (message, *_) = await outbox.claim(session, limit=9, now=now)
    facts: Any = await outbox.facts_for(session, message, now=now)

    assert booked.booking.cancel_until < now
    assert facts is not None
    assert facts.cancel_until == booked.booking.created_at + timedelta(minutes=30)
