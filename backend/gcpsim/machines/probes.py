"""Probes: how it is found out that a container listens, and later that it still does."""

import contextlib
import http.client
import socket
from dataclasses import dataclass

from gcpsim.wire import Json

HERE = "127.0.0.1"


@dataclass(frozen=True)
class Probe:
    """`path` '' asks for no page, only whether somebody listens. Times are seconds."""

    path: str = ""
    delay: float = 0.0
    period: float = 240.0
    timeout: float = 240.0
    failures: int = 1
    host: str = ""
    told: bool = True

    @property
    def patience(self) -> float:
        """How long a container has until a startup probe must have passed."""
        return self.delay + max(self.period, self.timeout) * self.failures

    def passes(self, port: int) -> bool:
        """Ask once."""
        timeout = min(self.timeout, 10.0)
        with contextlib.suppress(OSError, http.client.HTTPException):
            if not self.path:
                socket.create_connection((HERE, port), timeout).close()
                return True
            asked = http.client.HTTPConnection(HERE, port, timeout=timeout)
            try:
                headers = {"User-Agent": "GoogleHC/1.0"} | ({"Host": self.host} if self.host else {})
                asked.request("GET", self.path, headers=headers)
                return 200 <= asked.getresponse().status < 400
            finally:
                asked.close()
        return False


def startup_probe(told: Json | None) -> Probe:
    """The probe of a container that starts; without one Cloud Run waits four minutes for its port."""
    return _read(told, Probe(period=10.0, timeout=1.0, failures=3)) if told else Probe(told=False)


def liveness_probe(told: Json | None) -> Probe | None:
    """The probe of a container that runs, where it has one."""
    return _read(told, Probe(period=10.0, timeout=1.0, failures=3)) if told else None


def _read(told: Json, usual: Probe) -> Probe:
    page = told.get("httpGet")
    headers = {
        str(one.get("name")).lower(): str(one.get("value", "")) for one in (page or {}).get("httpHeaders", [])
    }
    return Probe(
        path=str(page.get("path") or "/") if page is not None else "",
        delay=float(told.get("initialDelaySeconds", 0)),
        period=float(told.get("periodSeconds", usual.period)),
        timeout=float(told.get("timeoutSeconds", usual.timeout)),
        failures=int(told.get("failureThreshold", usual.failures)),
        host=headers.get("host", ""),
    )
