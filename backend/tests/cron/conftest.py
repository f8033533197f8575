"""Rounds are tested in a house: real rows, and a cloud whose clock and endings a test decides."""

from tests.tenants.conftest import built, house
from tests.tenants.lasting import lasting_url

__all__ = ["built", "house", "lasting_url"]
