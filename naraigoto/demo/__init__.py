"""Demo data: schools, families and their lessons, believable and the same for the same seed.

`load(url, now=…)` fills an empty migrated database with the demo of contract.md §3.
"""

from naraigoto.demo.loading import DemoRefused, Summary, load

__all__ = ["DemoRefused", "Summary", "load"]
