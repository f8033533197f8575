"""How Cloud Run's services run here, and where visitors come in."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Images:
    """Which images of this machine stand for which references: exactly, or by the digest at the reference's end."""

    local: Mapping[str, str] = field(default_factory=dict)

    def find(self, reference: str) -> str:
        """The image of this machine, or ''."""
        if reference in self.local:
            return self.local[reference]
        digest = reference.partition("@")[2]
        ways = [here for there, here in self.local.items() if digest and there.partition("@")[2] == digest]
        return ways[0] if ways else ""


@dataclass(frozen=True)
class Running:
    """`idle`: seconds of the world's clock an instance stays without being asked. `visitors`: the load balancer's port, 0 a free

    one, None where nobody is to come in; `scheme`: how visitors come, where TLS is ended before.
    """

    images: Images = field(default_factory=Images)
    idle: float = 60.0
    visitors: int | None = None
    scheme: str = "http"
