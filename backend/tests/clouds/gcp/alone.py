"""Cloud SQL instances of sites' own on the simulator: one real server with TLS stands in for each that is made, replicas too."""

import pymysql

from gcpsim.operations import GoesOn
from gcpsim.simulator import Simulator
from gcpsim.sql import Sql
from gcpsim.store import Resource
from gcpsim.wire import Json
from tests.clouds.gcp.servers import Instance


class OneServer(Sql):
    """Its root has the password of the primary that began last; all that sites had on it goes with a primary."""

    def __init__(self, server: Instance, simulator: Simulator) -> None:
        self.server, self.simulator = server, simulator

    def address(self, instance: str) -> str:
        return self.server.address

    def certificate(self, instance: str) -> Json | None:
        return {"cert": self.server.authority}

    def begins(self, made: Resource, root_password: str) -> GoesOn | None:
        if root_password:
            self.say("ALTER USER root@'%%' IDENTIFIED BY %s", root_password)
        return None

    def ends(self, instance: str) -> GoesOn | None:
        row = self.simulator.world.store.get(instance)
        if row is not None and "masterInstanceName" not in row.content:
            for (name,) in self.say("SELECT user FROM mysql.user WHERE user REGEXP '^w[0-9a-f]{12}$'"):
                self.say(f"DROP USER `{name}`@'%%'")
                self.say(f"DROP DATABASE IF EXISTS `{name}`")
        return None

    def say(self, sql: str, *values: str) -> list[tuple[object, ...]]:
        """As the server's own root, at its socket."""
        with pymysql.connect(unix_socket=str(self.server.socket), user="root", autocommit=True) as line:
            cursor = line.cursor()
            cursor.execute(sql, values)
            return list(cursor.fetchall())
