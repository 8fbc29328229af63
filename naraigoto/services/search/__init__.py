"""Finding schools and lessons: filters, pages of schools, classes with their slots, areas and genres."""

from naraigoto.services.search.catalogue import AreaRow, CodedName, areas, categories
from naraigoto.services.search.classes import ClassFilters, ClassPage, ClassRow, SlotRow, classes
from naraigoto.services.search.filters import FIELDS, Near, SearchFilters, Sort, parse, parse_leniently
from naraigoto.services.search.listing import SchoolPage, SchoolRow, schools

__all__ = [
    "FIELDS",
    "AreaRow",
    "ClassFilters",
    "ClassPage",
    "ClassRow",
    "CodedName",
    "Near",
    "SchoolPage",
    "SchoolRow",
    "SearchFilters",
    "SlotRow",
    "Sort",
    "areas",
    "categories",
    "classes",
    "parse",
    "parse_leniently",
    "schools",
]
