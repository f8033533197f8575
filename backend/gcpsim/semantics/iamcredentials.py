"""The Service Account Credentials API: Google signs for an account whose key nobody else has."""

import base64
import binascii

from gcpsim import keys
from gcpsim.errors import Refused, invalid
from gcpsim.rules import Rules
from gcpsim.semantics.iam import one_project
from gcpsim.wire import Json
from gcpsim.world import Call

RULES = Rules(canonical=one_project)


@RULES.does("iamcredentials.projects.serviceAccounts.signBlob")
def sign_blob(call: Call) -> Json:
    """The signature of what was sent, by the account's own key."""
    email = call.key.rsplit("/", 1)[-1]
    account = keys.account(call.store, email)
    if account is None:
        raise Refused(404, "Not found; Gaia id not found for email " + email)
    try:
        content = base64.b64decode(str(call.body.get("payload", "")), validate=True)
    except binascii.Error:
        raise invalid("payload", "Base64 decoding failed.") from None
    if not content:
        raise invalid("payload", "The payload is empty.")
    number, signature = keys.sign(call.store, account, content, call.world.clock.now())
    return {"keyId": number, "signedBlob": base64.b64encode(signature).decode()}
