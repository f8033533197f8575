"""own domains."""

import sqlalchemy as sa
from alembic import op

import aipress.kit.db

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

PROVED = sa.text("proved_at IS NOT NULL")


def upgrade() -> None:
    moment = aipress.kit.db.Instant(timezone=True)
    op.create_table(
        "domains",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("tenant_id", sa.String(length=40), nullable=False),
        sa.Column("domain", sa.String(length=253), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("why", sa.String(length=600), nullable=False),
        sa.Column("certificate", sa.String(length=16), nullable=False),
        sa.Column("certificate_ends", moment, nullable=True),
        sa.Column("looks", sa.JSON(), nullable=False),
        sa.Column("checks", sa.Integer(), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("checked_at", moment, nullable=True),
        sa.Column("next_check_at", moment, nullable=True),
        sa.Column("proved_at", moment, nullable=True),
        sa.Column("proof_lost_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_domains_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_domains")),
        sa.UniqueConstraint("tenant_id", "domain", name=op.f("uq_domains_tenant_id")),
    )
    op.create_index(op.f("ix_domains_tenant_id"), "domains", ["tenant_id"])
    op.create_index(op.f("ix_domains_next_check_at"), "domains", ["next_check_at"])
    op.create_index(
        "uq_domains_proved", "domains", ["domain"], unique=True, sqlite_where=PROVED, postgresql_where=PROVED
    )


def downgrade() -> None:
    op.drop_table("domains")
