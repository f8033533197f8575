"""use of tokens."""

import sqlalchemy as sa
from alembic import op

import aipress.kit.db

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "token_use",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", aipress.kit.db.Instant(timezone=True), nullable=False),
        sa.Column("engine", sa.String(length=64), nullable=False),
        sa.Column("model", sa.String(length=128), nullable=False),
        sa.Column("tenant_id", sa.String(length=40), nullable=True),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("input_tokens", sa.Integer(), nullable=False),
        sa.Column("cached_tokens", sa.Integer(), nullable=False),
        sa.Column("output_tokens", sa.Integer(), nullable=False),
        sa.Column("granted", sa.Integer(), nullable=False),
        sa.Column("open_until", aipress.kit.db.Instant(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_token_use")),
    )
    op.create_index(op.f("ix_token_use_day"), "token_use", ["day"], unique=False)
    op.create_index("ix_token_use_person_day", "token_use", ["person_id", "day"], unique=False)
    op.create_index(op.f("ix_token_use_tenant_id"), "token_use", ["tenant_id"], unique=False)


def downgrade() -> None:
    op.drop_table("token_use")
