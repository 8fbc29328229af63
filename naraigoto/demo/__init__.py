"""Demo data: schools, families and their lessons, believable and the same for the same seed.

`load(url, now=…)` fills an empty migrated database with the demo of contract.md §3;
`add_schools(url, count, now=…, progress=progress_line())` adds that many more schools (`make demo-data`).
"""

from naraigoto.demo.adding import add_schools, progress_line
from naraigoto.demo.loading import DemoRefused, Summary, load

__all__ = ["DemoRefused", "Summary", "add_schools", "load", "progress_line"]
