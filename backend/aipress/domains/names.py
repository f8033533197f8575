"""Which names may be a site's own domain, and how they are written: in lower case and ASCII, as the DNS has them."""

import ipaddress
from collections.abc import Collection

import idna

from aipress.domains.suffixes import is_public_suffix
from aipress.errors import Invalid

PROOF = "_aipress"
LONGEST = 253 - len(PROOF) - 1  # the record that proves it is a name, too
# Nobody can prove these: they are in no public DNS.
NOWHERE = frozenset("localhost local localdomain internal invalid onion arpa alt home lan corp".split())


def checked_domain(text: str, own: Collection[str]) -> str:
    """The domain, such as `www.xn--bcher-kva.example`. `own` are the platform's own names. Raises Invalid."""
    name = _in_ascii(text)
    if name.rpartition(".")[2] in NOWHERE:
        raise _invalid(f"“{name}” is in no public DNS, so nobody could prove that it is theirs.")
    if any(f".{name}".endswith(f".{one}") for one in own):
        raise _invalid(f"“{name}” is this platform's own. It is given out with a site, not connected to one.")
    if is_public_suffix(in_unicode(name)):
        raise _invalid(
            f"“{name}” is an ending that many share. Say a domain of yours, such as bakery.{name}."
        )
    return name


def as_stored(text: str) -> str:
    """How a domain that is there already would be written; what is no name is written as none."""
    try:
        return _in_ascii(text)
    except Invalid:
        return ""


def in_unicode(domain: str) -> str:
    """How people write it: `www.bücher.example`."""
    try:
        return idna.decode(domain)
    except idna.IDNAError:
        return domain


def _in_ascii(text: str) -> str:
    stated = text.strip()
    if "*" in stated:
        raise _invalid("A star stands for many names. Say each domain by its own.")
    try:
        name = idna.encode(stated, uts46=True, std3_rules=True).decode().removesuffix(".")
    except (idna.IDNAError, UnicodeError):
        raise _invalid(
            f"“{stated[:100]}” is no domain name. Say one such as www.example.com, without http:// and /."
        ) from None
    if _is_address(name):
        raise _invalid(f"“{name}” is an address, not a name.")
    if "." not in name or name.rpartition(".")[2].isdigit():
        raise _invalid(f"“{name[:100]}” is no whole domain name. Say one such as www.example.com.")
    if len(name) > LONGEST:
        raise _invalid(f"A domain here has at most {LONGEST} characters.")
    return name


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _invalid(why: str) -> Invalid:
    return Invalid(f"{why} Nothing was changed.", {"domain": why})
