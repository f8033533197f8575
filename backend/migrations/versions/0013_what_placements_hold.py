"""what placements hold."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

HELD = {"basic": 6, "standard": 24, "performance": 120}  # as tiers were until then


def upgrade() -> None:
    op.add_column("placements", sa.Column("options", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("placements", sa.Column("connections", sa.Integer(), nullable=False, server_default="6"))
    placements = sa.table("placements", sa.column("tier"), sa.column("connections"))
    for tier, held in HELD.items():
        op.execute(placements.update().where(placements.c.tier == tier).values(connections=held))


def downgrade() -> None:
    op.drop_column("placements", "connections")
    op.drop_column("placements", "options")
