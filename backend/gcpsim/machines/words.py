"""What Google says in words: why a revision is not ready, and the pages its front answers with."""

from urllib.parse import quote

from gcpsim.machines.revisions import Name

NO_PORT = (
    "The user-provided container failed to start and listen on the port defined provided by the PORT=8080 environment variable "
    "within the allocated timeout. This can happen when the container port is misconfigured or if the timeout is too short. "
    "The health check timeout can be extended. Logs for this revision might contain more information."
)
NO_PROBE = "The user-provided container failed the configured startup probe checks. Logs for this revision might contain more information."
PAGES = {
    403: (
        "Error: Forbidden",
        "Your client does not have permission to get URL <code>/</code> from this server.",
    ),
    404: ("Error: Page not found", "The requested URL was not found on this server."),
    429: ("Error: Too Many Requests", "Rate exceeded."),
    502: (
        "Error: Server Error",
        "The server encountered a temporary error and could not complete your request.",
    ),
    503: ("Error: Server Error", "The service you requested is not available yet."),
    504: ("Error: Server Error", "The upstream request timed out."),
}


def unready(name: Name, reason: str) -> str:
    """Why a revision can't serve, and where its lines would be."""
    project, _, service, revision = name.parts
    prefix = f"Revision '{revision}' is not ready and cannot serve traffic. "
    wanted = f'resource.type="cloud_run_revision"\nresource.labels.service_name="{service}"\nresource.labels.revision_name="{revision}"'
    return (
        f"{prefix}{reason.removeprefix(prefix)}\n\nLogs URL: https://console.cloud.google.com/logs/viewer?project={project}"
        f"&resource=cloud_run_revision/service_name/{service}/revision_name/{revision}&advancedFilter={quote(wanted, safe='')}"
    )


def page(status: int) -> bytes:
    """A page of Google's front."""
    title, text = PAGES[status]
    return (
        '<html><head><meta http-equiv="content-type" content="text/html;charset=utf-8">\n'
        f"<title>{status} {title.removeprefix('Error: ')}</title></head>\n<body text=#000000 bgcolor=#ffffff>\n"
        f"<h1>{title}</h1>\n<h2>{text}</h2>\n</body></html>\n"
    ).encode()
