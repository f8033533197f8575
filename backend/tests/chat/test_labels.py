"""The tenant that a message is about, as far as its words say."""

from types import SimpleNamespace
from typing import cast

import pytest

from aipress.chat.callers import Caller
from aipress.chat.control_plane import ControlPlane
from aipress.chat.labels import SHARED, labels_of, tenant_named_in
from aipress.tenants.schemas import TenantRead


def _site(slug: str, name: str) -> TenantRead:
    return cast(TenantRead, SimpleNamespace(id=f"ten_{slug}", slug=slug, name=name))


BAKERY, FOX, BLUE_FOX = (
    _site("sunrise-bakery", "Sunrise Bakery"),
    _site("fox", "Fox"),
    _site("blue-fox", "Blue"),
)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("back up @sunrise-bakery please", "sunrise-bakery"),
        ("How is the SUNRISE BAKERY?", "sunrise-bakery"),
        ("rename fox", "fox"),
        ("the foxes are here", ""),
        ("sunrise and a bakery", ""),
        ("compare fox and sunrise bakery", ""),
        ("hello", ""),
    ],
)
def test_a_site_is_named_by_whole_words_of_its_slug_or_name(text: str, slug: str) -> None:
    assert tenant_named_in(text, [BAKERY, FOX]) == (f"ten_{slug}" if slug else "")


def test_labels_are_values_that_google_takes() -> None:
    caller = Caller(cast(ControlPlane, None), id="usr_" + "A.b" * 40, sites=[BAKERY, BLUE_FOX])
    labels = labels_of(caller)
    assert labels["aipress-tenant-id"] == SHARED
    assert labels["aipress-user-id"] == ("usr_" + "a-b" * 40)[:63]
    caller.sites = [BAKERY]
    assert labels_of(caller)["aipress-tenant-id"] == "ten_sunrise-bakery"
    caller.about = "ten_fox"
    assert labels_of(caller)["aipress-tenant-id"] == "ten_fox"
