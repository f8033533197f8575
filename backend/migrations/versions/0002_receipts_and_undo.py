"""receipts and undo: who did an operation, and which one undid it."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("operations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("actor_kind", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("actor_id", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("actor_email", sa.String(length=254), nullable=True))
        batch_op.add_column(sa.Column("undone_by", sa.String(length=40), nullable=True))
        batch_op.create_index(batch_op.f("ix_operations_actor_id"), ["actor_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("operations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_operations_actor_id"))
        for column in ("undone_by", "actor_email", "actor_id", "actor_kind"):
            batch_op.drop_column(column)
