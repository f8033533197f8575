"""What a site's secret may be called and hold."""

import re

from aipress.errors import Invalid

NAME = re.compile(r"[A-Z][A-Z0-9_]{0,63}")
LARGEST_BYTES = 8 * 1024
# What the platform sets, WordPress's configuration is made of, a web server says of a request, or programs obey.
RESERVED_BEGINNINGS = (
    *("AIPRESS_", "DB_", "WP_", "WPMU_", "PHP", "LD_", "FPM_", "REDIS_", "FS_", "LC_", "HTTP_", "SERVER_", "REMOTE_"),
    *("REQUEST_", "SCRIPT_", "DOCUMENT_", "CONTENT_", "REDIRECT_", "GATEWAY_", "PATH_", "ORIG_", "GLIBC_", "MALLOC_"),
)  # fmt: skip
RESERVED = frozenset(
    "PATH HOME USER SHELL TMPDIR LANG LANGUAGE TZ PWD IFS ENV HTTPS QUERY_STRING ABSPATH AUTH_KEY SECURE_AUTH_KEY LOGGED_IN_KEY "
    "NONCE_KEY AUTH_SALT SECURE_AUTH_SALT LOGGED_IN_SALT NONCE_SALT DISABLE_WP_CRON AUTOMATIC_UPDATER_DISABLED "
    "DISALLOW_FILE_EDIT DISALLOW_FILE_MODS TRUE FALSE NULL".split()
) | frozenset(  # constants by which WordPress goes: the value of a secret would stop a site, or open it
    "WPINC WPLANG MULTISITE SUBDOMAIN_INSTALL VHOST SUNRISE SHORTINIT NOBLOGREDIRECT UPLOADS UPLOADBLOGSDIR BLOGUPLOADDIR "
    "PLUGINDIR MUPLUGINDIR LANGDIR TEMPLATEPATH STYLESHEETPATH DOMAIN_CURRENT_SITE SITE_ID_CURRENT_SITE BLOG_ID_CURRENT_SITE "
    "COOKIEHASH COOKIEPATH COOKIE_DOMAIN SITECOOKIEPATH ADMIN_COOKIE_PATH PLUGINS_COOKIE_PATH USER_COOKIE PASS_COOKIE "
    "AUTH_COOKIE SECURE_AUTH_COOKIE LOGGED_IN_COOKIE TEST_COOKIE RECOVERY_MODE_COOKIE RECOVERY_MODE_EMAIL FORCE_SSL_ADMIN "
    "DOING_AJAX DOING_CRON DOING_AUTOSAVE XMLRPC_REQUEST REST_REQUEST IFRAME_REQUEST MS_FILES_REQUEST ALTERNATE_WP_CRON "
    "ALLOW_UNFILTERED_UPLOADS DISALLOW_UNFILTERED_HTML CUSTOM_USER_TABLE CUSTOM_USER_META_TABLE SAVEQUERIES DIEONDBERROR "
    "ERRORLOGFILE EDIT_ANY_USER ENFORCE_GZIP MEDIA_TRASH EMPTY_TRASH_DAYS AUTOSAVE_INTERVAL".split()
)


def checked_name(name: str) -> str:
    """The name. Raises Invalid for one that is no name, or the platform's own."""
    if not NAME.fullmatch(name):
        why = "A secret's name has capital letters, digits and _, begins with a letter, and has at most 64 characters."
        raise Invalid(f"{why} Nothing was changed.", {"name": why})
    if name in RESERVED or name.startswith(RESERVED_BEGINNINGS):
        why = f"{name} is a name the platform itself uses. Choose another, such as MY_{name}."[:300]
        raise Invalid(f"{why} Nothing was changed.", {"name": why})
    return name


def checked_value(value: str) -> str:
    """The value. Raises Invalid, without quoting it, when it is empty, too long, or can't be a variable."""
    try:
        size = len(value.encode())
    except UnicodeEncodeError:
        raise _no_value("It holds half a character, which is no text.") from None
    if not size:
        raise _no_value("It is empty. To take a secret away, delete it.")
    if size > LARGEST_BYTES:
        raise _no_value(f"It has {size} bytes; {LARGEST_BYTES} are the most.")
    if "\0" in value:
        raise _no_value("It holds a NUL character, which no variable can.")
    return value


def last_four_of(value: str) -> str | None:
    """What may be shown of a value: nothing of a short one, of which four characters would be much."""
    return value[-4:] if len(value) >= 16 else None


def _no_value(why: str) -> Invalid:
    return Invalid(f"That can't be a secret's value. {why} Nothing was changed.", {"value": why})
