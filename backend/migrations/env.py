"""Alembic's door: migrations run inside the connection the control plane hands over."""

from alembic import context

import aipress.api.idempotency
import aipress.audit.models
import aipress.operations.models
import aipress.plans.models
import aipress.secrets.models
import aipress.tenants.models
import aipress.threads.models
import aipress.users.models  # noqa: F401  (each brings its tables)
from aipress.kit.db import Row

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Row.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
