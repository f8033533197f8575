"""costs of sites."""

import sqlalchemy as sa
from alembic import op

import aipress.kit.db

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "costs",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("cloud", sa.String(length=16), nullable=False),
        sa.Column("usage_date", sa.Date(), nullable=False),
        sa.Column("invoice_month", sa.String(length=6), nullable=False),
        sa.Column("tenant_id", sa.String(length=63), nullable=False),
        sa.Column("shared", sa.String(length=63), nullable=False),
        sa.Column("service", sa.String(length=200), nullable=False),
        sa.Column("sku", sa.String(length=400), nullable=False),
        sa.Column("unit", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("currency", sa.String(length=8), nullable=False),
        sa.Column("amount", sa.String(length=60), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.Column("credits", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_costs")),
    )
    op.create_index(op.f("ix_costs_invoice_month"), "costs", ["invoice_month"])
    op.create_index("ix_costs_tenant_month", "costs", ["tenant_id", "invoice_month"])
    op.create_index("ix_costs_cloud_day", "costs", ["cloud", "usage_date"])
    op.create_table(
        "cost_counts",
        sa.Column("cloud", sa.String(length=16), nullable=False),
        sa.Column("read_at", aipress.kit.db.Instant(timezone=True), nullable=False),
        sa.Column("as_of", aipress.kit.db.Instant(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("cloud", name=op.f("pk_cost_counts")),
    )
    op.create_table(
        "budgets",
        sa.Column("tenant_id", sa.String(length=40), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=8), nullable=False),
        sa.Column("thresholds", sa.String(length=60), nullable=False),
        sa.Column("set_at", aipress.kit.db.Instant(timezone=True), nullable=False),
        sa.Column("set_by_email", sa.String(length=254), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_budgets_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", name=op.f("pk_budgets")),
    )
    op.create_table(
        "budget_alerts",
        sa.Column("tenant_id", sa.String(length=40), nullable=False),
        sa.Column("invoice_month", sa.String(length=6), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.Column("sent_at", aipress.kit.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_budget_alerts_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "invoice_month", "threshold", name=op.f("pk_budget_alerts")),
    )


def downgrade() -> None:
    for table in ("budget_alerts", "budgets", "cost_counts", "costs"):
        op.drop_table(table)
