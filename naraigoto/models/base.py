"""What every table shares: names of constraints, ids, moments, enumerations as checked text."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Date, DateTime, Enum, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel
from uuid_utils.compat import uuid7

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

Moment = DateTime(timezone=True)


def new_id() -> UUID:
    """A UUIDv7: unique, and ordered by the time it was made."""
    return uuid7()


def id_field() -> Any:
    """The primary key of a table."""
    return Field(default_factory=new_id, primary_key=True)


def ref(target: str, *, index: bool = True, nullable: bool = False, **more: Any) -> Any:
    """An indexed foreign key to `table.column`; nullable ones default to None."""
    if nullable:
        more.setdefault("default", None)
    return Field(foreign_key=target, index=index, nullable=nullable, **more)


def moment(*, nullable: bool = False, **more: Any) -> Any:
    """A `timestamptz` column."""
    if nullable:
        more.setdefault("default", None)
    return Field(sa_type=Moment, nullable=nullable, **more)  # pyright: ignore[reportArgumentType]


def created() -> Any:
    """When the row was made: set by the service, else by the database."""
    return Field(
        default=None, sa_type=Moment, nullable=False, sa_column_kwargs={"server_default": text("now()")}
    )  # pyright: ignore[reportArgumentType, reportCallIssue]


def day(*, nullable: bool = False, **more: Any) -> Any:
    """A `date` column (a Japanese calendar day)."""
    if nullable:
        more.setdefault("default", None)
    return Field(sa_type=Date, nullable=nullable, **more)


def prose(**more: Any) -> Any:
    """A `text` column, empty by default."""
    more.setdefault("default", "")
    return Field(sa_type=Text, nullable=False, sa_column_kwargs={"server_default": text("''")}, **more)


def choice(kind: type[StrEnum], *, nullable: bool = False, **more: Any) -> Any:
    """An enumeration stored as text with a CHECK on its values."""
    if nullable:
        more.setdefault("default", None)
    stored = Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=32,
        name=_snake(kind.__name__),
        values_callable=lambda members: [member.value for member in members],
    )
    return Field(sa_type=stored, nullable=nullable, **more)  # pyright: ignore[reportArgumentType]


def facts() -> Any:
    """A JSON object."""
    return Field(
        default_factory=dict, sa_type=JSONB, nullable=False, sa_column_kwargs={"server_default": text("'{}'")}
    )


def counter(**more: Any) -> Any:
    """A whole number that starts at zero."""
    return Field(default=0, nullable=False, sa_column_kwargs={"server_default": text("0")}, **more)


def flag(default: bool = False, **more: Any) -> Any:  # mirrors the column's default
    """A yes/no column."""
    return Field(
        default=default,
        nullable=False,
        sa_column_kwargs={"server_default": text("true" if default else "false")},
        **more,
    )


def _snake(name: str) -> str:
    return "".join("_" + c.lower() if c.isupper() else c for c in name).lstrip("_")


__all__ = [
    "UUID",
    "Moment",
    "SQLModel",
    "choice",
    "counter",
    "created",
    "datetime",
    "day",
    "facts",
    "flag",
    "id_field",
    "moment",
    "new_id",
    "prose",
    "ref",
]
