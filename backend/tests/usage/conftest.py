"""The fixtures of this room: the whole control plane, running."""

from tests.api.world import running, world
from tests.tenants.lasting import lasting_url

__all__ = ["lasting_url", "running", "world"]
