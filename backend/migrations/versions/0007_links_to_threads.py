"""links to threads."""

import sqlalchemy as sa
from alembic import op

import aipress.kit.db

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("threads", sa.Column("share_hash", sa.String(length=64), nullable=True))
    op.add_column("threads", sa.Column("shared_at", aipress.kit.db.Instant(timezone=True), nullable=True))
    op.add_column("threads", sa.Column("shared_messages", sa.Integer(), nullable=False, server_default="0"))
    op.create_index(op.f("ix_threads_share_hash"), "threads", ["share_hash"], unique=True)


def downgrade() -> None:
    op.drop_index(op.f("ix_threads_share_hash"), table_name="threads")
    for column in ("shared_messages", "shared_at", "share_hash"):
        op.drop_column("threads", column)
