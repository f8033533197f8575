"""Login tickets as the control plane leaves them, and following the link."""

import hashlib
import json
import secrets
import time
from typing import Any

import httpx

from tests.clouds.local.environment import Site


def leave_ticket(site: Site, email: str = "ann@example.com", name: str = "Ann", seconds: int = 60) -> str:
    """As the control plane does; returns the token."""
    token = secrets.token_urlsafe(32)
    ticket = {"email": email, "name": name, "expires": int(time.time()) + seconds}
    with site.sql(site.database) as sql:
        sql.execute(
            "INSERT INTO wp_options (option_name, option_value, autoload) VALUES (%s, %s, 'off')",
            ("aipress_login_" + hashlib.sha256(token.encode()).hexdigest(), json.dumps(ticket)),
        )
    return token


def follow(guest: httpx.Client, token: str) -> httpx.Response:
    return guest.get("/wp-login.php", params={"aipress_login": token})


def one(site: Site, query: str, *values: str) -> Any:
    with site.sql(site.database) as sql:
        sql.execute(query, values)
        row = sql.fetchone()
        return row[0] if row else None
