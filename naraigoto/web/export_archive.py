"""Writes an export as a ZIP (JSON, and CSV for spreadsheets) or as one JSON document (D17)."""

import asyncio
import csv
import io
import json
import tempfile
import zipfile
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from datetime import datetime
from typing import IO, Any

from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock
from naraigoto.services import privacy
from naraigoto.texts import exports as texts

# Small exports never touch the disk; large ones never fill the memory.
_IN_MEMORY = 1024 * 1024
_CHUNK = 64 * 1024
# What spreadsheets would run as a formula (OWASP: CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Spool = IO[bytes]


async def document(session: AsyncSession, taker: privacy.Taker, *, now: datetime) -> Spool:
    """The whole export as one JSON document.

    Raises: Unavailable when the database goes away.
    """
    spool = _spool()
    await _write(session, taker, now, spool, None)
    spool.seek(0)
    return spool


async def archive(session: AsyncSession, taker: privacy.Taker, *, now: datetime) -> Spool:
    """The ZIP: a letter to read first, everything as JSON, each part as CSV.

    Raises: Unavailable when the database goes away.
    """
    packed = _spool()
    with _spool() as spool, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as folder:
        moment = clock.jst(now)
        folder.writestr(
            _entry(texts.LETTER, moment), texts.letter(moment, privacy.parts()).encode("utf-8-sig")
        )
        await _write(session, taker, now, spool, folder)
        # Packing much takes long, and nobody else should wait for it.
        await asyncio.to_thread(_pack, folder, _entry("naraigoto.json", moment), spool)
    packed.seek(0)
    return packed


def _pack(folder: zipfile.ZipFile, entry: zipfile.ZipInfo, spool: Spool) -> None:
    spool.seek(0)
    with folder.open(entry, "w") as whole:
        for chunk in chunks(spool):
            whole.write(chunk)


def chunks(spool: Spool) -> Iterator[bytes]:
    """The bytes from here to the end, a piece at a time."""
    while piece := spool.read(_CHUNK):
        yield piece


def size(spool: Spool) -> int:
    """How many bytes it holds; leaves it at its beginning."""
    end = spool.seek(0, io.SEEK_END)
    spool.seek(0)
    return end


async def _write(
    session: AsyncSession, taker: privacy.Taker, now: datetime, whole: Spool, folder: zipfile.ZipFile | None
) -> None:
    moment = clock.jst(now)
    head = {"exported_at": moment.isoformat(), "user_id": str(taker.user_id)}
    whole.write(json.dumps(head).encode()[:-1])
    for name in privacy.parts():
        batches = privacy.rows(session, taker, name)
        whole.write(f', "{name}": ['.encode())
        if folder is None:
            await _write_part(batches, whole, None)
        else:
            with folder.open(_entry(f"csv/{name}.csv", moment), "w") as sheet:
                sheet.write(b"\xef\xbb\xbf")  # so that spreadsheets know it is UTF-8
                await _write_part(batches, whole, sheet)
        whole.write(b"]")
    whole.write(b"}")


async def _write_part(
    batches: AsyncIterator[tuple[Sequence[str], Sequence[Sequence[Any]]]],
    whole: Spool,
    sheet: IO[bytes] | None,
) -> None:
    first = True
    async for columns, batch in batches:
        if first and not batch and sheet is not None:
            sheet.write(_csv([columns]))
        for row in batch:
            values = {column: _plain(value) for column, value in zip(columns, row, strict=True)}
            whole.write(("" if first else ", ").encode() + json.dumps(values, ensure_ascii=False).encode())
            first = False
        if sheet is not None and batch:
            sheet.write(_csv([_cell(_plain(value)) for value in row] for row in batch))


def _csv(lines: Iterable[Sequence[Any]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(lines)
    return out.getvalue().encode()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return clock.jst(value).isoformat()
    return value if value is None or isinstance(value, bool | int | float | dict | list) else str(value)


def _cell(value: Any) -> Any:
    if isinstance(value, dict | list):
        value = json.dumps(value, ensure_ascii=False)
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _entry(name: str, moment: datetime) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, moment.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry


def _spool() -> Spool:
    return tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)
