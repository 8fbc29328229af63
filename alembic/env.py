"""Alembic's entry: `alembic upgrade head`, `alembic revision --autogenerate -m …`, `alembic check`.

The database is, in this order: `-x url=…`, the attribute `url` of the config (our command line and tests),
DATABASE_URL, the embedded cluster (which is started).
"""

from typing import Any

from alembic import context
from geoalchemy2 import alembic_helpers
from sqlalchemy import create_engine, pool
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

import naraigoto.models  # noqa: F401  # fills SQLModel.metadata
from naraigoto.settings import get_settings


def render_item(kind: str, thing: Any, context: Any) -> Any:
    """Write SQLModel's own string type as the plain one it is."""
    if kind == "type" and isinstance(thing, AutoString):
        return f"sa.String(length={thing.length})" if thing.length else "sa.String()"
    return alembic_helpers.render_item(kind, thing, context)


def database_url() -> str:
    """Where to migrate."""
    given = context.get_x_argument(as_dictionary=True).get("url") or context.config.attributes.get("url")
    if given or get_settings().database_url:
        return str(given or get_settings().database_url)
    from naraigoto.sandbox.postgres import Cluster

    return Cluster(get_settings().data_dir / "pg").start()


def include_object(thing: Any, name: str | None, kind: Any, reflected: bool, compare_to: Any) -> bool:
    """Leave alone every table that is not ours: PostGIS and its geocoder bring dozens."""
    if kind == "table" and reflected and name not in SQLModel.metadata.tables:
        return False
    return bool(alembic_helpers.include_object(thing, name, kind, reflected, compare_to))


def run() -> None:
    """Migrate on one plain connection, all steps in one transaction."""
    engine = create_engine(database_url(), poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=SQLModel.metadata,
            compare_type=True,
            compare_server_default=False,
            include_object=include_object,
            process_revision_directives=alembic_helpers.writer,
            render_item=render_item,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
