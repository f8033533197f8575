"""What may be a site's own domain: however it is written, and whatever somebody tries."""

import pytest

from aipress.domains.names import checked_domain, in_unicode
from aipress.domains.suffixes import is_public_suffix
from aipress.errors import Invalid

OWN = {"aipress.host", "localhost"}


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("www.bakery.example", "www.bakery.example"),
        (" WWW.Bakery.Example. ", "www.bakery.example"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("bu\u0308cher.example", "xn--bcher-kva.example"),  # the same in two code points
        ("straße.example", "xn--strae-oqa.example"),  # IDNA 2008: not strasse
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("例え。example", "xn--r8jz45g.example"),  # the full stop of another script
        ("ｗｗｗ.bakery.example", "www.bakery.example"),
        ("a.b.c.d.bakery.example", "a.b.c.d.bakery.example"),
        ("bakery\u200b.example\n", "bakery.example"),  # what nobody sees
        ("notaipress.host.example", "notaipress.host.example"),
        ("myaipress.host", "myaipress.host"),
    ],
)
def test_a_domain_has_one_spelling(said: str, meant: str) -> None:
    assert checked_domain(said, OWN) == meant
    assert checked_domain(meant, OWN) == meant
    assert checked_domain(in_unicode(meant), OWN) == meant


@pytest.mark.parametrize(
    "said",
    [
        *("", ".", "example", "com", "co.uk", "github.io", "*.bakery.example", "bakery.*", "*"),
        *("localhost", "x.localhost", "aipress.host", "bakery.aipress.host", "a.b.aipress.host", "AIPRESS.HOST."),
        *("127.0.0.1", "2130706433", "0x7f.1", "1.2.3", "[::1]", "::1", "printer.local", "db.internal", "x.onion"),
        *("http://bakery.example", "bakery.example/", "bakery.example:80", "user@bakery.example", "bakery..example"),
        *("bak ery.example", "a\x00b.example", "../etc/passwd", "bakery.example/../x", "a_b.example"),
        *("-bakery.example", "bakery-.example", "xn--a.example", "xn--.example", "ba--x.example"),
        *("a" * 64 + ".example", ".".join(["a" * 60] * 5) + ".example", "\u202ebakery.example", "☃.example"),
        *("bakery.example;rm -rf", "$(id).example", "'; drop table domains;--.example", "%2e%2e.example"),
    ],
)  # fmt: skip
def test_what_is_no_domain_or_not_anybodys_is_refused_in_words(said: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked_domain(said, OWN)
    assert "Nothing was changed." in str(refused.value)
    assert refused.value.fields.keys() == {"domain"}


def test_public_suffixes_go_by_the_list_with_its_stars_and_exceptions() -> None:
    assert all(map(is_public_suffix, ("com", "co.uk")))
    assert not any(map(is_public_suffix, ("bakery.com", "bakery.co.uk", "www.ck")))
