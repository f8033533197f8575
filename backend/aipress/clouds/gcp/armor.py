"""The firewall in front of all sites (Cloud Armor): known attacks, and how often somebody may try to sign in.

Rules of the WAF begin as a preview, which logs and refuses nobody, until their false alarms were looked at.
"""

from aipress.clouds.gcp.places import Place
from aipress.clouds.gcp.resources import Json, Resource

SENSITIVITY = 1  # unsaid it is 4, which refuses what wp-admin sends
ATTACKS = ("sqli-v422-stable", "xss-v422-stable", "lfi-v422-stable", "rce-v422-stable", "php-v422-stable")
NOT_ADMIN = "!request.path.startsWith('/wp-admin/') && !request.path.startsWith('/wp-json/')"
SIGN_IN = "request.path.endsWith('/wp-login.php') || request.path.endsWith('/xmlrpc.php')"


def policy(place: Place, name: str = "sites", preview: bool = True) -> Resource:
    """The whole policy, with the rule that lets everybody else in."""
    waf = [_attack(1000 + at, attack, preview) for at, attack in enumerate(ATTACKS)]
    everybody: Json = {
        "priority": 2147483647,
        "action": "allow",
        "match": {"versionedExpr": "SRC_IPS_V1", "config": {"srcIpRanges": ["*"]}},
    }
    body: Json = {"name": name, "type": "CLOUD_ARMOR", "rules": [_sign_in(100), *waf, everybody]}
    return Resource(
        "firewall", name, "compute", f"/compute/v1/projects/{place.project}/global/securityPolicies", body
    )


def _attack(priority: int, attack: str, preview: bool) -> Json:
    told = f"evaluatePreconfiguredWaf('{attack}', {{'sensitivity': {SENSITIVITY}}}) && {NOT_ADMIN}"
    return {
        "priority": priority,
        "action": "deny(403)",
        "preview": preview,
        "match": {"expr": {"expression": told}},
    }


def _sign_in(priority: int) -> Json:
    """Thirty tries a minute from one address at one site; who goes on is sent away for ten minutes."""
    return {
        "priority": priority,
        "action": "rate_based_ban",
        "match": {"expr": {"expression": SIGN_IN}},
        "rateLimitOptions": {
            "conformAction": "allow",
            "exceedAction": "deny(429)",
            "enforceOnKeyConfigs": [
                {"enforceOnKeyType": "IP"},
                {"enforceOnKeyType": "HTTP_HEADER", "enforceOnKeyName": "host"},
            ],
            "rateLimitThreshold": {"count": 30, "intervalSec": 60},
            "banDurationSec": 600,
        },
    }
