"""Months as Stripe counts them: the anchor's day, or the month's last when it is shorter; always in UTC."""

import calendar
from datetime import UTC, datetime

DAY = 86_400


def months_after(anchor: int, count: int) -> int:
    """The moment `count` months after the anchor: 31 January, 28 February, 31 March."""
    start = datetime.fromtimestamp(anchor, UTC)
    index = start.year * 12 + start.month - 1 + count
    year, month = index // 12, index % 12 + 1
    day = min(start.day, calendar.monthrange(year, month)[1])
    return int(start.replace(year=year, month=month, day=day).timestamp())


def period_after(anchor: int, moment: int) -> int:
    """The first end of a period after the moment."""
    count = 1
    while (end := months_after(anchor, count)) <= moment:
        count += 1
    return end
