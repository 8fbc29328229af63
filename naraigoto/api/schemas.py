"""Shapes that several answers share (contract.md §5)."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, PlainSerializer

from naraigoto import clock

# Times leave with the Japanese offset: readable for people, exact for programs.
JstTime = Annotated[datetime, PlainSerializer(lambda moment: clock.jst(moment).isoformat(), return_type=str)]


class Coded(BaseModel):
    """An area or a category."""

    code: str
    name: str


class Named(BaseModel):
    """A school or an instructor inside something else."""

    id: UUID
    name: str


class Titled(BaseModel):
    """A class inside something else."""

    id: UUID
    title: str


class Location(BaseModel):
    """WGS 84."""

    lat: float
    lng: float
