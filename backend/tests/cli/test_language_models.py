"""What `up` hands on for language models: keys and credentials go to the assistant alone."""

from aipress.cli.machine.programs import for_google, forwarded
from aipress.config import Settings


def test_only_the_assistant_gets_keys_and_credentials() -> None:
    settings = Settings(google_cloud_credentials="/keys/vertex.json", model_api_key="a key")
    for service, is_told in (("control", False), ("assistant", True), ("hostd", False)):
        told = forwarded(settings, service) | for_google(settings, service)
        for name in ("AIPRESS_MODEL_API_KEY", "GOOGLE_APPLICATION_CREDENTIALS"):
            assert (name in told) is is_told
        assert ("/keys/vertex.json" in told.values()) is is_told


def test_without_a_file_the_machines_own_are_taken() -> None:
    assert for_google(Settings(), "assistant") == {}
