""".env.example is held against the settings."""

from aipress.config import Settings
from checks.said import CHECKOUT
from checks.settings import differences

EXAMPLE = (CHECKOUT / ".env.example").read_text()
PORT = f"# {Settings.model_fields['port'].description}\n# AIPRESS_PORT=8080\n"


def test_the_example_as_it_is_is_right() -> None:
    assert list(differences(EXAMPLE)) == []
    assert PORT in EXAMPLE


def test_a_setting_that_is_missing_is_named() -> None:
    missing = "AIPRESS_PORT is missing, or has no line with its meaning"
    assert list(differences(EXAMPLE.replace(PORT, ""))) == [missing]
    assert list(differences(EXAMPLE.replace(PORT, "\n# AIPRESS_PORT=8080\n"))) == [missing]


def test_a_setting_that_does_not_exist_is_named() -> None:
    unknown = "# how fast\n# AIPRESS_SPEED=9\n"
    assert list(differences(EXAMPLE + unknown)) == ["AIPRESS_SPEED is no setting"]


def test_another_meaning_is_named() -> None:
    wrong = EXAMPLE.replace(PORT, "# a harbour\n# AIPRESS_PORT=8080\n")
    (said,) = differences(wrong)
    assert said.startswith("AIPRESS_PORT means “")
    assert said.endswith("not “a harbour”")


def test_another_default_is_named() -> None:
    wrong = EXAMPLE.replace(PORT, PORT.replace("8080", "80"))
    assert list(differences(wrong)) == ["AIPRESS_PORT is 8080 by default, not '80'"]
