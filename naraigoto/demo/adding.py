"""Adds many schools to a migrated database with COPY, on two connections where it may."""

import queue
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TypeVar

import psycopg
from psycopg import Connection, errors, sql

from naraigoto.demo.bulk import LessonLines, Mill, SchoolLines, tag
from naraigoto.demo.content import common, genres
from naraigoto.demo.loading import SEED, refuse_production
from naraigoto.demo.pictures import draw
from naraigoto.demo.pictures.canvas import WIDTH
from naraigoto.reference import areas, categories, load_reference, plain_url, terms
from naraigoto.settings import get_settings

Progress = Callable[[int, int], None]
Work = Callable[[Connection], object]
Lines = TypeVar("Lines")

_BATCH = 2_000
# Keeping the text index in step costs some four times as much a row as building it anew.
_REBUILD_FROM, _REBUILD_GAIN = 500, 3
_INDEX = "ix_school_search_grams"
_SCHOOLS = (
    "schools (id, name, name_kana, area_code, category_code, summary, description, address, access, location,"
    " image_keys, status, booking_cutoff_hours, cancel_policy, safety_badge, published_at, created_at)"
)
_STATS = (
    "schools_stats (school_id, area_code, category_code, score, rating_score, published_at, refreshed_at)"
)
_NORM = "school_search (school_id, norm)"
_CLASSES = (
    "classes (id, school_id, title, description, belongings, capacity, duration_min, ticket_cost, age_min,"
    " age_max, instructor_choice)"
)
_SLOTS = "lesson_schedules (id, class_id, school_id, start_at, end_at, capacity, version)"


def add_schools(
    url: str,
    count: int,
    *,
    now: datetime,
    seed: int = SEED,
    progress: Progress | None = None,
    media: Path | None = None,
    picture_width: int = WIDTH,
) -> int:
    """Add `count` more realistic schools, all or none; how many the seed has made by now.

    The same seed counts on where its last call ended. `progress` hears how many are done of how many;
    `progress_line()` makes one for a terminal.

    Raises: DemoRefused in production.
    """
    refuse_production()
    load_reference(url)
    gallery = draw(media or get_settings().data_dir / "media", seed, width=picture_width)
    report = progress or (lambda _done, _total: None)
    with psycopg.connect(plain_url(url)) as connection, psycopg.connect(plain_url(url)) as second:
        first = _next_number(connection, seed)
        quick = _skip_checks(connection) and _skip_checks(second)
        mill = Mill(seed, first, count, now, gallery, _letters(connection))
        if quick:
            _stream(connection, second, mill, report)
        else:
            _stream_checked(connection, mill, report)
    with psycopg.connect(plain_url(url), autocommit=True) as connection:
        connection.execute("ANALYZE schools, schools_stats, classes, lesson_schedules")
        # A small sample: the figures of the text index cost far more than search makes of them.
        connection.execute("SET default_statistics_target = 10")
        connection.execute("ANALYZE school_search")
    report(count, count)
    return first + count


