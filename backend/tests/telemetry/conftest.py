"""Logs are tested over HTTP on the whole control plane, whose cloud's logs are a list."""

from tests.api.wire import wire
from tests.api.world import running, world
from tests.events.conftest import hub
from tests.tenants.lasting import lasting_url

__all__ = ["hub", "lasting_url", "running", "wire", "world"]
