"""Tells the person at the terminal what takes so long."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

from naraigoto.texts import operations as texts


@contextmanager
def step(label: str) -> Iterator[None]:
    """Print the label with the seconds it takes: counting on a terminal, start and end elsewhere."""
    out = sys.stdout
    live, done, begun = out.isatty(), threading.Event(), time.monotonic()

    def count() -> None:
        while not done.wait(1):
            _write(out, f"\r  {label} … {texts.seconds(time.monotonic() - begun, 0)}")

    _write(out, f"  {label} …" if live else f"  {label} …\n")
    ticker = threading.Thread(target=count, daemon=True)
    if live:
        ticker.start()
    try:
        yield
    finally:
        done.set()
        if live:
            ticker.join()
    _write(out, f"{chr(13) if live else ''}  {label} … {texts.seconds(time.monotonic() - begun, 1)}\n")


def say(line: str) -> None:
    """Print one line."""
    _write(sys.stdout, line + "\n")


def _write(out: TextIO, text: str) -> None:
    # A closed terminal must not keep us from tidying up.
    with suppress(OSError):
        out.write(text)
        out.flush()
