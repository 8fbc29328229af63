"""Sending what was promised: at least once, with one Message-ID, giving up in the end (R77)."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from naraigoto.actor import OPERATOR
from naraigoto.adapters.mail import Mail, MailRejected, MailUnavailable
from naraigoto.adapters.mail.local import LocalMailbox
from naraigoto.jobs import outbox as job
from naraigoto.models.accounts import User
from naraigoto.models.bookings import BookingStatus, CancelKind
from naraigoto.models.notifications import OutboxMessage, OutboxStatus
from naraigoto.rules import OUTBOX_BACKOFF, OUTBOX_LEASE
from naraigoto.services import notifications, outbox
from tests import factories as make
from tests.conftest import Committed

MOMENT = timedelta(seconds=1)


class Killed(BaseException):
    """kill -9, as far as a test can do it."""


@dataclass
class Post:
    """A mailer that remembers, and fails in the order it was told."""

    failures: list[BaseException] = field(default_factory=list)
    sent: list[Mail] = field(default_factory=list)

    async def send(self, mail: Mail) -> str:
        """Remember the mail, then fail if it is time to."""
        await asyncio.sleep(0)
        failure = self.failures.pop(0) if self.failures else None
        if not isinstance(failure, MailUnavailable | MailRejected | RuntimeError):
            self.sent.append(mail)
        if failure is not None:
            raise failure
        return mail.message_id


async def book(committed: Committed, now: datetime, *, school_reads: bool = False) -> make.Booked:
    """A promised confirmation for the guardian (and the school, where a test wants two)."""
    async with committed() as session:
        booked = await make.make_booked(session)
        await notifications.booking_confirmed(session, booking_id=booked.booking.id, now=now)
    if not school_reads:
        async with committed() as session:
            rows = (await session.exec(select(OutboxMessage))).all()
            for row in rows:
                if row.recipient_user_id == booked.owner.id:
                    await session.delete(row)
    return booked


async def the_message(committed: Committed) -> OutboxMessage:
    async with committed() as session:
        return (await session.exec(select(OutboxMessage))).one()


async def test_guardian_and_school_find_their_mail(
    committed: Committed, now: datetime, tmp_path: Path
) -> None:
    booked = await book(committed, now, school_reads=True)
    mailbox = LocalMailbox(tmp_path, sender="習い事Prime <noreply@localhost>")

    assert await job.drain(mailbox, now) == 2
    assert await job.drain(mailbox, now) == 0

    letters = {letter.to: letter for letter in await mailbox.letters()}
    assert set(letters) == {booked.guardian.email, booked.owner.email}
    assert f"/bookings/{booked.booking.id}" in letters[str(booked.guardian.email)].html
    assert "11/27(金) 10:00〜10:50" in letters[str(booked.owner.email)].text
    async with committed() as session:
        rows = (await session.exec(select(OutboxMessage))).all()
    assert {row.status for row in rows} == {OutboxStatus.SENT}
    assert all(row.sent_at is not None for row in rows)


async def test_three_failures_and_then_it_is_sent(committed: Committed, now: datetime) -> None:
    await book(committed, now)
    post = Post([MailUnavailable("421"), RuntimeError("hanako@example.com"), MailUnavailable("421")])

    for wait in (timedelta(0), *OUTBOX_BACKOFF[:3]):
        assert post.sent == []
        now += wait + MOMENT
        await job.drain(post, now)

    assert len(post.sent) == 1
    assert (await the_message(committed)).status is OutboxStatus.SENT


async def test_what_an_admin_reads_of_a_failure_names_nobody(committed: Committed, now: datetime) -> None:
    await book(committed, now)

    await job.drain(Post([RuntimeError("hanako@example.com")]), now)

    assert (await the_message(committed)).last_error == "RuntimeError"


async def test_six_failures_make_a_dead_letter_that_can_be_sent_again(
    committed: Committed, now: datetime
) -> None:
    await book(committed, now)
    post = Post([MailUnavailable("421")] * 6)
    for wait in (timedelta(0), *OUTBOX_BACKOFF):
        now += wait + MOMENT
        await job.drain(post, now)
    dead = await the_message(committed)
    assert (dead.status, dead.last_error) == (OutboxStatus.DEAD, "MailUnavailable: 421")

    async with committed() as session:
        await outbox.retry(session, OPERATOR, message_id=dead.id, now=now)
    await job.drain(post, now)

    assert len(post.sent) == 1


async def test_a_rejected_mail_is_dead_at_once(committed: Committed, now: datetime) -> None:
    await book(committed, now)

    await job.drain(Post([MailRejected("550")]), now)

    message = await the_message(committed)
    assert (message.status, message.attempts, message.last_error) == (
        OutboxStatus.DEAD,
        1,
        "MailRejected: 550",
    )


async def test_a_crash_after_sending_sends_the_same_mail_again_after_the_lease(
    committed: Committed, now: datetime
) -> None:
    await book(committed, now)
    post = Post([Killed()])
    with pytest.raises(Killed):
        await job.drain(post, now)

    await job.drain(post, now + OUTBOX_LEASE / 2)
    assert len(post.sent) == 1
    await job.drain(post, now + OUTBOX_LEASE + MOMENT)

    first, second = post.sent
    assert first.message_id == second.message_id
    assert (await the_message(committed)).status is OutboxStatus.SENT


async def test_two_workers_send_each_mail_once(committed: Committed, now: datetime) -> None:
    async with committed() as session:
        for _ in range(15):
            booked = await make.make_booked(session)
            await notifications.booking_confirmed(session, booking_id=booked.booking.id, now=now)
    post = Post()

    await asyncio.gather(job.drain(post, now), job.drain(post, now))

    assert len(post.sent) == 30
    assert len({mail.message_id for mail in post.sent}) == 30


async def test_a_booking_cancelled_meanwhile_is_not_confirmed(committed: Committed, now: datetime) -> None:
    booked = await book(committed, now)
    async with committed() as session:
        booked.booking.status, booked.booking.cancel_kind = BookingStatus.CANCELLED, CancelKind.GRACE
        booked.booking.cancelled_at = now
        session.add(booked.booking)
    post = Post()

    await job.drain(post, now)

    assert post.sent == []
    assert (await the_message(committed)).status is OutboxStatus.WITHDRAWN


async def test_an_impossible_address_is_a_dead_letter(
    committed: Committed, now: datetime, tmp_path: Path
) -> None:
    booked = await book(committed, now)
    mailbox = LocalMailbox(tmp_path, sender="noreply@localhost")
    async with committed() as session:
        guardian = await session.get_one(User, booked.guardian.id)
        guardian.email = "nobody\r\nBcc: all@example.com"
        session.add(guardian)

    await job.drain(mailbox, now)

    assert (await the_message(committed)).status is OutboxStatus.DEAD
    assert await mailbox.letters() == []
