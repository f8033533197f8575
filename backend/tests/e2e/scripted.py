"""A whole platform whose assistant thinks with the scripted model, as long as the block lasts."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from tests.e2e.platform import Platform
from tests.fakes.model import scripted_model


@contextmanager
def thinking_as_scripted(platform: Platform) -> Iterator[Platform]:
    """The same platform with that engine, behind `openai-compatible`; not up again yet. Afterwards it is as it was."""
    with scripted_model() as url:
        engine = {
            "AIPRESS_ENGINE": "openai-compatible",
            "AIPRESS_MODEL": "scripted",
            "AIPRESS_MODEL_BASE_URL": url,
        }
        try:
            yield replace(platform, settings=platform.settings | engine)
        finally:
            platform.up()
