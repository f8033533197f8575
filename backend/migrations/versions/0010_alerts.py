"""alerts."""

import sqlalchemy as sa
from alembic import op

import aipress.kit.db

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("tenant_id", sa.String(length=40), nullable=True),
        sa.Column("environment_id", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("worst", sa.Double(), nullable=False),
        sa.Column("opened_at", aipress.kit.db.Instant(timezone=True), nullable=False),
        sa.Column("closed_at", aipress.kit.db.Instant(timezone=True), nullable=True),
        sa.Column("acknowledged_at", aipress.kit.db.Instant(timezone=True), nullable=True),
        sa.Column("acknowledged_by_email", sa.String(length=254), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_alerts_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    op.create_index(op.f("ix_alerts_tenant_id"), "alerts", ["tenant_id"])
    op.create_index(
        "uq_alerts_open",
        "alerts",
        ["environment_id", "kind"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_table(
        "alert_watches",
        sa.Column("environment_id", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("environment_id", "kind", name=op.f("pk_alert_watches")),
    )
    op.create_table(
        "alert_rounds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("watched_until", aipress.kit.db.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_rounds")),
    )
    op.create_table(
        "alert_deliveries",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("alert_id", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("target", sa.String(length=254), nullable=False),
        sa.Column("message", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", aipress.kit.db.Instant(timezone=True), nullable=False),
        sa.Column("trouble", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name=op.f("fk_alert_deliveries_alert_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_deliveries")),
    )
    op.create_index(op.f("ix_alert_deliveries_alert_id"), "alert_deliveries", ["alert_id"])
    op.create_index("ix_alert_deliveries_due", "alert_deliveries", ["state", "next_at"])
    op.create_table(
        "alert_settings",
        sa.Column("user_id", sa.String(length=40), nullable=False),
        sa.Column("by_mail", sa.Boolean(), nullable=False),
        sa.Column("webhook_host", sa.String(length=254), nullable=False),
        sa.Column("webhook_sealed", sa.Text(), nullable=False),
        sa.Column("changed_at", aipress.kit.db.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_alert_settings")),
    )


def downgrade() -> None:
    for table in ("alert_settings", "alert_deliveries", "alert_rounds", "alert_watches", "alerts"):
        op.drop_table(table)
