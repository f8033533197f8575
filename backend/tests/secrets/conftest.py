"""Secrets are tested over HTTP on the whole control plane, and line by line in a house."""

from tests.api.world import running, world
from tests.tenants.conftest import built, house
from tests.tenants.lasting import lasting_url

__all__ = ["built", "house", "lasting_url", "running", "world"]
