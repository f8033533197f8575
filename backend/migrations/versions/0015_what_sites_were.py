"""what sites were before a change of size."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tenants", sa.Column("former", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    op.drop_column("tenants", "former")
