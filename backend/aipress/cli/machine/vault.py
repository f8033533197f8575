"""The vault's master key, and the one password of the platform itself."""

from aipress.cli.installation import Installation
from aipress.cli.machine.accounts import Accounts
from aipress.cli.machine.files import set_owner
from aipress.kit.sealed import SealedStore
from aipress.kit.sealed import ensure_master_key as _make_master_key

PLATFORM = "platform"
REDIS_ADMIN = "redis-admin"


def ensure_master_key(place: Installation, who: Accounts) -> None:
    """Made once, never again: without it every sealed value is lost."""
    path = place.settings.vault_dir / "master.key"
    _make_master_key(path)
    set_owner(path, 0o600, who.control)


def redis_password(place: Installation) -> str:
    """The Redis administrator's password, made the first time."""
    store = SealedStore(place.settings.vault_dir, place.settings.vault_dir / "master.key")
    store.generate(PLATFORM, [REDIS_ADMIN])
    return store.get(PLATFORM, REDIS_ADMIN)
