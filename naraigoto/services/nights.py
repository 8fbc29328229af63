"""The night in which nobody is woken: what waits until morning, and a clock that sleeps (D7, D16)."""

from datetime import datetime, time, timedelta

from naraigoto import clock
from naraigoto.rules import QUIET_FROM_HOUR, QUIET_UNTIL_HOUR


def awake(moment: datetime) -> datetime:
    """The moment itself by day; at night the morning that follows."""
    local = clock.jst(moment)
    if QUIET_UNTIL_HOUR <= local.hour < QUIET_FROM_HOUR:
        return moment
    day = local.date() + timedelta(days=1 if local.hour >= QUIET_FROM_HOUR else 0)
    return datetime.combine(day, time(QUIET_UNTIL_HOUR), tzinfo=clock.JST)


def unless_near(moment: datetime, *starts: datetime) -> datetime:
    """At once where it concerns a lesson of today or tomorrow, which wakes people up; else by day (D16)."""
    near = clock.jst_date(min(starts)) <= clock.jst_date(moment) + timedelta(days=1)
    return moment if near else awake(moment)


def later(moment: datetime, span: timedelta) -> datetime:
    """When a clock that stops at night has run for `span` from `moment`."""
    begun = awake(moment)
    bedtime = datetime.combine(clock.jst_date(begun), time(QUIET_FROM_HOUR), tzinfo=clock.JST)
    left = bedtime - begun
    return begun + span if span <= left else later(bedtime, span - left)
