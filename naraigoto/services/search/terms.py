"""Suggestions while typing, and the word that was meant: from the list of terms and the names of schools."""

import re
from dataclasses import dataclass
from enum import StrEnum

from psycopg.errors import QueryCanceled
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.errors import SearchTooBroad
from naraigoto.rules import SEARCH_KEYWORD_MAX, SUGGEST_SCHOOLS, SUGGEST_WORDS
from naraigoto.services.search.filters import Near
from naraigoto.services.search.reading import plain


class SuggestionKind(StrEnum):
    """What a suggestion is, and so where it leads."""

    GENRE = "genre"
    AREA = "area"
    STATION = "station"
    SCHOOL = "school"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something to choose: `id` is a code, of schools a UUID; `detail` tells namesakes apart."""

    kind: SuggestionKind
    id: str
    text: str
    detail: str = ""
    near: Near | None = None


# What begins as typed comes first, then shorter words; a synonym stands for its genre.
_WORDS = text("""
    SELECT kind, code, name, detail, lat, lng FROM (
      SELECT DISTINCT ON (t.kind, t.code) t.kind, t.code, t.norm,
        coalesce(c.name, t.text) AS name, coalesce(a.prefecture, '') AS detail,
        ST_Y(t.location::geometry) AS lat, ST_X(t.location::geometry) AS lng,
        CASE WHEN starts_with(t.norm, typed.norm) OR starts_with(t.kana, typed.norm) THEN 0 ELSE 1
        END AS later
      FROM (SELECT ng_norm(:typed) AS norm) typed, search_terms t
      LEFT JOIN categories c ON t.kind = 'genre' AND c.code = t.code
      LEFT JOIN areas a ON t.kind = 'area' AND a.code = t.code
      WHERE t.kind <> 'word' AND typed.norm <> ''
        AND (starts_with(t.norm, typed.norm) OR starts_with(t.kana, typed.norm)
          OR (length(typed.norm) > 1 AND strpos(t.norm, typed.norm) + strpos(t.kana, typed.norm) > 0))
      ORDER BY t.kind, t.code, later, length(t.norm)) found
    ORDER BY later, array_position(ARRAY['genre', 'area', 'station'], kind::text), length(norm), code
    LIMIT :limit
""")
# The first so many of each index, then the best of them: a short beginning is shared by thousands of schools.
# The comparisons are those of text_pattern_ops, so that the indexes serve a value known only at run time.
_SCHOOLS = text("""
    WITH typed AS MATERIALIZED (
      SELECT left(ng_norm(:typed), 24) AS low, left(ng_norm(:typed), 24) || U&'\\+10FFFF' AS high)
    SELECT s.id, s.name, a.name AS area FROM (
      (SELECT school_id FROM school_search WHERE left(norm, 24) ~>=~ (SELECT low FROM typed)
         AND left(norm, 24) ~<~ (SELECT high FROM typed) LIMIT 60)
      UNION
      (SELECT school_id FROM school_search
       WHERE left(split_part(norm, chr(10), 2), 24) ~>=~ (SELECT low FROM typed)
         AND left(split_part(norm, chr(10), 2), 24) ~<~ (SELECT high FROM typed) LIMIT 60)) begins
    JOIN schools_stats st USING (school_id) JOIN schools s ON s.id = begins.school_id
    JOIN areas a ON a.code = s.area_code
    WHERE (SELECT low FROM typed) <> ''
    ORDER BY st.score DESC, s.id DESC LIMIT :limit
""")
_CORRECT = text("""
    SELECT t.text FROM (SELECT ng_norm(:word) AS norm) typed, search_terms t
    CROSS JOIN LATERAL (VALUES (t.norm), (t.kana), (regexp_replace(t.norm, '(駅|区|市)$', ''))) form(said)
    CROSS JOIN LATERAL (SELECT CASE WHEN length(typed.norm) <= 4 THEN 1 ELSE 2 END AS most) allowed
    WHERE length(typed.norm) BETWEEN 2 AND 40 AND length(form.said) BETWEEN 2 AND 40
      -- Of two letters the first is right: 書動 is 書道.
      AND (length(typed.norm) > 2 OR length(form.said) > 2
        OR (t.kind = 'genre' AND left(typed.norm, 1) = left(form.said, 1)))
      AND levenshtein_less_equal(typed.norm, form.said, allowed.most) <= allowed.most
    ORDER BY levenshtein(typed.norm, form.said),
      array_position(ARRAY['genre', 'word', 'area', 'station'], t.kind::text), length(t.text), t.text
    LIMIT 1
""")
_LIMIT_WAIT = text("SET LOCAL statement_timeout = 500")
_RETRY_AFTER_SECONDS = 2
# What an input method has not yet turned into kana: すいm.
_HALF_TYPED = re.compile(r"(?<=[\u3041-\u30fc])[a-zA-Z]{1,3}$")


async def suggest(session: AsyncSession, *, typed: str) -> list[Suggestion]:
    """Genres, areas, stations and schools for the last word typed; public.

    Raises: SearchTooBroad when it takes longer than anybody waits while typing.
    """
    words = plain(typed)[:SEARCH_KEYWORD_MAX].split()
    if not words:
        return []
    last = _HALF_TYPED.sub("", words[-1]) or words[-1]
    whole = " ".join([*words[:-1], last])
    connection = await session.connection()
    try:
        await connection.execute(_LIMIT_WAIT)
        named = await connection.execute(_WORDS, {"typed": last, "limit": SUGGEST_WORDS})
        found = [
            Suggestion(
                SuggestionKind(row.kind),
                row.code,
                row.name,
                row.detail,
                Near(row.lat, row.lng) if row.lat is not None else None,
            )
            for row in named
        ]
        schools = await connection.execute(_SCHOOLS, {"typed": whole, "limit": SUGGEST_SCHOOLS})
    except OperationalError as failed:
        if isinstance(failed.orig, QueryCanceled):
            raise SearchTooBroad(retry_after=_RETRY_AFTER_SECONDS) from failed
        raise
    return found + [Suggestion(SuggestionKind.SCHOOL, str(row.id), row.name, row.area) for row in schools]


async def meant(session: AsyncSession, word: str) -> str | None:
    """The term nearest to a mistyped word, at most one letter off in short words and two in long ones."""
    return (await (await session.connection()).execute(_CORRECT, {"word": word})).scalar_one_or_none()
