"""Copies of databases: written to an object of the simulator's Cloud Storage as SQL, and read from one. `.gz` is compressed."""

import gzip
import re
import subprocess

from gcpsim.errors import Refused
from gcpsim.machines.mariadb.accounts import API
from gcpsim.machines.mariadb.flags import mapped
from gcpsim.machines.mariadb.server import Server
from gcpsim.machines.programs import SEARCHED
from gcpsim.semantics.storage_names import bucket_key, object_key
from gcpsim.semantics.storage_written import look_at, write
from gcpsim.wire import Json
from gcpsim.world import World

PLACE = re.compile(r"gs://([^/]+)/(.+)")
SYSTEM = {"mysql", "sys", "information_schema", "performance_schema"}
PATIENCE = 1800.0


class Copy:
    """One export or import; `context` is the request's."""

    def __init__(self, server: Server, world: World, context: Json) -> None:
        self._server, self._world, self._context = server, world, context
        found = PLACE.fullmatch(str(context.get("uri", "")))
        if found is None:
            raise Refused(400, "Invalid request: a copy has a place, gs://BUCKET/NAME.", reason="invalid")
        if context.get("fileType", "SQL") != "SQL":
            raise Refused(400, "Invalid request: the simulator copies as SQL only.", reason="invalid")
        self._bucket, self._name = found[1], found[2]

    def check_bucket(self) -> None:
        """A copy goes to a bucket there is."""
        if self._world.store.get(bucket_key(self._bucket)) is None:
            raise Refused(404, "The specified bucket does not exist.", reason="notFound")

    def export(self) -> None:
        """Write the databases; with `CREATE DATABASE` and `USE`, as Cloud SQL does, and without triggers and routines."""
        options = self._context.get("sqlExportOptions", {})
        names = [str(name) for name in self._context.get("databases", [])] or self._all()
        tables = [str(name) for name in options.get("tables", [])]
        command = [
            "mariadb-dump", "--single-transaction", "--hex-blob", "--skip-triggers",
            *(["--no-data"] if options.get("schemaOnly") else []),
            *(["--", names[0], *tables] if tables and len(names) == 1 else ["--databases", "--", *names]),
        ]  # fmt: skip
        content = self._ran(command)
        told = {"contentType": "application/x-gzip" if self._is_compressed else "application/sql"}
        content = gzip.compress(content, 6, mtime=0) if self._is_compressed else content
        with self._world.turn:
            self.check_bucket()
            write(self._world, self._bucket, self._name, content, told)

    def read(self) -> bytes:
        """What the object holds; Refused where there is none."""
        self.check_bucket()
        look_at(self._world, self._bucket, self._name)
        there = self._world.store.get(object_key(self._bucket, self._name))
        if there is None:
            raise Refused(404, "The specified object does not exist.", reason="notFound")
        return self._world.files.read(there)

    def load(self, content: bytes) -> None:
        """Run it, in the database that is named unless it names one itself."""
        text = gzip.decompress(content) if self._is_compressed else content
        text = mapped(text.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
        database = str(self._context.get("database", ""))
        self._ran(
            [
                "mariadb",
                "--binary-mode",
                "--skip-local-infile",
                *([f"--database={database}"] if database else []),
            ],
            text,
        )

    @property
    def _is_compressed(self) -> bool:
        return self._name.endswith(".gz")

    def _all(self) -> list[str]:
        with self._server.connect() as line, line.cursor() as sql:
            sql.execute("SHOW DATABASES")
            return [str(name) for (name,) in sql.fetchall() if name not in SYSTEM]

    def _ran(self, command: list[str], said: bytes = b"") -> bytes:
        """What a program of MariaDB's answers; the operation fails with its last words."""
        first, *rest = command
        line = [first, "--no-defaults", f"--socket={self._server.socket}", f"--user={API}"]
        ran = subprocess.run(
            ["setpriv", "--pdeathsig=KILL", "--", *line, "--default-character-set=utf8mb4", *rest],
            input=said, capture_output=True, timeout=PATIENCE, check=False,
            env={"PATH": SEARCHED, "MYSQL_PWD": self._server.api_password},
        )  # fmt: skip
        if ran.returncode:
            raise Refused(400, ran.stderr.decode(errors="replace").strip()[-500:])
        return ran.stdout
