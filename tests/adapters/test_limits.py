"""One contract for counting tries, in memory and in a real Redis; and what happens when Redis goes away."""

import asyncio
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from naraigoto.adapters.limits import Counter, make_counter
from naraigoto.models.base import new_id
from naraigoto.rules import Rate
from tests.redis_server import RedisServer, running_redis

THREE = Rate(3, timedelta(seconds=60))
SHORT = Rate(2, timedelta(seconds=2))


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """One server for the tests of this file."""
    with running_redis(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture(params=["memory", "redis"])
def counter(request: pytest.FixtureRequest) -> Counter:
    """A counter of each kind."""
    if request.param == "memory":
        return make_counter(None)
    return make_counter(request.getfixturevalue("redis").url)


@pytest.fixture
def key() -> tuple[str, str]:
    """A key of this test alone."""
    return "test", str(new_id())


async def test_a_window_takes_so_many_and_then_says_how_long_to_wait(
    counter: Counter, key: tuple[str, str]
) -> None:
    assert await counter.seconds_to_wait(THREE, *key) == 0
    assert [await counter.hit(THREE, *key) for _ in range(5)] == [True, True, True, False, False]
    assert 55 <= await counter.seconds_to_wait(THREE, *key) <= 61


async def test_keys_and_rates_are_counted_apart(counter: Counter, key: tuple[str, str]) -> None:
    for _ in range(3):
        await counter.hit(THREE, *key)
    assert await counter.hit(THREE, *key[:1], "somebody else")
    assert await counter.hit(Rate(4, timedelta(seconds=60)), *key)


async def test_what_is_forgotten_may_be_tried_again(counter: Counter, key: tuple[str, str]) -> None:
    for _ in range(3):
        await counter.hit(THREE, *key)
    await counter.clear(THREE, *key)
    assert await counter.seconds_to_wait(THREE, *key) == 0
    assert await counter.hit(THREE, *key)


async def test_the_window_moves_on(counter: Counter, key: tuple[str, str]) -> None:
    assert [await counter.hit(SHORT, *key) for _ in range(3)] == [True, True, False]
    deadline = time.monotonic() + 20
    while not await counter.hit(SHORT, *key):
        assert time.monotonic() < deadline
        await asyncio.sleep(0.1)


async def test_many_at_once_are_let_in_no_more_often(counter: Counter, key: tuple[str, str]) -> None:
    told = await asyncio.gather(*(counter.hit(THREE, *key) for _ in range(20)))
    assert sum(told) == 3


async def test_two_processes_share_one_count_in_redis(redis: RedisServer, key: tuple[str, str]) -> None:
    first, second = make_counter(redis.url), make_counter(redis.url)
    told = [await one.hit(THREE, *key) for one in (first, second, first, second)]
    assert told == [True, True, True, False]
    assert await first.seconds_to_wait(THREE, *key) > 0


async def test_while_redis_is_away_each_process_counts_for_itself(
    tmp_path: Path, key: tuple[str, str]
) -> None:
    with running_redis(tmp_path) as server:
        counter = make_counter(server.url)
        assert await counter.hit(THREE, *key)
        server.stop()
        began = time.monotonic()
        assert [await counter.hit(THREE, *key) for _ in range(4)] == [True, True, True, False]
        assert await counter.seconds_to_wait(THREE, *key) > 0
        await counter.clear(THREE, *key)
        assert await counter.seconds_to_wait(THREE, *key) == 0
        assert time.monotonic() - began < 30
        server.start()
        assert [await counter.hit(THREE, *key) for _ in range(4)] == [True, True, True, False]
