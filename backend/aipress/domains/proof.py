"""The proof that a domain is its adder's: a TXT record that only its owner can set, with a value of its own for every site.

A value seen in the DNS proves nothing for anybody else, and a record that somebody left behind hands the domain to nobody.
"""

import hashlib
import hmac
import secrets
from pathlib import Path

from aipress.auth.keeping import keep_once
from aipress.clouds.domains import Record
from aipress.domains.names import PROOF

KEY_FILE = "domains.key"
CHARACTERS = 40


def token_for(control_dir: Path, tenant_id: str, domain: str) -> str:
    """The same whenever this site adds this domain, so that a record once set stays good."""
    key = keep_once(control_dir / KEY_FILE, lambda: secrets.token_bytes(32))
    return hmac.new(key, f"{tenant_id}\n{domain}".encode(), hashlib.sha256).hexdigest()[:CHARACTERS]


def proof_of(domain: str, token: str) -> Record:
    """What its owner sets."""
    return Record(f"{PROOF}.{domain}", "TXT", f"aipress-site={token}")
