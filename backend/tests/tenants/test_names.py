"""What a site may be called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipress.errors import Invalid
from aipress.tenants import names


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Sunrise Bakery", "sunrise-bakery"),
        ("  Zoë's   Café ", "zoes-cafe"),
        ("Salt & Pepper", "salt-and-pepper"),
        ("Straße 9", "strasse-9"),
        ("Joe’s Garage!", "joes-garage"),
        ("A" * 80, "a" * 48),
    ],
)
def test_a_name_suggests_a_slug(name: str, slug: str) -> None:
    assert names.slug_from(names.checked_name(name)) == slug


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "x" * 300,
        "🎂 Bakery",
        "🎂",
        "Robert'); DROP TABLE tenants;--",
        "1' OR '1'='1",
        "../../etc/passwd",
        "a\x00b",
    ]
    + ["<script>alert(1)</script>", "a\\b", "right\u202eleft"],
)
def test_what_nobody_could_mean_is_refused_with_a_reason(name: str) -> None:
    with pytest.raises(Invalid) as refusal:
        names.checked_name(name)
    assert refusal.value.fields["name"]


@pytest.mark.parametrize("name", ["日本", "Ψ"])
def test_a_name_without_latin_letters_asks_for_a_slug(name: str) -> None:
    with pytest.raises(Invalid, match="slug"):
        names.slug_from(names.checked_name(name))


@pytest.mark.parametrize(
    "slug", ["admin", "www", "api", "a--b", "-a", "a-", "A", "a_b", "", "a" * 49, "a.b", "../x"]
)
def test_a_reserved_or_impossible_slug_is_refused(slug: str) -> None:
    with pytest.raises(Invalid):
        names.checked_slug(slug)


@given(st.text(max_size=120))
def test_whatever_is_typed_gives_a_safe_slug_or_a_reason(text: str) -> None:
    refused, slug = "", ""
    try:
        slug = names.slug_from(names.checked_name(text))
    except Invalid as refusal:
        refused = str(refusal)
    assert refused or names.SLUG.fullmatch(slug)
    assert len(slug) <= names.LONGEST_SLUG
    assert slug not in names.RESERVED
