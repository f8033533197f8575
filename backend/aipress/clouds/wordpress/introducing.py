"""To introduce a site: the rows of the template's copy that are rewritten when it becomes somebody's."""

import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from aipress.clouds import base

NOTHING_PLANNED = 'a:1:{s:7:"version";i:2;}'
PLACEHOLDER = "http://site.aipress.invalid"  # the template's own address
Value = str | int


@dataclass(frozen=True)
class Identity:
    """What a site gets when it is claimed. `address` has no trailing slash: `http://sunrise-bakery.localhost:8080`."""

    address: str
    title: str
    email: str
    login: str
    display_name: str


@dataclass(frozen=True)
class Statement:
    """One SQL statement with its values apart, in the `%s` style of PyMySQL."""

    sql: str
    values: tuple[Value, ...]


def introduced(told: base.Identity) -> Identity:
    """What WordPress is told; its first administrator is called as their e-mail address begins."""
    login = told.owner_email.split("@", 1)[0][:60] or "owner"
    return Identity(
        address=told.url,
        title=told.title,
        email=told.owner_email,
        login=login,
        display_name=told.owner_name or login,
    )


def personalise(site: Identity, now: datetime | None = None) -> list[Statement]:
    """The rows to rewrite when a copy of the template becomes somebody's site, in one transaction. Safe to say twice.

    The owner gets no password (nothing hashes to it): they come in by a login link, and may set one by e-mail.
    """
    moment = (now or datetime.now(UTC)).strftime("%Y-%m-%d %H:%M:%S")
    return [_its_first_day(), *_its_name(site), *_its_owner(site, moment), _its_first_page(site, moment)]


def _its_first_day() -> Statement:
    """As long as it is a copy: nothing is due yet. WordPress plans its chores when it first runs as this site, so that not all sites
    have them at the hour when the template was made."""
    return Statement(
        "UPDATE wp_options AS cron JOIN wp_options AS address ON address.option_name = 'siteurl' AND address.option_value = %s"
        " SET cron.option_value = %s WHERE cron.option_name = 'cron'",
        (PLACEHOLDER, NOTHING_PLANNED),
    )


def _its_name(site: Identity) -> list[Statement]:
    options = {
        "siteurl": site.address,
        "home": site.address,
        "blogname": site.title,
        "admin_email": site.email,
    }
    rename = "UPDATE wp_options SET option_value = %s WHERE option_name = %s"
    return [Statement(rename, (value, name)) for name, value in options.items()]


def _its_owner(site: Identity, moment: str) -> list[Statement]:
    nicename = re.sub(r"[^a-z0-9]+", "-", site.login.lower()).strip("-")[:50] or "owner"
    return [
        Statement(
            "UPDATE wp_users SET user_login = %s, user_pass = %s, user_nicename = %s, user_email = %s, user_registered = %s,"
            " display_name = %s WHERE ID = 1",
            (site.login, no_password(), nicename, site.email, moment, site.display_name),
        ),
        Statement(
            "UPDATE wp_usermeta SET meta_value = %s WHERE user_id = 1 AND meta_key = 'nickname'",
            (site.display_name,),
        ),
    ]


def _its_first_page(site: Identity, moment: str) -> Statement:
    move = (PLACEHOLDER, site.address)
    return Statement(
        "UPDATE wp_posts SET guid = REPLACE(guid, %s, %s), post_content = REPLACE(post_content, %s, %s),"
        " post_date = %s, post_date_gmt = %s, post_modified = %s, post_modified_gmt = %s WHERE guid LIKE %s",
        (*move, *move, *[moment] * 4, f"{PLACEHOLDER}%"),
    )


def no_password() -> str:
    """A `user_pass` that no password matches: WordPress knows no such hash. Random, because cookies are keyed with a part of it."""
    return "!" + secrets.token_hex(32)
