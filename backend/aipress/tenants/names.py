"""What a site may be called, and the slug that becomes its address."""

import re
import unicodedata

from aipress.errors import Invalid

LONGEST_NAME = 80  # characters
LONGEST_SLUG = 48  # leaves room in a 63-character DNS label for `staging--`
SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
PUNCTUATION = set(" '’&.,-–!?()+@#:\"“”")
RESERVED = frozenset(
    (
        "admin",
        "aipress",
        "api",
        "app",
        "assets",
        "auth",
        "cdn",
        "chat",
        "dashboard",
        "dns",
        "docs",
        "ftp",
        "health",
        "help",
        "localhost",
        "login",
        "logout",
        "mail",
        "metrics",
        "ns1",
        "ns2",
        "root",
        "smtp",
        "staging",
        "static",
        "status",
        "support",
        "system",
        "test",
        "webmail",
        "wordpress",
        "wp",
        "www",
    )
)


def checked_name(name: str) -> str:
    """The name with tidy spaces. Raises Invalid when nobody could mean it as a site's name."""
    tidy = " ".join(unicodedata.normalize("NFC", name).split())
    if not tidy:
        raise _bad_name("A site needs a name.")
    if len(tidy) > LONGEST_NAME:
        raise _bad_name(f"The name has {len(tidy)} characters; {LONGEST_NAME} are the most.")
    strange = next((char for char in tidy if not _belongs_in_a_name(char)), None)
    if strange:
        raise _bad_name(
            f"The name has a character that a name can't have: {_described(strange)}. Leave it out."
        )
    return tidy


def slug_from(name: str) -> str:
    """The slug a name suggests: `Zoë's Café` gives `zoes-cafe`. Raises Invalid when no letter or digit is left."""
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss").replace("’", "").replace("'", ""))
    ascii_only = plain.encode("ascii", "ignore").decode().lower().replace("&", " and ")
    slug = "-".join(re.findall(r"[a-z0-9]+", ascii_only))[:LONGEST_SLUG].strip("-")
    if not slug:
        raise _bad_name(
            "No address can be made of that name; give the site a slug of a to z and 0 to 9 as well."
        )
    return checked_slug(slug)


def checked_slug(slug: str) -> str:
    """The slug, if it can be a host name and is nobody's reserved word. Raises Invalid."""
    if len(slug) > LONGEST_SLUG or not SLUG.fullmatch(slug) or "--" in slug:
        rule = (
            f"A slug has 1 to {LONGEST_SLUG} of a to z, 0 to 9 and single hyphens, and no hyphen at an end."
        )
        raise Invalid(rule, {"slug": rule})
    if slug in RESERVED:
        why = f"“{slug}” is reserved for the platform. Choose another name, or give the site another slug."
        raise Invalid(why, {"slug": why})
    return slug


def _belongs_in_a_name(char: str) -> bool:
    return char in PUNCTUATION or unicodedata.category(char)[0] in "LMN"


def _described(char: str) -> str:
    shown = f"“{char}” " if char.isprintable() else ""
    return f"{shown}({unicodedata.name(char, f'U+{ord(char):04X}').lower()})"


def _bad_name(why: str) -> Invalid:
    return Invalid(why, {"name": why})
