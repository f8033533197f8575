"""Mail is tested in a house, with a cloud whose spool a test fills, and over HTTP on the whole control plane."""

from tests.api.world import running, world
from tests.tenants.conftest import built, house
from tests.tenants.lasting import lasting_url

__all__ = ["built", "house", "lasting_url", "running", "world"]
