"""Which version an `If-Match` means."""

from aipress.kit.etag import is_current


def test_a_tag_means_its_version_also_when_a_proxy_weakened_it() -> None:
    assert is_current('"3"', '"3"')
    assert is_current('W/"3"', '"3"')
    assert not is_current('"2"', '"3"')
    assert not is_current('W/"2"', '"3"')
    assert not is_current("3", '"3"')


def test_without_a_tag_and_with_a_star_any_version_is_meant() -> None:
    assert is_current(None, '"3"')
    assert is_current("*", '"3"')
