"""people come by Firebase."""

import sqlalchemy as sa
from alembic import op

import aipress.kit.db

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("firebase_uid", sa.String(length=128), nullable=True))
    op.create_index(op.f("ix_users_firebase_uid"), "users", ["firebase_uid"], unique=True)
    op.add_column("browser_sessions", sa.Column("firebase_uid", sa.String(length=128), nullable=True))
    op.create_table(
        "firebase_news",
        sa.Column("uid", sa.String(length=128), nullable=False),
        sa.Column("is_disabled", sa.Boolean(), nullable=True),
        sa.Column("sign_out", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=43), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", aipress.kit.db.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_firebase_news")),
    )
    op.create_index(op.f("ix_firebase_news_due_at"), "firebase_news", ["due_at"], unique=False)


def downgrade() -> None:
    op.drop_table("firebase_news")
    op.drop_column("browser_sessions", "firebase_uid")
    op.drop_index(op.f("ix_users_firebase_uid"), table_name="users")
    op.drop_column("users", "firebase_uid")
