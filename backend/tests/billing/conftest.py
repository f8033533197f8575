"""Costs are tested over HTTP on the whole control plane, whose cloud's export is a list."""

from tests.api.world import running, world
from tests.tenants.lasting import lasting_url

__all__ = ["lasting_url", "running", "world"]
