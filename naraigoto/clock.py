"""Time: the one place that reads the clock, and the Japanese calendar (architecture.md §3)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

JST = ZoneInfo("Asia/Tokyo")
Source = Callable[[], datetime]


def machine() -> datetime:
    """The moment on this machine's clock."""
    return datetime.now(UTC)


_source: Source = machine


def now() -> datetime:
    """The present moment, aware, in UTC. Edges call this once and pass it on; services never do."""
    return _source().astimezone(UTC)


def use(source: Source) -> Source:
    """Read the present moment from this source from now on; returns the one that was read so far.

    For tests, which own their time instead of depending on the day on which they run.
    """
    global _source
    before, _source = _source, source
    return before


def jst(moment: datetime) -> datetime:
    """The same moment on a Japanese clock.

    Raises: ValueError for a naive datetime, whose meaning would depend on the machine.
    """
    if moment.tzinfo is None:
        raise ValueError("naive datetime")
    return moment.astimezone(JST)


def jst_date(moment: datetime) -> date:
    """The Japanese calendar day on which the moment falls."""
    return jst(moment).date()


def month_of(moment: datetime) -> date:
    """First day of the JST month in which the moment falls (ticket buckets, domain.md G8)."""
    return jst_date(moment).replace(day=1)


def add_months(month: date, count: int) -> date:
    """First day of the month `count` months after `month`."""
    index = month.year * 12 + month.month - 1 + count
    return date(index // 12, index % 12 + 1, 1)


def month_later(day: date) -> date:
    """The same day of the next month, or that month's last when it is shorter."""
    first = add_months(day.replace(day=1), 1)
    last = (add_months(first, 1) - timedelta(days=1)).day
    return first.replace(day=min(day.day, last))


def jst_midnight(day: date) -> datetime:
    """The moment the Japanese day begins."""
    return datetime.combine(day, time.min, tzinfo=JST)


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """Half-open [start, end) of a Japanese day."""
    return jst_midnight(day), jst_midnight(day + timedelta(days=1))


def age_on(day: date, birth_month: date) -> int:
    """Full years of somebody born in that month, counted from its first day (D17: the day is not kept)."""
    return day.year - birth_month.year - (day.month < birth_month.month)
