"""when people were here."""

import sqlalchemy as sa
from alembic import op

import aipress.kit.db

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("last_seen_at", aipress.kit.db.Instant(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("users", "last_seen_at")
