"""Many schools that tie in every way, for tests of orders and pages."""

import random
from datetime import timedelta

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.models.base import new_id
from naraigoto.models.schools import School, SchoolStatus
from tests.factories import (
    NOW,
    make_area,
    make_category,
    point,
)

_PIECES = (
    "水泳", "スイミング", "ｽｲﾐﾝｸﾞ", "ピアノ", "英会話", "英語", "碁", "囲碁",
    "教室", "こども", "ひまわり", "渋谷", "薩摩琵琶",
    "100%", "a_b", "C\\D", "O'Neil", '"引用"', "🎹", "ＡＢＣ", "abc", "データー", "デ−タ", "〜", "㍿",
)  # fmt: skip


async def crowd(session: AsyncSession, count: int = 300) -> list[School]:
    """Schools in three areas and three genres, with words, places and moments that often tie."""
    dice = random.Random(7)
    areas = [await make_area(session, code, name=f"区{code}") for code in ("13101", "13102", "13103")]
    genres = [await make_category(session, code, name=code) for code in ("swim", "piano", "go")]
    schools = [
        School(
            id=new_id(),
            name="".join(dice.choices(_PIECES, k=3))[:80],
            summary="".join(dice.choices(_PIECES, k=2)),
            area_code=dice.choice(areas).code,
            category_code=dice.choice(genres).code,
            location=point(35.66 + dice.randrange(12) / 100, 139.70 + dice.randrange(3) / 100),
            status=SchoolStatus.PUBLISHED,
            published_at=NOW - timedelta(days=dice.randrange(40, 60)),
        )
        for _ in range(count)
    ]
    session.add_all(schools)
    await session.flush()
    # Uneven figures with many ties, the same in every run.
    figures = (
        "UPDATE schools_stats SET score = 3500 + 100 * mod(abs(hashtext(norm)), 7),"
        " rating_score = mod(abs(hashtext(norm)), 5)"
        " FROM school_search t WHERE t.school_id = schools_stats.school_id"
    )
    await (await session.connection()).execute(text(figures))
    await analyze(session)
    return schools


async def analyze(session: AsyncSession) -> None:
    """Tell the planner how many rows there are: autovacuum may have seen the tables empty."""
    tables = "schools, schools_stats, school_search, classes, lesson_schedules"
    await (await session.connection()).execute(text(f"ANALYZE {tables}"))
