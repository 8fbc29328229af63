"""Finding schools and lessons: filters, pages of schools, classes with their slots, areas and genres."""

from naraigoto.models.schools import SafetyBadge
from naraigoto.rules import Travel
from naraigoto.services.search.catalogue import (
    AreaRow,
    CodedName,
    areas,
    categories,
    resolve,
    resolve_leniently,
)
from naraigoto.services.search.classes import ClassFilters, ClassPage, ClassRow, SlotRow, classes
from naraigoto.services.search.filters import (
    FIELDS,
    WEEKDAYS,
    Near,
    SearchFilters,
    Sort,
    joined,
    minutes,
    ring_m,
)
from naraigoto.services.search.listing import SchoolPage, SchoolRow, count, schools
from naraigoto.services.search.reading import parse, parse_leniently
from naraigoto.services.search.relaxing import Relaxation, relaxations
from naraigoto.services.search.terms import Suggestion, SuggestionKind, suggest

__all__ = [
    "FIELDS",
    "WEEKDAYS",
    "AreaRow",
    "ClassFilters",
    "ClassPage",
    "ClassRow",
    "CodedName",
    "Near",
    "Relaxation",
    "SafetyBadge",
    "SchoolPage",
    "SchoolRow",
    "SearchFilters",
    "SlotRow",
    "Sort",
    "Suggestion",
    "SuggestionKind",
    "Travel",
    "areas",
    "categories",
    "classes",
    "count",
    "joined",
    "minutes",
    "parse",
    "parse_leniently",
    "relaxations",
    "resolve",
    "resolve_leniently",
    "ring_m",
    "schools",
    "suggest",
]
