"""IAM: service accounts are named by their mail address, roles leave a mark when they go, keys are shown once."""

import re

from gcpsim import keys
from gcpsim.crud import present
from gcpsim.errors import invalid, missing
from gcpsim.rules import Rules
from gcpsim.store import Resource
from gcpsim.wire import Json
from gcpsim.world import Call

RULES = Rules(
    soft={
        "roles": ("deleted", True),
        "workloadIdentityPools": ("state", "DELETED"),
        "providers": ("state", "DELETED"),
        "workforcePools": ("state", "DELETED"),
    }
)
ACCOUNT_ID = re.compile(r"[a-z][a-z0-9-]{4,28}[a-z0-9]")
ACCOUNTS = "iam.projects.serviceAccounts."
REMEMBERED = 30 * 24 * 3600
"""How long a deleted service account can be brought back, in seconds."""


@RULES.names(ACCOUNTS + "create")
def address(call: Call) -> str:
    """An account's name is its mail address."""
    return f"{call.body.get('accountId', '')}@{call.segment('projects') or call.found.segments[1]}.iam.gserviceaccount.com"


@RULES.names("iam.projects.roles.create", "iam.organizations.roles.create")
def role_id(call: Call) -> str:
    """A role's id is in its body."""
    return str(call.body.get("roleId", ""))


@RULES.check(ACCOUNTS + "create")
def check_account(call: Call) -> None:
    """The id makes an address."""
    if not ACCOUNT_ID.fullmatch(str(call.body.get("accountId", ""))):
        raise invalid(
            "account_id",
            "An account's id has 6 to 30 lower-case letters, digits and hyphens, and begins with a letter.",
        )


@RULES.made(ACCOUNTS + "create")
def complete_account(call: Call, resource: Resource) -> None:
    """The fields under `serviceAccount`, and those that follow from the address."""
    given = resource.content.pop("serviceAccount", {})
    for name in ("accountId", "name"):
        resource.content.pop(name, None)
    project = resource.key.split("/")[2]
    number = call.store.number()
    resource.content |= {
        **given,
        "name": resource.key.split("/", 1)[1],
        "projectId": project,
        "email": resource.id,
        "uniqueId": number,
        "oauth2ClientId": number,
    }
    resource.content["etag"] = resource.etag


@RULES.made(ACCOUNTS + "patch")
def change_account(call: Call, resource: Resource) -> None:
    """A patch brings the account under `serviceAccount`, beside its mask."""
    resource.content |= resource.content.pop("serviceAccount", {})
    resource.content.pop("updateMask", None)


def one_project(segments: tuple[str, ...]) -> tuple[str, ...]:
    """`projects/-` stands for the project the address names."""
    if segments[:1] == ("projects",) and segments[1:2] == ("-",) and len(segments) > 3 and "@" in segments[3]:
        return (segments[0], segments[3].split("@")[1].split(".")[0], *segments[2:])
    return segments


RULES.canonical = one_project


@RULES.check(ACCOUNTS + "get", ACCOUNTS + "undelete")
def find_number(call: Call) -> None:
    """An account may be asked for by its number."""
    if call.key.rsplit("/", 1)[-1].isdigit():
        same = [
            one
            for one in call.store.everything()
            if one.content.get("uniqueId") == call.key.rsplit("/", 1)[-1]
        ]
        call.key = same[0].key if same else call.key


@RULES.does(ACCOUNTS + "disable", ACCOUNTS + "enable")
def turn(call: Call) -> Json:
    """An account that may not, or may again, be used."""
    present(call).content["disabled"] = call.method.last == "disable"
    return {}


@RULES.does(ACCOUNTS + "keys.create")
def make_key(call: Call) -> Json:
    """A key, with its private half this once."""
    account = call.store.get(call.key.rsplit("/", 1)[0])
    if account is None:
        raise missing(call.name)
    number = keys.make(call.store, account, "USER_MANAGED", call.world.clock.now())
    call.key = f"{call.key}/{number}"
    key = present(call)
    secret = keys.handed_out(key, account.id)
    return {**key.content, "privateKeyData": secret, "privateKeyType": "TYPE_GOOGLE_CREDENTIALS_FILE"}


@RULES.made("iam.projects.roles.create", "iam.organizations.roles.create")
def complete_role(call: Call, resource: Resource) -> None:
    """The fields under `role`."""
    given = resource.content.pop("role", {})
    resource.content.pop("roleId", None)
    resource.content |= {**given, "name": resource.key.split("/", 1)[1], "etag": resource.etag}


@RULES.check(ACCOUNTS + "delete")
def remember(call: Call) -> None:
    """A deleted account can be brought back for a while."""
    account = present(call)
    call.world.remembered[f"{account.key.rsplit('/', 1)[0]}/{account.content.get('uniqueId')}"] = (
        call.world.clock.now(),
        account,
    )


@RULES.does(ACCOUNTS + "undelete")
def undelete(call: Call) -> Json:
    """Bring an account back by its number; after thirty days nobody remembers."""
    at, account = call.world.remembered.pop(call.key, (0.0, None))
    if account is None or call.world.clock.now() - at > REMEMBERED:
        raise missing(call.name)
    call.store.restore(account)
    return {"restoredAccount": dict(account.content)}
