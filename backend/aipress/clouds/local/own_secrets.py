"""Where the vault keeps the secrets an environment's owner gave it, and as which variables they travel to its PHP.

Each value is sealed under its name and version: one that is swapped, renamed or brought back from an older day does not open
for whoever asks for this version.
"""

from collections.abc import Mapping

# Root's bubblewrap and the loader read every variable. So names that somebody else chose travel in disguise, and only
# wp-config.php, inside the sandbox, takes it off.
DISGUISE = "AIPRESS_SECRET_"


def scope_of(environment_id: str) -> str:
    """The vault's scope of them."""
    return f"{environment_id}-own"


def sealed_name(name: str, version: int) -> str:
    """What one version of a secret is called in the vault."""
    return f"{name}-{version}"


def told_apart(sealed: str) -> tuple[str, int]:
    """Name and version of what is called so in the vault."""
    name, _, version = sealed.rpartition("-")
    return name, int(version)


def disguised(values: Mapping[str, str]) -> dict[str, str]:
    """The variables that carry these secrets."""
    return {f"{DISGUISE}{name}": value for name, value in values.items()}
