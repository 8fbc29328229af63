"""Things by their id and what they are called, inside something else."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Named:
    """A school or an instructor."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Titled:
    """A class."""

    id: UUID
    title: str
