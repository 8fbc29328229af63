"""Let Python sleep under libfaketime; on PYTHONPATH of what scripts/at_moment.py runs, imported at start."""

import select
import time


def sleep(seconds: float) -> None:
    """Wait, as time.sleep() does."""
    # Python's own names the end of the wait on the monotonic clock (clock_nanosleep, TIMER_ABSTIME). From it
    # libfaketime 0.9.10 takes its offset although this clock is not faked, and the kernel refuses: EINVAL.
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    select.select((), (), (), seconds)


time.sleep = sleep
