"""Projects and folders. Who asks for a project that isn't there is told nothing of it: 403, as for one that is somebody else's."""

import re

from gcpsim.errors import invalid
from gcpsim.rules import Rules
from gcpsim.world import Call

RULES = Rules(
    missing={"projects": 403},
    soft={"projects": ("lifecycleState", "DELETE_REQUESTED"), "folders": ("state", "DELETE_REQUESTED")},
)
PROJECT_ID = re.compile(r"[a-z][a-z0-9-]{4,28}[a-z0-9]")


@RULES.names("cloudresourcemanager.projects.create")
def project_id(call: Call) -> str:
    """A project's id is in its body."""
    return str(call.body.get("projectId", ""))


@RULES.names("cloudresourcemanager.folders.create")
def folder_number(call: Call) -> str:
    """Folders get numbers."""
    return ""


@RULES.check("cloudresourcemanager.projects.create")
def check_project(call: Call) -> None:
    """A project's id is 6 to 30 lower-case letters, digits and hyphens."""
    if not PROJECT_ID.fullmatch(project_id(call)):
        raise invalid(
            "project_id",
            "A project's id has 6 to 30 lower-case letters, digits and hyphens, and begins with a letter.",
        )
