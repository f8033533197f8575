"""Tests with everything real share one platform."""

from tests.platforms import platform

__all__ = ["platform"]
