"""What lines become: one schema, whoever wrote them, and a tenant that only the place they were found in decides."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from aipress.clouds.php_words import component_of
from tests.clouds.local.shipper.ground import Ground, age, append, environment_of, host_of, tenant_of, visit

PLUGIN = "/srv/content/plugins/woo-oven/src/oven.php"
TRACE = f"#0 {PLUGIN}(7): bake()\n#1 /srv/wordpress/wp-includes/class-wp-hook.php(324): call()\n#2 {{main}}"


def php_said(ground: Ground, *texts: str) -> list[dict[str, Any]]:
    """What site 1's log comes to when PHP has written this, and is done."""
    append(ground.php(1), "".join(f"{text}\n" for text in texts).encode())
    age(ground.php(1))
    ground.ship()
    return ground.kept(1)


def as_json(**fields: object) -> str:
    return json.dumps({"source": "php", "level": "error", "message": "x", **fields})


def test_a_visit_has_its_figures_in_the_schemas_units(ground: Ground) -> None:
    append(
        ground.access,
        visit(1, "/bread/", upstream_time="0.010, 0.020 : 0.0305", cache="HIT", status=404, level="warning"),
    )
    ground.ship()
    (line,) = ground.kept(1)
    assert (line["source"], line["level"], line["environment"]) == ("access", "warning", environment_of(1))
    assert (line["request_id"], line["message"]) == ("51b0a19267d8033c67caf5c5e1b56a42", "GET /bread/ 200")
    fields = line["fields"]
    assert (fields["duration_ms"], fields["upstream_ms"], fields["status"], fields["bytes"]) == (
        12.0,
        60.5,
        404,
        12345,
    )
    assert (fields["method"], fields["host"], fields["path"]) == ("GET", host_of(1), "/bread/")
    assert (fields["cache"], fields["address"], fields["referer"]) == (
        "HIT",
        "192.0.2.7",
        "https://example.com/",
    )
    assert abs(line["time"] / 1e6 - datetime.now(UTC).timestamp()) < 60


def test_what_nginx_does_not_know_is_absent(ground: Ground) -> None:
    append(ground.access, visit(1, upstream_time="", cache="", agent="-", referer=""))
    ground.ship()
    assert not {"upstream_ms", "cache", "agent", "referer"} & ground.kept(1)[0]["fields"].keys()


def test_a_visit_is_the_sites_its_host_leads_to_whatever_the_line_says(ground: Ground) -> None:
    liar = {"tenant": tenant_of(2), "environment": environment_of(2)}
    append(ground.access, visit(1, **liar))
    for host in (
        "localhost",
        "unknown.localhost",
        "..",
        "../sites/site-2.localhost",
        "SITE-2.localhost",
        "",
        "a" * 300,
    ):
        append(ground.access, visit(1, host=host))
    ground.ship()
    assert len(ground.kept(1)) == 1
    assert ground.kept(2) == []


def test_a_link_that_leads_elsewhere_is_nobodys(ground: Ground) -> None:
    (ground.data / "edge/sites/odd.localhost").symlink_to("../../environments/../lines")
    append(ground.access, visit(1, host="odd.localhost"))
    ground.ship()
    assert [*(ground.data / "lines").iterdir()] == []


def test_a_site_can_only_speak_of_itself(ground: Ground) -> None:
    said = [
        as_json(tenant=tenant_of(2), environment=environment_of(2), message="liar"),
        as_json(source="access", message="no visit"),
        as_json(source="platform", message="no platform"),
        as_json(source="slow", message="no slow"),
        as_json(source=["php"], message="odd"),
        as_json(source="mail", level="info", message="sent", recipient="ann@example.com"),
    ]
    lines = php_said(ground, *said)
    assert ground.kept(2) == []
    assert [line["message"] for line in lines] == [
        "liar",
        "no visit",
        "no platform",
        "no slow",
        "odd",
        "sent",
    ]
    assert [line["source"] for line in lines] == ["php"] * 5 + ["mail"]
    assert {line["environment"] for line in lines} == {environment_of(1)}


def test_only_the_platforms_own_file_may_name_an_environment(ground: Ground) -> None:
    row = {
        "environment": environment_of(2),
        "source": "cron",
        "level": "info",
        "message": "ran",
        "hook": "x",
        "lag_ms": 5.5,
    }
    for n, line in enumerate(
        (row, {**row, "environment": "../x"}, {**row, "environment": "ffffffffffff"}, {"a": 1})
    ):
        append(ground.data / f"logs/control/cron-{n}.log", json.dumps(line).encode() + b"\n")
    ground.ship()
    (line,) = ground.kept(2)
    assert (line["source"], line["message"], line["fields"]) == ("cron", "ran", {"hook": "x", "lag_ms": 5.5})
    assert ground.kept(1) == []


def test_what_is_nobodys_yet_is_not_kept_and_what_comes_after_the_claim_is(ground: Ground) -> None:
    ground.settle(1, "")
    assert php_said(ground, as_json(message="pooled")) == []
    ground.settle(1, tenant_of(1))
    assert [line["message"] for line in php_said(ground, as_json(message="claimed"))] == ["claimed"]


