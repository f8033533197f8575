"""For whom a language model is asked, as labels of the request: Google's bill then says it of every cost.

Values keep Google's rule for labels: at most 63 of `a-z`, `0-9`, `_` and `-`.
"""

import re
from collections.abc import Sequence

from aipress.chat.callers import Caller
from aipress.tenants.schemas import TenantRead

PERSON, TENANT = "aipress-user-id", "aipress-tenant-id"
SHARED = "shared"  # no one tenant is meant: the cost is to be divided
LONGEST = 63


def labels_of(caller: Caller) -> dict[str, str]:
    """The person, and the tenant that is meant; `shared` where it could be several or none."""
    meant = caller.about or (caller.sites[0].id if len(caller.sites) == 1 else SHARED)
    return {TENANT: _value(meant), PERSON: _value(caller.id)}


def tenant_named_in(text: str, sites: Sequence[TenantRead]) -> str:
    """The id of the one site that a message names by slug or name; empty when it names none, or several."""
    words = _spaced(text)
    named = {site.id for site in sites if _spaced(site.slug) in words or _spaced(site.name) in words}
    return named.pop() if len(named) == 1 else ""


def _spaced(text: str) -> str:
    """Only words, with a space on either side, so that a name is found as whole words."""
    return " " + re.sub(r"[\W_]+", " ", text.lower()).strip() + " "


def _value(text: str) -> str:
    return re.sub(r"[^a-z0-9_-]", "-", text.lower())[:LONGEST]
