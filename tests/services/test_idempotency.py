"""A repeated request happens once and is answered as the first time (R127)."""

from typing import Any

import pytest
from sqlmodel import func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import errors
from naraigoto.actor import ANONYMOUS, Actor
from naraigoto.models.bookings import IdempotencyKey
from naraigoto.services import idempotency
from tests import factories as make


class Counter:
    """Work that tells how often it ran."""

    def __init__(self, refusal: errors.DomainError | None = None) -> None:
        self.runs = 0
        self.refusal = refusal

    async def __call__(self) -> dict[str, Any]:
        """Count, then refuse or answer."""
        self.runs += 1
        if self.refusal is not None:
            raise self.refusal
        return {"run": self.runs, "word": "予約"}


async def guardian(session: AsyncSession) -> Actor:
    return await make.actor_of(session, await make.make_user(session))


async def once(
    session: AsyncSession,
    actor: Actor,
    work: Counter,
    *,
    key: str = "key-1",
    body: Any = None,
    scope: str = "POST /bookings",
) -> dict[str, Any]:
    return await idempotency.once(
        session,
        actor,
        key=key,
        scope=scope,
        body_hash=idempotency.fingerprint(body),
        work=work,
        now=make.NOW,
    )


async def test_the_second_time_gets_the_first_answer(session: AsyncSession) -> None:
    actor, work = await guardian(session), Counter()

    answers = [await once(session, actor, work) for _ in range(3)]

    assert answers == [{"run": 1, "word": "予約"}] * 3
    assert work.runs == 1


async def test_the_same_key_with_another_body_is_refused(session: AsyncSession) -> None:
    actor, work = await guardian(session), Counter()
    await once(session, actor, work, body={"schedule_id": "a"})

    with pytest.raises(errors.IdempotencyKeyReused):
        await once(session, actor, work, body={"schedule_id": "b"})
    assert work.runs == 1


async def test_the_order_of_fields_makes_no_other_body() -> None:
    assert idempotency.fingerprint({"a": 1, "b": 2}) == idempotency.fingerprint({"b": 2, "a": 1})


async def test_keys_of_different_people_and_operations_do_not_meet(session: AsyncSession) -> None:
    work = Counter()
    hanako, outsider = await guardian(session), await guardian(session)

    await once(session, hanako, work)
    await once(session, outsider, work)
    await once(session, hanako, work, scope="POST /points/redeem")

    assert work.runs == 3


async def test_a_refusal_uses_up_no_key(session: AsyncSession) -> None:
    actor, refused, work = await guardian(session), Counter(errors.ScheduleFull()), Counter()
    with pytest.raises(errors.ScheduleFull):
        async with session.begin_nested():
            await once(session, actor, refused)

    assert (await once(session, actor, work))["run"] == 1


@pytest.mark.parametrize("key", ["", "x" * 256, "予約", "line\nbreak"])
async def test_an_unusable_key_is_refused(session: AsyncSession, key: str) -> None:
    actor, work = await guardian(session), Counter()

    with pytest.raises(errors.InvalidInput):
        await once(session, actor, work, key=key)
    assert (work.runs, (await session.exec(select(func.count()).select_from(IdempotencyKey))).one()) == (0, 0)


async def test_a_key_may_have_255_characters(session: AsyncSession) -> None:
    actor, work = await guardian(session), Counter()

    assert (await once(session, actor, work, key="~" * 255))["run"] == 1


async def test_guests_have_no_keys(session: AsyncSession) -> None:
    with pytest.raises(errors.Unauthenticated):
        await once(session, ANONYMOUS, Counter())
