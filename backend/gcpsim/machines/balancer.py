"""The global load balancer and its cache: visitors come in here, by the host they ask for, and reach an instance of a service."""

import contextlib
import http.client
import logging
import random
import sys
import threading
import time
from http.server import ThreadingHTTPServer

from gcpsim.machines import caching
from gcpsim.machines.cache import Cache, Kept
from gcpsim.machines.caching import Said
from gcpsim.machines.containers import Containers
from gcpsim.machines.fleet import NoInstance
from gcpsim.machines.options import Running
from gcpsim.machines.revisions import Name
from gcpsim.machines.routes import Route, route
from gcpsim.machines.visitors import Asked, Keep, Store, Visitor, Way, said_of
from gcpsim.runs import Edge
from gcpsim.world import World

HERE = "127.0.0.1"
UNINVITED = "The request was not authenticated. Either allow unauthenticated invocations or set the proper Authorization header."


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def unheard(self, request: object, client_address: object) -> None:
        """A visitor who goes away is no error; anything else is one of ours."""
        if not isinstance(sys.exc_info()[1], OSError):
            logging.getLogger(__name__).exception("a visitor's request")

    handle_error = unheard


class Balancer:
    """A server on loopback."""

    def __init__(self, containers: Containers, running: Running) -> None:
        self.containers, self.port, self.scheme = containers, running.visitors or 0, running.scheme
        self._server: _Server | None = None
        self._renewing: set[tuple[str, str]] = set()

    def begin(self, world: World) -> None:
        """Listen."""
        self.world = world
        world.edge = self.cache = Cache(world.clock.now)
        self._server = _Server((HERE, self.port), type("Door", (Visitor,), {"answering": self}))
        self.port = self._server.server_address[1]
        self._serving = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        self._serving.start()

    def end(self) -> None:
        """Take nobody new; fine where it never listened."""
        if self._server is None:
            return
        self._server.shutdown()
        self._server.server_close()
        self._serving.join()
        self.world.edge = Edge()

    def answer(self, asked: Asked, visitor: Visitor) -> None:
        """From the cache, by an instance, or with a page of the front's own; then the request is told."""
        began = time.monotonic()
        with self.world.turn:
            there = route(self.world.store, asked.host, asked.path)
            name = there.revision(self.world.store, random.random())  # noqa: S311 - shares of traffic, no secret
        with contextlib.suppress(OSError):
            if there.status or name is None:
                visitor.sent.details = UNINVITED if there.status == 403 else "backend_not_found"
                visitor.refuse(there.status or 404)
            elif not self._from_cache(asked, there, name, visitor):
                self._from_instance(asked, there, name, visitor)
        self.containers.telling.request(asked, there, name, visitor.sent, time.monotonic() - began)

    def _from_cache(self, asked: Asked, there: Route, name: Name, visitor: Visitor) -> bool:
        if not _is_cached(asked, there):
            return False
        key = caching.key(there.policy, asked.named, asked.headers)
        found = self.cache.find(there.backend, key, asked.headers)
        if found is None:
            return False
        if not self.cache.is_fresh(found):
            self._renew(asked, there, name)
        visitor.sent.from_cache, visitor.sent.details = True, "response_from_cache"
        visitor.show(*_answer_to(asked, found), {"Age": str(int(found.age(self.world.clock.now())))})
        return True

    def _from_instance(self, asked: Asked, there: Route, name: Name, visitor: Visitor) -> None:
        keep = self._keeping(asked, there) if _is_cached(asked, there) and asked.method == "GET" else None
        try:
            while not self._pass_on(asked, there, name, visitor, keep):
                pass  # it ended a moment ago: another one is found or started
        except NoInstance as nobody:
            visitor.sent.details = str(nobody)
            visitor.refuse(nobody.status)

    def _pass_on(self, asked: Asked, there: Route, name: Name, visitor: Visitor, keep: Keep | None) -> bool:
        """Whether an instance was there to be asked."""
        with self.containers.instance(name) as instance:
            visitor.sent.instance = instance.id
            way = Way(instance.port, instance.recipe.timeout, bool(there.url_map))
            try:
                visitor.pass_on(asked, way, keep)
            except ConnectionRefusedError:
                self.containers.fleet(name).drop(instance)
                return False
            return True

    def _keeping(self, asked: Asked, there: Route) -> Keep:
        """What keeps an answer, if it may be; nothing invalidated from now on is."""
        mark = self.cache.mark()

        def keep(said: Said) -> Store | None:
            seconds = caching.lifetime(there.policy, said, asked.headers)
            return (lambda body: store(said, seconds, body)) if seconds > 0 else None

        def store(said: Said, seconds: float, body: bytes) -> None:
            if len(body) > caching.LARGEST:
                return
            key = caching.key(there.policy, asked.named, asked.headers)
            stale = float(there.policy.get("serveWhileStale", 0))
            now = self.world.clock.now()
            one = Kept(said, body, there.url_map, asked.host, asked.path, now, seconds, stale)
            self.cache.keep((there.backend, key), asked.headers, one, mark)

        return keep

    def _renew(self, asked: Asked, there: Route, name: Name) -> None:
        """Ask the origin once for what was served stale, beside the visitor's request."""
        place = (there.backend, caching.key(there.policy, asked.named, asked.headers))
        if place not in self._renewing:
            self._renewing.add(place)
            threading.Thread(target=self._fetch, args=(asked, there, name, place), daemon=True).start()

    def _fetch(self, asked: Asked, there: Route, name: Name, place: tuple[str, str]) -> None:
        keep = self._keeping(asked, there)
        wanted = {
            name: value
            for name, value in asked.headers.items()
            if name.startswith(("host", "accept", "user-agent")) or name in caching.named(there.policy)
        }
        wanted |= {
            "x-forwarded-proto": asked.scheme,
            "x-forwarded-for": f"{asked.address},192.0.2.1",
            "via": "1.1 google",
        }
        try:
            with self.containers.instance(name) as instance:
                line = http.client.HTTPConnection(HERE, instance.port, timeout=60)
                line.request("GET", asked.target, headers=wanted)
                answer = line.getresponse()
                if store := keep(said_of(answer.status, answer.getheaders())):
                    store(answer.read())
                line.close()
        except (NoInstance, OSError, http.client.HTTPException):
            pass  # the stale one stays until its time is over
        finally:
            self._renewing.discard(place)


def _is_cached(asked: Asked, there: Route) -> bool:
    """Whether the cache has a say in a request."""
    return (
        bool(there.policy)
        and asked.method in ("GET", "HEAD")
        and not caching.bypassed(there.policy, asked.headers)
    )


def _answer_to(asked: Asked, kept: Kept) -> tuple[Said, bytes]:
    """What is kept, or that it is what the visitor has already."""
    tag = kept.said.all("etag")
    given = {one.strip().removeprefix("W/") for one in asked.headers.get("if-none-match", "").split(",")}
    since = "if-none-match" not in asked.headers and asked.headers.get("if-modified-since")
    same = (tag and tag.removeprefix("W/") in given) or (since and since == kept.said.all("last-modified"))
    return (Said(304, kept.said.headers), b"") if same and kept.said.status == 200 else (kept.said, kept.body)
