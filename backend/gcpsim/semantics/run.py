"""Cloud Run v2: what a service may be made of, what it refers to, and what Google writes into it."""

import re
from collections.abc import Callable
from copy import deepcopy

from gcpsim.crud import delete, present, started
from gcpsim.errors import Refused, invalid
from gcpsim.operations import Operation
from gcpsim.rules import Rules
from gcpsim.semantics.run_secrets import unreadable
from gcpsim.store import Resource
from gcpsim.wire import Json
from gcpsim.world import Call

RULES = Rules(version="v2")
SERVICES, JOBS = "run.projects.locations.services.", "run.projects.locations.jobs."
NAME = re.compile(r"[a-z]([a-z0-9-]*[a-z0-9])?")
RESERVED = {
    "PORT",
    "K_SERVICE",
    "K_REVISION",
    "K_CONFIGURATION",
    "CLOUD_RUN_JOB",
    "CLOUD_RUN_EXECUTION",
    "CLOUD_RUN_TASK_INDEX",
}
PERMISSION_DENIED = 7
MOST_SERVICES = 1000
"""Services in a project's region; Google does not raise it."""


@RULES.check(SERVICES + "create")
def check_service(call: Call) -> None:
    """A service's name, and room for it."""
    _check_name(call.query.get("serviceId", ""), "service_id", 49)
    if len(call.store.under(call.key)) >= MOST_SERVICES:
        raise Refused(429, f"Quota exceeded: at most {MOST_SERVICES} services in a region.")


@RULES.check(JOBS + "create")
def check_job(call: Call) -> None:
    """A job's name."""
    _check_name(call.query.get("jobId", ""), "job_id", 63)


@RULES.check(SERVICES + "create", SERVICES + "patch", JOBS + "create", JOBS + "patch")
def check_template(call: Call) -> None:
    """The containers, what they mount, and what all of it refers to."""
    template = call.body.get("template", {})
    template = template.get("template", template)
    volumes = {str(volume.get("name")) for volume in template.get("volumes", [])}
    for at, container in enumerate(template.get("containers", [])):
        _check_container(call, container, volumes, f"template.containers[{at}]")
    for volume in template.get("volumes", []):
        if secret := volume.get("secret", {}).get("secret"):
            _check_secret(
                call,
                secret,
                [str(item.get("version", "latest")) for item in volume["secret"].get("items", [])],
            )
    _check_account(call, str(template.get("serviceAccount", "")))
    _check_size(template)


def _check_name(name: str, field: str, longest: int) -> None:
    if not NAME.fullmatch(name) or len(name) > longest:
        raise invalid(
            field,
            f"A name has lower-case letters, digits and hyphens, begins with a letter and has at most {longest} of them.",
        )


def _check_container(call: Call, container: Json, volumes: set[str], where: str) -> None:
    if not container.get("image") and call.method.last == "create":
        raise invalid(f"{where}.image", "A container has an image.")
    names = [str(one.get("name")) for one in container.get("env", [])]
    for name in names:
        if name in RESERVED or names.count(name) > 1:
            raise invalid(f"{where}.env", f"'{name}' is reserved or there twice.")
    for one in container.get("env", []):
        if reference := one.get("valueSource", {}).get("secretKeyRef"):
            _check_secret(call, str(reference.get("secret", "")), [str(reference.get("version", "latest"))])
    for mount in container.get("volumeMounts", []):
        if mount.get("name") not in volumes:
            raise invalid(f"{where}.volume_mounts", f"There is no volume '{mount.get('name')}'.")


def _check_secret(call: Call, secret: str, versions: list[str]) -> None:
    name = secret if "/" in secret else f"projects/{call.segment('projects')}/secrets/{secret}"
    holder = call.store.get(f"secretmanager/{name}")
    if holder is None:
        raise invalid("template", f"Secret {name} was not found")
    for version in versions or ["latest"]:
        number = str(holder.hidden.get("versions", 0)) if version == "latest" else version
        found = call.store.get(f"secretmanager/{name}/versions/{number}")
        if not holder.supposed and (found is None or found.content.get("state", "ENABLED") != "ENABLED"):
            raise invalid("template", f"Secret {name}/versions/{version} was not found or is not enabled")


