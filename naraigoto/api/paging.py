"""Keyset pages on the wire: `{"items": […], "next_cursor": …}` (contract.md §5)."""

from typing import Annotated, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel

from naraigoto.rules import PAGE_DEFAULT, PAGE_MAX

Item = TypeVar("Item")

Limit = Annotated[int, Query(ge=1, le=PAGE_MAX)]
Cursor = Annotated[str | None, Query(max_length=600)]
LIMIT_DEFAULT = PAGE_DEFAULT


class Page(BaseModel, Generic[Item]):
    """One page of a list."""

    items: list[Item]
    next_cursor: str | None = None
