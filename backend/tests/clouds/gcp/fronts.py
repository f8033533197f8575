"""The platform with Cloudflare in front of own domains, as its file would name it."""

from aipress.clouds.gcp.platform import CloudflareFront
from tests.fakes.cloudflare import ACCOUNT, NAMESPACE, ZONE

KEY = "A" * 43 + "="
FRONT = CloudflareFront(
    zone=ZONE, account=ACCOUNT, namespace=NAMESPACE, target="customers.aipress.com", key=KEY
)