def _check_account(call: Call, account: str) -> None:
    if not account or account.endswith("-compute@developer.gserviceaccount.com") or "@" not in account:
        return
    project = account.split("@")[1].split(".")[0]
    if (
        account.endswith(".iam.gserviceaccount.com")
        and call.store.get(f"iam/projects/{project}/serviceAccounts/{account}") is None
    ):
        raise Refused(
            403,
            f"Permission 'iam.serviceaccounts.actAs' denied on service account {account} (or it may not exist).",
        )


def _check_size(template: Json) -> None:
    """Less than one processor: first generation, one request at a time, no bucket (Cloud Run, CPU limits)."""
    cpu = min((_cpu(container) for container in template.get("containers", [])), default=1.0)
    if 0 < cpu < 1 and (template.get("maxInstanceRequestConcurrency") or 1) > 1:
        raise invalid("template.max_instance_request_concurrency", "With less than one CPU it is 1.")
    second = template.get("executionEnvironment") == "EXECUTION_ENVIRONMENT_GEN2"
    if 0 < cpu < 1 and second:
        raise invalid("template.execution_environment", "The second generation wants at least one CPU.")
    first = template.get("executionEnvironment") == "EXECUTION_ENVIRONMENT_GEN1" or 0 < cpu < 1
    if first and any("gcs" in volume or "nfs" in volume for volume in template.get("volumes", [])):
        raise invalid("template.volumes", "Cloud Storage and NFS volumes want the second generation.")


def _cpu(container: Json) -> float:
    told = str(container.get("resources", {}).get("limits", {}).get("cpu", "1"))
    try:
        return float(told[:-1]) / 1000 if told.endswith("m") else float(told)
    except ValueError:
        raise invalid("template.containers.resources.limits.cpu", f"'{told}' is no amount of CPU.") from None


@RULES.made(SERVICES + "create", SERVICES + "patch")
def complete_service(call: Call, service: Resource) -> None:
    """Defaults as Google writes them, a revision, an address."""
    content = service.content
    content.setdefault("ingress", "INGRESS_TRAFFIC_ALL")
    content.setdefault("launchStage", "GA")
    content.setdefault("traffic", [{"type": "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", "percent": 100}])
    _fill_template(call, content.setdefault("template", {}))
    deployed = _revised(call, service)
    if not content.get("defaultUriDisabled"):
        content["uri"] = f"https://{service.id}-simulated-{call.segment('locations')}.a.run.app"
        content["urls"] = [content["uri"]]
    else:
        content.pop("uri", None)
        content.pop("urls", None)
    content["trafficStatuses"] = content["traffic"]
    content["observedGeneration"] = content["generation"] = str(service.generation)
    denied = unreadable(call.world, call.segment("projects"), content["template"]) if deployed else ""
    call.goes_on = _failing(service, denied) if denied else None
    if deployed and not denied:
        call.goes_on = call.world.runs.rolls_out(service.key)
    if call.goes_on:
        tell_condition(content, "RECONCILING", call.world.clock.stamp())
    else:
        ready(service, call.world.clock.stamp())
        call.world.runs.changed(service.key)


def _failing(service: Resource, why: str) -> Callable[[Operation], None]:
    """The revision never becomes ready; the service stays as it was, and says why."""

    def fail(operation: Operation) -> None:
        operation.fail(why, PERMISSION_DENIED)
        tell_condition(service.content, "FAILED", operation.started, why)

    return fail


