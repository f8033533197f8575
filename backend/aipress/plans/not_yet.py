"""What is missing until an action is built, as a sentence for people, and what can be done instead. A line goes when its action works."""

from collections.abc import Mapping

_BACKUPS = (
    "Backups are not there yet, so none can be made, listed or restored. Until then, WordPress can export what you wrote: "
    "open the site's admin and choose Tools → Export."
)
_STAGING = "Staging copies are not there yet. Until then you can make a second site and try things there; the live one stays untouched."

NOT_YET: Mapping[str, str] = {
    "CREATE_BACKUP": _BACKUPS,
    "LIST_BACKUPS": _BACKUPS,
    "RESTORE_BACKUP": _BACKUPS,
    "CREATE_STAGING": _STAGING,
    "DELETE_STAGING": _STAGING,
    "PUSH_STAGING": _STAGING,
    "UPDATE_WORDPRESS": (
        "Updates can't be made from here yet. In the site's admin, Plugins and Themes update what you installed; WordPress "
        "itself is kept by whoever runs this platform."
    ),
    "INSTALL_BUNDLE": (
        "Bundles can't be installed yet. In the site's admin, Plugins → Add New installs the plugins you want one by one."
    ),
}
