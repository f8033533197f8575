"""where environments are."""

import sqlalchemy as sa
from alembic import op

import aipress.kit.db

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "placements",
        sa.Column("environment_id", sa.String(length=12), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("service", sa.String(length=63), nullable=False),
        sa.Column("tier", sa.String(length=16), nullable=False),
        sa.Column("project", sa.String(length=63), nullable=False),
        sa.Column("region", sa.String(length=63), nullable=False),
        sa.Column("instance", sa.String(length=98), nullable=False),
        sa.Column("placed_at", aipress.kit.db.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("environment_id", name=op.f("pk_placements")),
        sa.UniqueConstraint("project", "region", "service", name="uq_placements_service"),
    )


def downgrade() -> None:
    op.drop_table("placements")
