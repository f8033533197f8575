"""Who answers for own domains: Google's load balancer, or Cloudflare where the platform's file names it; and whose DNS zones are ours."""

from aipress.clouds.domains import Domains
from aipress.clouds.gcp.balancer import BalancedDomains
from aipress.clouds.gcp.cloudflare.asking import Cloudflare
from aipress.clouds.gcp.cloudflare.domains import CloudflareDomains
from aipress.clouds.gcp.cloudflare.token import Token
from aipress.clouds.gcp.cloudflare.zone import CloudflareZone
from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.placements import Where
from aipress.clouds.gcp.platform import Platform, Zone
from aipress.clouds.gcp.ways import Ways
from aipress.clouds.gcp.zones import CloudDnsZone, DnsZone, Zones
from aipress.config import Settings


def own_domains(settings: Settings, google: Google, where: Where, ways: Ways) -> Domains:
    """The facet the platform's file asks for."""
    cloudflare = make_cloudflare(settings, google, where.platform)

    def answered_by(zone: Zone) -> DnsZone:
        return CloudflareZone(cloudflare, zone) if zone.by == "cloudflare" else CloudDnsZone(google, zone)

    zones = Zones(tuple(map(answered_by, where.platform.dns_zones)))
    if front := where.platform.cloudflare:
        return CloudflareDomains(cloudflare, front, where, zones)
    return BalancedDomains(google, where, ways, zones)


def make_cloudflare(settings: Settings, google: Google, platform: Platform) -> Cloudflare:
    """The way to Cloudflare's API; nobody is asked for a token before it is needed."""
    token = Token(google, platform.shards[0].project, settings.cloudflare_token)
    return Cloudflare(token, settings.cloudflare_endpoint)
