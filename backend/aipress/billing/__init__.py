"""What sites cost: rows of each cloud's billing export, by tenant, service and day; budgets."""
