"""Brings a database to this version's tables, and back."""

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import text

from roto_hub.db.connect import Database
from roto_shared.errors import InputError

MIGRATIONS = Path(__file__).parent / "migrations"

MIGRATE_LOCK = 0x6D696772
"""Hubs that begin at the same moment migrate one after the other; the later ones find nothing to do."""


def migrate(database: Database, revision: str = "head") -> None:
    """Up to ``revision``; ``base`` takes everything down. Raises InputError for tables that a later version made."""
    config = _config()
    with database.engine.begin() as connection:
        if connection.dialect.name == "postgresql":  # SQLite has one writer at a time anyway
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATE_LOCK})
        config.attributes["connection"] = connection
        if revision == "base":
            _run(command.downgrade, config, revision)
        else:
            _run(command.upgrade, config, revision)


def _run(go: Callable[[Config, str], None], config: Config, revision: str) -> None:
    try:
        go(config, revision)
    except CommandError as error:
        raise InputError(
            f"The database's tables are not this version's: {error}.",
            "Use the version of roto that made them, or a backup.",
        ) from error


def is_current(database: Database) -> bool:
    """Whether the database has this version's tables."""
    with database.engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    return found == ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config