def ready(service: Resource, stamp: str) -> None:
    """The newest revision takes the traffic."""
    service.content["latestReadyRevision"] = service.content["latestCreatedRevision"]
    tell_condition(service.content, "SUCCEEDED", stamp)


def tell_condition(content: Json, state: str, stamp: str, message: str = "") -> None:
    """Write how a service or revision is; `reconciling` is only there while it is."""
    told = {"state": f"CONDITION_{state}", "lastTransitionTime": stamp}
    told |= {"message": message} if message else {}
    content["terminalCondition"] = {"type": "Ready", **told}
    content["conditions"] = [{"type": kind, **told} for kind in ("RoutesReady", "ConfigurationsReady")]
    content.pop("reconciling", None)
    if state == "RECONCILING":
        content["reconciling"] = True


def _revised(call: Call, service: Resource) -> bool:
    """Make a revision, unless the newest one has the same template and is ready."""
    content = service.content
    newest = call.store.get(f"run/{content.get('latestCreatedRevision', '')}")
    if (
        newest is not None
        and newest.hidden.get("template") == content["template"]
        and content.get("latestReadyRevision") == content["latestCreatedRevision"]
    ):
        return False
    revision = f"{service.id}-{service.generation:05d}-sim"
    _make_revision(call, service, revision)
    content["latestCreatedRevision"] = f"{service.key.split('/', 1)[1]}/revisions/{revision}"
    return True


@RULES.does(SERVICES + "delete")
def delete_service(call: Call) -> Json:
    """It goes with all its revisions, and what runs of it ends."""
    call.goes_on = call.world.runs.ends(call.key)
    return delete(call)


def _fill_template(call: Call, template: Json) -> None:
    template.setdefault("timeout", "300s")
    template.setdefault("serviceAccount", "123456789012-compute@developer.gserviceaccount.com")
    containers = template.get("containers", [])
    least = min((_cpu(container) for container in containers), default=1.0)
    template.setdefault(
        "executionEnvironment", "EXECUTION_ENVIRONMENT_GEN2" if least >= 1 else "EXECUTION_ENVIRONMENT_GEN1"
    )
    template.setdefault("maxInstanceRequestConcurrency", 80 if least >= 1 else 1)
    for container in containers:
        if "resources" not in container:
            container["resources"] = {"cpuIdle": True}  # whoever gives resources has to say cpuIdle
        limits = container["resources"].setdefault("limits", {})
        limits.setdefault("cpu", "1000m")
        limits.setdefault("memory", "512Mi")
    if containers and len(containers) == 1:
        containers[0].setdefault("ports", [{"name": "http1", "containerPort": 8080}])
    if call.method.last == "create":
        template.setdefault("scaling", {"maxInstanceCount": 100})


def _make_revision(call: Call, service: Resource, revision: str) -> None:
    template = {name: value for name, value in service.content["template"].items() if name != "revision"}
    made = call.store.put(f"{service.key}/revisions/{revision}", template)
    made.content |= {
        "name": made.key.split("/", 1)[1],
        "service": service.id,
        "createTime": call.world.clock.stamp(),
        "generation": "1",
    }
    made.hidden["template"] = deepcopy(service.content["template"])


@RULES.does(JOBS + "run")
def run_job(call: Call) -> Json:
    """An execution that succeeds when its operation ends."""
    job = present(call)
    number = job.hidden["executions"] = job.hidden.get("executions", 0) + 1
    execution = call.store.put(
        f"{job.key}/executions/{job.id}-{number:05d}", {"job": job.id, "taskCount": 1, "succeededCount": 1}
    )
    name = execution.key.split("/", 1)[1]
    execution.content |= {"name": name, "createTime": call.world.clock.stamp(), "generation": "1"}
    execution.content["completionTime"] = call.world.clock.stamp(call.world.latency)
    job.content["latestCreatedExecution"] = {"name": name, "createTime": execution.content["createTime"]}
    job.content["executionCount"] = number
    return started(call, execution.content, "Execution")
