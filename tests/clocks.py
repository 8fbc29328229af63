"""The product's clock in tests: it starts at NOW in each test, so that no test depends on the day it runs.

Programs beside this process (PostgreSQL's now(), a browser, the sandbox of Stripe) keep the machine's clock:
tests that compare with them ask for `real_clock`.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest

from naraigoto import clock
from tests.factories import NOW

# Where days, weeks, months and years turn, in Japan or in UTC.
MOMENTS = (
    datetime(2026, 12, 31, 23, 59, tzinfo=clock.JST),
    datetime(2027, 1, 31, 8, 30, tzinfo=clock.JST),
    datetime(2027, 2, 28, 23, 50, tzinfo=clock.JST),
    datetime(2027, 3, 1, 0, 10, tzinfo=clock.JST),
    datetime(2027, 5, 9, 23, 59, tzinfo=clock.JST),
    datetime(2028, 2, 29, 12, 0, tzinfo=clock.JST),
)
# Tests of these folders run the product in processes of its own.
FOLDERS_ON_REAL_CLOCK = frozenset({"browser", "operations", "sandbox"})


def running_from(moment: datetime) -> clock.Source:
    """A clock that shows this moment now and runs on."""
    began = time.monotonic()
    return lambda: moment + timedelta(seconds=time.monotonic() - began)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let the product's clock run from this moment inside the block."""
    before = clock.use(running_from(moment))
    try:
        yield
    finally:
        clock.use(before)


@pytest.fixture(autouse=True)
def own_clock(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let the product's clock run from NOW, unless the test is on the real clock."""
    if "real_clock" in request.fixturenames or request.path.parent.name in FOLDERS_ON_REAL_CLOCK:
        yield
        return
    with at(NOW):
        yield


@pytest.fixture
def real_clock() -> None:
    """Asked for by tests that compare the product's time with that of other programs."""
