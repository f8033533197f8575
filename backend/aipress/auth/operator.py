"""The operator: whoever can read the operator token, a file of mode 0600 on the machine itself."""

import hashlib
import hmac
import secrets
from datetime import datetime
from typing import Literal

from aipress.auth.keeping import keep_once
from aipress.auth.principal import Principal, Role
from aipress.config import Settings

OPERATOR = "operator"


def operator_token(settings: Settings) -> str:
    """The token, made at the first start. The command line reads the same file, `control/operator.token`."""
    fresh = f"aop_{secrets.token_urlsafe(32)}".encode
    return keep_once(settings.control_dir / "operator.token", fresh).decode().strip()


def is_token(shown: str, token: str) -> bool:
    """Compare in constant time, whatever was shown."""
    return hmac.compare_digest(
        hashlib.sha256(shown.encode()).digest(), hashlib.sha256(token.encode()).digest()
    )


def operator_as(kind: Literal["operator", "agent"], settings: Settings, signed_in_at: datetime) -> Principal:
    """The operator, or an agent of theirs, as a principal: an admin with the platform's admin address."""
    return Principal(kind, OPERATOR, settings.admin_email.lower(), "Operator", Role.ADMIN, signed_in_at)
