"""Public suffixes: endings under which many people have domains, such as `co.uk`, by the list at publicsuffix.org.

Debian has that list in its package `publicsuffix`. Where it isn't installed a few endings stand for it: the list spares people
a mistake, it keeps nobody out. Nobody can prove an ending, since a record has to be set under it.
"""

from functools import lru_cache
from pathlib import Path

LIST = Path("/usr/share/publicsuffix/public_suffix_list.dat")
FEW = (
    "co.uk org.uk ac.uk com.au net.au org.au co.nz co.za co.jp com.br com.mx com.tr com.cn co.in co.kr com.sg com.hk com.ar co.il "
    "github.io pages.dev netlify.app vercel.app herokuapp.com blogspot.com web.app"
)


def is_public_suffix(domain: str) -> bool:
    """Whether this domain, in Unicode, is such an ending itself (publicsuffix.org/list, algorithm)."""
    rules = _rules()
    _, _, above = domain.partition(".")
    if f"!{domain}" in rules:
        return False
    return "." not in domain or domain in rules or f"*.{above}" in rules


@lru_cache(maxsize=1)
def _rules(path: Path = LIST) -> frozenset[str]:
    try:
        lines = path.read_text().splitlines()
    except OSError:
        lines = FEW.split()
    return frozenset(line.split()[0] for line in lines if line.strip() and not line.startswith("//"))
