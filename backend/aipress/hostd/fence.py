"""The rules sites' packets are held against: public addresses only, never a neighbour, this machine or a private range.

They are nftables rules of a network namespace of ours; the machine's own rules are neither read nor changed.
"""

from collections.abc import Iterable

from aipress.hostd.netlink import Address

TABLE = "aipress"
OUT = "out"  # the link to the internet; an environment's link is w<number>
MAIL_PORT = 25
MOST_CONNECTIONS = 1024  # of one environment at a time; one that ended counts for two minutes
DNS_PORT = 53

# Not public by IANA's special-purpose registries (RFC 6890), multicast, and what leads to any of it in disguise (6to4, Teredo).
NEVER_4 = (
    "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 "
    "192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3"
).split()
# All of IPv6 but 2000::/3, and of that the same.
NEVER_6 = "::/3 2001::/23 2001:db8::/32 2002::/16 3fff::/20 4000::/2 8000::/1".split()

RULES = """
table inet {table}
delete table inet {table}
table inet {table} {{
  set never4 {{ type ipv4_addr; flags interval; elements = {{ {never4} }}; }}
  set never6 {{ type ipv6_addr; flags interval; elements = {{ {never6} }}; }}
  set own4 {{ type ipv4_addr; }}
  set own6 {{ type ipv6_addr; }}
  set busy4 {{ type ipv4_addr; size 65535; flags dynamic; }}
  set busy6 {{ type ipv6_addr; size 65535; flags dynamic; }}
  chain refuse {{
    meta l4proto tcp reject with tcp reset
    reject with icmpx admin-prohibited
  }}
  chain forward {{
    type filter hook forward priority filter; policy drop;
    iifname "{out}" ct state established,related accept
    iifname "w*" jump leave
  }}
  chain leave {{
    oifname != "{out}" goto refuse
    ip daddr @never4 goto refuse
    ip6 daddr @never6 goto refuse
    ip daddr @own4 goto refuse
    ip6 daddr @own6 goto refuse
    tcp dport {mail} goto refuse
    ct state new add @busy4 {{ ip saddr ct count over {most} }} goto refuse
    ct state new add @busy6 {{ ip6 saddr ct count over {most} }} goto refuse
    accept
  }}
  chain input {{
    type filter hook input priority filter; policy drop;
    iifname "lo" accept
    iifname "w*" udp dport {dns} accept
    icmpv6 type {{ nd-neighbor-solicit, nd-neighbor-advert }} accept
    iifname "w*" goto refuse
  }}
  chain output {{
    type filter hook output priority filter; policy accept;
    icmpv6 type {{ nd-neighbor-solicit, nd-neighbor-advert }} accept
    oifname "{out}" drop
  }}
  chain translate {{
    type nat hook postrouting priority srcnat;
    oifname "{out}" masquerade
  }}
}}
"""


def rules() -> str:
    """For `nft -f`: all of it, in place of what was there, in one transaction. Where they say nothing, nothing passes."""
    names = {"table": TABLE, "out": OUT, "mail": MAIL_PORT, "most": MOST_CONNECTIONS, "dns": DNS_PORT}
    return RULES.format(never4=", ".join(NEVER_4), never6=", ".join(NEVER_6), **names)


def own_addresses(found: Iterable[Address]) -> str:
    """For `nft -f`: these are this machine's own addresses, and no others."""
    lines = []
    for version in (4, 6):
        name = f"inet {TABLE} own{version}"
        values = sorted(str(each).partition("%")[0] for each in found if each.version == version)
        lines += [f"flush set {name}", *([f"add element {name} {{ {', '.join(values)} }}"] if values else [])]
    return "\n".join(lines) + "\n"