def progress_line() -> Progress:
    """A line on the terminal that is written over: how many, how fast, how long still."""
    begun = time.monotonic()
    width = 30

    def show(done: int, total: int) -> None:
        seconds = max(time.monotonic() - begun, 0.001)
        rate = done / seconds
        left = (total - done) / rate if rate else 0
        bar = "█" * (width * done // max(total, 1))
        ending = "\n" if done >= total and done else ""
        line = f"\r  {bar:░<{width}} {done:,}/{total:,}教室  毎秒{rate:,.0f}  残り{left:.0f}秒 "
        sys.stdout.write(line + ending)
        sys.stdout.flush()

    return show


class Writer:
    """Does what it is given on its own connection in its own thread, while the next lines are made."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._work: queue.Queue[Work | None] = queue.Queue(maxsize=8)
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def give(self, work: Work) -> None:
        """Do this after everything before it.

        Raises: what an earlier piece of work raised.
        """
        if self._failure:
            raise self._failure
        self._work.put(work)

    def finish(self) -> None:
        """Wait until all is done.

        Raises: what a piece of work raised.
        """
        self._work.put(None)
        self._thread.join()
        if self._failure:
            raise self._failure

    def _run(self) -> None:
        while (work := self._work.get()) is not None:
            # After a failure only listen, so that nobody waits for us for ever.
            if self._failure is None:
                try:
                    work(self._connection)
                except BaseException as failure:
                    self._failure = failure


def _stream(connection: Connection, second: Connection, mill: Mill, report: Progress) -> None:
    """Schools, text and figures on one connection; while it builds its index, lessons on the other."""
    rebuild = _set_text_index_aside(connection, mill.count)
    schools, lessons = Writer(connection), Writer(second)
    done = 0
    try:
        for batch in _batches(mill.schools()):
            schools.give(partial(_write_schools, batch))
            report(done := done + len(batch) // 2, mill.count)
        schools.give(rebuild)
        for batch in _batches(mill.lessons()):
            lessons.give(partial(_write_lessons, batch))
            report(min(done := done + len(batch) // 2, mill.count - 1), mill.count)
    finally:
        try:
            lessons.finish()
        finally:
            schools.finish()


def _stream_checked(connection: Connection, mill: Mill, report: Progress) -> None:
    """Without the right to skip checks: everything in order, the triggers write text and figures."""
    for batch in _batches(mill.schools()):
        _copy(_SCHOOLS, (made.school for made in batch), connection)
    for batch in _batches(mill.lessons()):
        _write_lessons(batch, connection)
    report(mill.count - 1, mill.count)


def _write_schools(batch: list[SchoolLines], connection: Connection) -> None:
    _copy(_SCHOOLS, (made.school for made in batch), connection)
    _copy(_STATS, (made.stats for made in batch), connection)
    _copy(_NORM, (made.norm for made in batch), connection)


def _write_lessons(batch: list[LessonLines], connection: Connection) -> None:
    _copy(_CLASSES, (line for made in batch for line in made.classes), connection)
    _copy(_SLOTS, (line for made in batch for line in made.slots), connection)


def _batches(stream: Iterator[Lines]) -> Iterator[list[Lines]]:
    while batch := list(islice(stream, _BATCH)):
        yield batch


def _copy(target: str, lines: Iterable[str], connection: Connection) -> None:
    statement = sql.SQL("COPY ") + sql.SQL(target) + sql.SQL(" FROM STDIN")  # pyright: ignore[reportArgumentType]
    with connection.cursor() as cursor, cursor.copy(statement) as stream:
        stream.write("".join(lines))


def _skip_checks(connection: Connection) -> bool:
    """Leave out triggers and foreign keys, which hold by construction; False without the right to."""
    connection.execute("SET synchronous_commit = off")
    connection.execute("SET maintenance_work_mem = '256MB'")
    try:
        with connection.transaction():
            connection.execute("SET LOCAL session_replication_role = replica")
    except errors.InsufficientPrivilege:
        return False
    connection.execute("SET session_replication_role = replica")
    return True


def _set_text_index_aside(connection: Connection, count: int) -> Work:
    """Drop the text index when that is quicker; how to build it again, in the same transaction."""
    known = connection.execute("SELECT count(*) FROM school_search").fetchone() or (0,)
    definition = connection.execute(
        "SELECT pg_get_indexdef(oid) FROM pg_class WHERE relname = %s", [_INDEX]
    ).fetchone()
    if count < _REBUILD_FROM or known[0] > count * _REBUILD_GAIN or definition is None:
        return lambda _connection: None
    connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(_INDEX)))
    return lambda connection: connection.execute(definition[0])


def _letters(connection: Connection) -> dict[int, str | None]:
    """How ng_norm() writes every letter of our words: asked once instead of once per school.

    Normalising letter by letter is exact here, because the words hold no combining marks.
    """
    words, texts = common(), [*(c.name + c.kana for c in categories()), *(t.text + t.kana for t in terms())]
    texts += [a.prefecture + a.name + a.kana for a in areas()]
    for genre in genres().values():
        texts += [kind.title + kind.description for kind in genre.classes]
        texts += [*genre.summaries, *genre.opens, *genre.lessons, *genre.people]
        texts += ["".join(kind) for kind in genre.kinds]
    texts += [*words.notes, *("".join(pair) for pair in (*words.towns, *words.brands, *words.surnames))]
    alphabet = sorted(set("".join(texts)) | set("校こう 0123456789-丁目最寄り駅から徒歩分"))
    rows = connection.execute("SELECT letter, ng_norm(letter) FROM unnest(%s::text[]) letter", [alphabet])
    return {ord(letter): norm or None for letter, norm in rows}


def _next_number(connection: Connection, seed: int) -> int:
    """One more than the highest number this seed has given to a school."""
    version, variant, rest = tag(seed, "school")
    row = connection.execute(
        "SELECT max(right(id::text, 7)) FROM schools WHERE id::text LIKE %s",
        [f"________-____-{version}-{variant}-{rest}%"],
    ).fetchone()
    return int(row[0], 16) + 1 if row and row[0] else 0
