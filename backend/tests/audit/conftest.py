"""The fixtures of this room: the whole control plane, running."""

from tests.api.world import settings, world

__all__ = ["settings", "world"]
