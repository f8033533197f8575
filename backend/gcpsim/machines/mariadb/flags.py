"""An instance's settings as lines of MariaDB's: the flags it has too, and whether lines without TLS are let in."""

import re

from gcpsim.wire import Json

PASSED = frozenset(
    "max_connections max_user_connections max_allowed_packet max_execution_time wait_timeout interactive_timeout lock_wait_timeout "
    "innodb_lock_wait_timeout net_read_timeout net_write_timeout connect_timeout max_connect_errors slow_query_log long_query_time "
    "log_queries_not_using_indexes log_output general_log event_scheduler explicit_defaults_for_timestamp group_concat_max_len "
    "lower_case_table_names default_time_zone sql_mode character_set_server collation_server tmp_table_size max_heap_table_size "
    "sort_buffer_size join_buffer_size read_buffer_size table_open_cache table_definition_cache thread_cache_size "
    "innodb_buffer_pool_size innodb_flush_log_at_trx_commit innodb_ft_min_token_size ft_min_word_len innodb_print_all_deadlocks "
    "skip_show_database log_bin_trust_function_creators performance_schema local_infile".split()
)
"""Cloud SQL's flags that are passed on. Others stay in the row: Google refuses what it does not know, and has no document of it."""

BINARY_LOG = "binary"
"""How its files are called, in the folder of its data."""

VALUE = re.compile(r"[A-Za-z0-9_.,:+/ -]*")


def flags(settings: Json) -> dict[str, str]:
    """The flags that are passed on, by MariaDB's names."""
    told = {str(one.get("name")): str(one.get("value", "")) for one in settings.get("databaseFlags", [])}
    return {name: value for name, value in told.items() if name in PASSED and VALUE.fullmatch(value)}


def lines(settings: Json, is_replica: bool = False) -> list[str]:
    """Lines for its settings' file; what MariaDB does not know after all is no reason not to start.

    The binary log is a primary's whose settings ask for it; a replica reads its primary's.
    """
    is_logged = bool(settings.get("backupConfiguration", {}).get("binaryLogEnabled")) and not is_replica
    log = [f"log-bin={BINARY_LOG}" if is_logged else "skip-log-bin"]
    encrypted = settings.get("ipConfiguration", {})
    strict = str(encrypted.get("sslMode", "")).startswith(("ENCRYPTED", "TRUSTED"))
    told = [f"loose-{name.replace('_', '-')}={mapped(value)}" for name, value in flags(settings).items()]
    reads = ["read-only=ON"] if is_replica else []
    return [*told, *log, *reads, *(["require-secure-transport=ON"] if strict else [])]


COLLATIONS = re.compile(
    r"\butf8mb4_(?:[a-z]{2,3}_)?(?:[a-z_]+_)?0900_(ai_ci|as_ci|as_cs|bin)\b", re.IGNORECASE
)


def mapped(text: str) -> str:
    """MySQL 8's collations, which MariaDB has not, as the nearest that both have."""
    return COLLATIONS.sub(
        lambda found: "utf8mb4_unicode_520_ci" if found[1].lower().endswith("_ci") else "utf8mb4_bin", text
    )
