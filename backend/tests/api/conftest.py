"""The fixtures of this room: the whole control plane, running."""

from tests.api.both import both
from tests.api.world import running, world
from tests.tenants.lasting import lasting_url

__all__ = ["both", "lasting_url", "running", "world"]
