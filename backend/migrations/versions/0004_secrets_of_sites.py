"""Secrets of sites: their names, versions and who set them. Values are in the vault."""

import sqlalchemy as sa
from alembic import op

import aipress.kit.db

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "secrets",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("tenant_id", sa.String(length=40), nullable=False),
        sa.Column("environment_id", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_set", sa.Boolean(), nullable=False),
        sa.Column("last_four", sa.String(length=4), nullable=True),
        sa.Column("set_at", aipress.kit.db.Instant(timezone=True), nullable=False),
        sa.Column("set_by_id", sa.String(length=40), nullable=False),
        sa.Column("set_by_email", sa.String(length=254), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_secrets_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_secrets")),
        sa.UniqueConstraint("environment_id", "name", name=op.f("uq_secrets_environment_id")),
    )
    with op.batch_alter_table("secrets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_secrets_tenant_id"), ["tenant_id"], unique=False)


def downgrade() -> None:
    op.drop_table("secrets")