WORDS = {
    f"PHP Warning:  Undefined variable $x in {PLUGIN} on line 12": (
        "warning",
        "warning",
        "Undefined variable $x",
        12,
    ),
    f"[28-Nov-2026 12:00:00 UTC] PHP Fatal error:  Uncaught Error: no oven in {PLUGIN}:7\nStack trace:\n{TRACE}\n  thrown in {PLUGIN} on line 7": (
        "error",
        "fatal",
        "Uncaught Error: no oven",
        7,
    ),
    f"[28-Nov-2026 12:00:00] NOTICE: PHP message: PHP Parse error:  bad ';' in {PLUGIN} on line 3": (
        "error",
        "parse",
        "bad ';'",
        3,
    ),
    "[28-Nov-2026 12:00:00] WARNING: [pool wordpress] server reached max_children": (
        "warning",
        "other",
        "[pool wordpress] server reached max_children",
        None,
    ),
    "some plugin wrote this": ("info", "other", "some plugin wrote this", None),
}


@pytest.mark.parametrize("text", WORDS)
def test_phps_own_words_become_fields(ground: Ground, text: str) -> None:
    level, kind, message, number = WORDS[text]
    (found,) = php_said(ground, text)
    assert (found["source"], found["level"], found["message"]) == ("php", level, message)
    fields = found["fields"]
    assert (fields["kind"], fields.get("line")) == (kind, number)
    whose = (PLUGIN, "plugin:woo-oven") if number else (None, None)
    assert (fields.get("file"), fields.get("component")) == whose


def test_a_trace_of_many_lines_is_one_line_even_if_it_comes_in_pieces(ground: Ground) -> None:
    first, rest = (
        f"PHP Fatal error:  Uncaught Error: gone in {PLUGIN}:7\n",
        f"Stack trace:\n{TRACE}\n  thrown in {PLUGIN} on line 7\n",
    )
    with ground.shipper() as shipper:
        append(ground.php(1), first.encode())
        shipper.round()
        assert ground.kept(1) == []
        append(ground.php(1), rest.encode())
        shipper.round()
        assert ground.kept(1) == []
        append(ground.php(1), b"another thing\n")
        shipper.round()
        assert [line["message"] for line in ground.kept(1)] == ["Uncaught Error: gone"]
        age(ground.php(1))
        while shipper.round():
            pass
    gone, another = ground.kept(1)
    assert gone["fields"]["trace"].startswith(f"#0 {PLUGIN}(7)")
    assert "thrown in" not in gone["fields"]["trace"]
    assert another["message"] == "another thing"


def test_our_json_of_an_exception_has_its_trace_apart(ground: Ground) -> None:
    said = f"Uncaught RuntimeException: the roof in /srv/wordpress/wp-includes/x.php:9\nStack trace:\n{TRACE}\n  thrown"
    (line,) = php_said(
        ground, as_json(kind="fatal", message=said, file="/srv/wordpress/wp-includes/x.php", line=9)
    )
    assert line["message"] == "Uncaught RuntimeException: the roof"
    assert line["fields"]["component"] == "plugin:woo-oven"
    assert line["fields"]["kind"] == "fatal"


@pytest.mark.parametrize(
    ("file", "whose"),
    [
        ("/srv/content/plugins/hello.php", "plugin:hello"),
        ("/srv/content/themes/bakery/functions.php", "theme:bakery"),
        ("/srv/wordpress/wp-content/themes/twentytwentyfive/functions.php", "theme:twentytwentyfive"),
        ("/srv/wordpress/wp-includes/load.php", "core"),
        ("/srv/wordpress/wp-content/mu-plugins/aipress/log.php", "core"),
        ("/var/data/environments/0a1b2c3d4e5f/content/plugins/x/x.php", "plugin:x"),
        ("", ""),
    ],
)
def test_whose_code_it_is_is_read_from_the_path(file: str, whose: str) -> None:
    assert component_of(file) == whose


def test_a_line_is_one_line_of_plain_bounded_text(ground: Ground) -> None:
    wild = "a\x00b\x1b[31m\nc\u2028d" + "é" * 20_000
    (line,) = php_said(
        ground,
        as_json(message=wild, agent="x" * 10_000, odd={"a": 1}, **{"Bad Name": 1}, yes=True, half="\ud800"),
    )
    assert line["message"].startswith("a b [31m c d")
    assert len(line["message"].encode()) <= 8192
    assert len(line["fields"]["agent"]) == 2048
    assert not {"odd", "Bad Name"} & line["fields"].keys()
    assert (line["fields"]["yes"], line["fields"]["half"]) == (True, "?")


def test_a_time_that_can_not_be_is_when_it_was_found(ground: Ground) -> None:
    now = datetime.now(UTC)
    times = [
        (now - timedelta(hours=1)).isoformat(),
        (now + timedelta(days=400)).isoformat(),
        "1970-01-01T00:00:00Z",
        "yesterday",
        1e300,
        None,
    ]
    lines = php_said(ground, *(as_json(message=str(n), time=said) for n, said in enumerate(times)))
    ages = {line["message"]: now.timestamp() - line["time"] / 1e6 for line in lines}
    assert abs(ages.pop("0") - 3600) < 1
    assert all(abs(age) < 60 for age in ages.values())
    assert len({line["id"] for line in lines}) == len(times)


def test_lines_without_end_and_without_sense_stop_nobody(ground: Ground) -> None:
    append(ground.php(1), b"x" * 1_000_000)
    append(
        ground.php(1),
        b'\n\xff\xfe\x00not text\n{"broken": \n' + b"[" * 100_000 + b"\n{" + b'"a":{' * 5000 + b"\n",
    )
    append(
        ground.access,
        b"not json\n[1,2]\n" + visit(1, status="odd", msec="odd", bytes=None) + b'{"host": 5}\n',
    )
    lines = php_said(ground, as_json(message="the last"))
    assert any(line["message"] == "the last" for line in lines)
    assert sum(line["source"] == "access" for line in lines) == 1
