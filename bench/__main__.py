"""`make bench`: every benchmark beside its floor, in one run; prints a table and writes bench/results.json.

`python -m bench bookings search` runs only those named.
"""

import asyncio
import json
import os
import platform
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import bookings, search, startup, webhooks, weight
from naraigoto import bundle, demo
from tests.database import cluster, ensure_template, throwaway

SCHOOLS = int(os.environ.get("SCHOOLS", "100000"))
RESULTS = Path(__file__).with_name("results.json")


@contextmanager
def _empty() -> Iterator[str]:
    with cluster().hold(), throwaway(cluster(), ensure_template(cluster())) as url:
        yield url


def _bookings() -> dict[str, Any]:
    with _empty() as url:
        return asyncio.run(bookings.run(url))


def _webhooks() -> dict[str, Any]:
    with _empty() as url:
        return asyncio.run(webhooks.run(url))


def _search() -> dict[str, Any]:
    with _empty() as url:
        demo.add_schools(url, SCHOOLS, now=datetime.now(UTC))
        return {"schools": SCHOOLS} | asyncio.run(search.run(url))


def _startup() -> dict[str, Any]:
    bundle.build()
    return startup.run()


BENCHMARKS: dict[str, Callable[[], dict[str, Any]]] = {
    "bookings": _bookings,
    "webhooks": _webhooks,
    "search": _search,
    "startup": _startup,
    "weight": weight.measure,
}


def main(wanted: list[str]) -> None:
    """Run what is wanted (all by default), one after another, and keep the figures."""
    results: dict[str, Any] = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
    }
    for name in wanted or BENCHMARKS:
        print(f"\n{name}", flush=True)
        results[name] = BENCHMARKS[name]()
        for line in _lines(results[name]):
            print(f"  {line}", flush=True)
    RESULTS.write_text(json.dumps(results, ensure_ascii=False, indent=2) + "\n")


def _lines(figures: dict[str, Any], prefix: str = "") -> Iterator[str]:
    for key, value in figures.items():
        if isinstance(value, dict):
            yield from _lines(value, f"{prefix}{key} · ")
        else:
            yield f"{prefix + key:<60} {value}"


if __name__ == "__main__":
    main(sys.argv[1:])
