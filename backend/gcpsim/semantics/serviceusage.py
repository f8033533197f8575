"""Service Usage: which APIs a project has switched on."""

from gcpsim.crud import started
from gcpsim.rules import Rules
from gcpsim.wire import Json
from gcpsim.world import Call

RULES = Rules()


@RULES.does("serviceusage.services.enable", "serviceusage.services.disable")
def turn(call: Call) -> Json:
    """An API on or off."""
    state = "ENABLED" if call.method.last == "enable" else "DISABLED"
    content = {"name": call.name, "parent": "/".join(call.name.split("/")[:2]), "state": state}
    call.store.put(call.key, content)
    return started(call, {"service": content})


@RULES.does("serviceusage.services.get")
def get(call: Call) -> Json:
    """An API nobody switched on is off."""
    found = call.store.get(call.key)
    return dict(found.content) if found and found.content else {"name": call.name, "state": "DISABLED"}
