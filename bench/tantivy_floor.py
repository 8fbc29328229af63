"""A search library as the floor: tantivy with bigrams over the same text, ordered by the same score.

It holds words, area, genre and score only: no seats, no circles, nothing that follows a booking. It says
how fast words alone could be answered by an index beside the program.
"""

import random
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import psycopg
import tantivy

from naraigoto.services.search import SearchFilters

_REPEATS = 60
_ROWS = """
    SELECT t.norm, st.area_code, st.category_code, st.score, st.school_id::text
    FROM schools_stats st JOIN school_search t USING (school_id)
"""


async def measure(
    bare: psycopg.AsyncConnection[Any],
    shapes: Mapping[str, Callable[[Any, date], SearchFilters]],
    places: list[Any],
) -> dict[str, dict[str, Any]]:
    """Milliseconds (p50, p95) of each shape on the index of all rows."""
    with tempfile.TemporaryDirectory() as folder:
        index = await _index(bare, folder)
        searcher = index.searcher()
        figures = {}
        for name, shape in shapes.items():
            dice = random.Random(11)
            spent = []
            for _ in range(_REPEATS):
                query = await _query(bare, shape(dice.choice(places), date(2026, 12, 5)))
                begun = time.perf_counter()
                hits = searcher.search(index.parse_query(query, ["norm"]), 20, order_by_field="score").hits
                for _score, place in hits:
                    searcher.doc(place)
                spent.append((time.perf_counter() - begun) * 1000)
            spent = sorted(spent[6:])
            figures[name] = {
                "tantivy_p50_ms": round(spent[len(spent) // 2], 1),
                "tantivy_p95_ms": round(spent[int(len(spent) * 0.95) - 1], 1),
            }
    return figures


async def _index(bare: psycopg.AsyncConnection[Any], folder: str) -> tantivy.Index:
    schema = tantivy.SchemaBuilder()
    schema.add_text_field("norm", tokenizer_name="bigrams", index_option="position")
    for name in ("area", "category"):
        schema.add_text_field(name, tokenizer_name="raw", index_option="basic")
    schema.add_integer_field("score", fast=True)
    schema.add_text_field("id", tokenizer_name="raw", stored=True)
    index = tantivy.Index(schema.build(), folder)
    bigrams = tantivy.Tokenizer.ngram(min_gram=2, max_gram=2, prefix_only=False)
    index.register_tokenizer("bigrams", tantivy.TextAnalyzerBuilder(bigrams).build())
    writer = index.writer(256_000_000)
    async with bare.transaction(), bare.cursor("rows") as rows:
        await rows.execute(_ROWS)
        async for norm, area, category, score, school in rows:
            writer.add_document(
                tantivy.Document(norm=[norm], area=[area], category=[category], score=score, id=[school])
            )
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return index


async def _query(bare: psycopg.AsyncConnection[Any], filters: SearchFilters) -> str:
    """In tantivy's own words: every word is a phrase of its bigrams."""
    found = await (await bare.execute("SELECT ng_words(%s)", [filters.q])).fetchone()
    words = found[0] if found else []
    parts = [f'+norm:"{word}"' for word in words]
    parts += [f"+area:{area}" for area in filters.areas]
    parts += [f"+category:{filters.category}"] if filters.category else []
    return " ".join(parts)
