"""${message}"""

import sqlalchemy as sa
from alembic import op

import roto_hub.db.models.base

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Up."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Down."""
    ${downgrades if downgrades else "pass"}
