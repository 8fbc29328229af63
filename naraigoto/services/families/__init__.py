"""Families (G6): beginning one, the children in it, the guardians who joined, and the way in for one more."""

from naraigoto.services.families.making import begin, create
from naraigoto.services.families.reading import (
    ChildRow,
    FamilyView,
    Person,
    children,
    get,
    own,
    own_name,
)

__all__ = ["ChildRow", "FamilyView", "Person", "begin", "children", "create", "get", "own", "own_name"]
