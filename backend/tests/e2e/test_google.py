"""The same first hour on Google Cloud, simulated: every site a container of our image, and nothing left of it in the end.

The simulator runs a real MariaDB, a real Redis and the real image; what it is asked is what Google would be asked.
"""

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from gcpsim.machines import podman
from tests import figures
from tests.e2e import moving
from tests.e2e.behind_google import at_google, containers, environment, things, told, uploaded
from tests.e2e.owning import nonce, png, publish, signed_in
from tests.e2e.platform import Platform, wait_for
from tests.fakes.name_server import NameServer, name_server

PORT = 18090
TOOLS = ("buildah", "podman", "runc", "mmdebstrap")
BILLED = {"Cloud Run", "Secret Manager"}
OWN_DOMAIN = "www.sunrise-bakery.example"
KEPT = "/wp-includes/css/dist/block-library/style.min.css"
CODE = "require '/srv/wordpress/wp-load.php'; echo SONG;"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.root,
    pytest.mark.timeout(1200),
    pytest.mark.skipif(os.geteuid() != 0, reason="needs root: it runs containers"),
    pytest.mark.skipif(not all(map(shutil.which, TOOLS)), reason=f"needs {', '.join(TOOLS)}"),
]


@pytest.fixture(scope="module")
def names() -> Iterator[NameServer]:
    """What the DNS says of domains."""
    with name_server() as made:
        yield made


@pytest.fixture(scope="module")
def google(names: NameServer) -> Iterator[Platform]:
    """A platform with its sites on the simulator; podman builds their image first where this code's is missing.

    AIPRESS_TEST_GOOGLE names one that is up already, for quick rounds.
    """
    if running := os.environ.get("AIPRESS_TEST_GOOGLE"):
        yield Platform(Path(running), int(os.environ.get("AIPRESS_TEST_PORT", PORT)))
        return
    if why := podman.why_not():
        pytest.skip(f"podman can't run here: {why}")
    data = Path(tempfile.mkdtemp(prefix="aipress-g-", dir="/var/tmp"))
    platform = Platform(data, PORT, {"AIPRESS_CLOUD": "gcp", "AIPRESS_NAME_SERVER": names.address})
    try:
        said = platform.aipress("up", "--gcp-sim", "--detach", "--yes").stdout
        assert "SIMULATED on this machine" in said
        yield platform
    finally:
        platform.aipress("down", check=False)
        shutil.rmtree(data, ignore_errors=True)


def test_a_site_lives_and_goes_and_nothing_is_left(google: Platform, names: NameServer) -> None:
    before = things(google)
    create_by_chat(google)
    post, image = publish_with_a_picture(google)
    look_at_lines_and_figures(google, post)
    give_it_a_secret(google)
    forget_its_pages(google)
    keep_media_in_the_bucket(google, image)
    let_it_have_a_domain(google, names)
    find_all_of_it_again_after_down_and_up(google, post, image)
    look_at_the_bill(google)
    delete_by_plan(google)
    assert things(google) == before
    assert google.leaks() == []


def test_a_site_moves_from_this_machine_to_google_and_back(google: Platform) -> None:
    """With all it has, while somebody visits it all the time; nothing is left where it was."""
    before = things(google)
    had = moving.furnish(google)
    moving.check_all_there(google, had, "local")
    moving.move(google, "gcp", had)
    moving.check_all_there(google, had, "gcp")
    assert moving.nothing_is_left_on_this_machine(google)
    moving.move(google, "local", had)
    moving.check_all_there(google, had, "local")
    assert things(google) == before
    google.remove(had.slug)
    assert google.leaks() == []


def test_the_simulator_says_that_it_is_one(google: Platform) -> None:
    found = json.loads(google.aipress("status", "--json").stdout)
    assert found["cloud"]["name"] == "gcp"
    assert "SIMULATED" in found["cloud"]["in_words"]
    assert {"gcpsim", "control", "nginx"} <= {service["name"] for service in found["services"]}
    looked = json.loads(google.aipress("doctor", "--json").stdout)["findings"]
    assert [one for one in looked if one["state"] == "wrong"] == []
    assert "SIMULATED" in next(one["said"] for one in looked if one["what"] == "cloud")


def create_by_chat(google: Platform) -> None:
    began = time.monotonic()
    said = google.aipress("chat", "create a site called Sunrise Bakery").stdout
    figures.keep("google", create_seconds=round(time.monotonic() - began, 1))
    assert f"http://sunrise-bakery.localhost:{google.port}" in said
    page = google.visit("sunrise-bakery")
    assert (page.status_code, "<title>Sunrise Bakery</title>" in page.text) == (200, True)
    assert containers(google), "a container answers"


def publish_with_a_picture(google: Platform) -> tuple[str, str]:
    picture = png()
    with signed_in(google, "sunrise-bakery") as owner:
        post, image = publish(owner, picture)
    assert "Warm at seven." in google.visit("sunrise-bakery", post).text
    seen = google.visit("sunrise-bakery", image)
    assert (seen.status_code, seen.content) == (200, picture)
    bucket = f"aipress-sim-w{environment(google)}"
    objects = at_google(google, f"/storage/storage/v1/b/{bucket}/o")["items"]
    assert [one["name"] for one in objects if one["name"].endswith(Path(image).name)], objects
    return post, image


def look_at_lines_and_figures(google: Platform, post: str) -> None:
    google.visit("sunrise-bakery", post)

    def line() -> list[Any]:
        found = told(google, "/tenants/sunrise-bakery/logs", limit="200")["items"]
        return [one for one in found if post in json.dumps(one)]

    assert wait_for(line, 60, "a line of the visit", pause=1.0)

    def run() -> bool:
        found = told(google, "/tenants/sunrise-bakery/logs", source="cron", limit="50")["items"]
        return any("cron done" in json.dumps(one) for one in found)

    assert wait_for(run, 60, "a run of its cron", pause=1.0)

    def requests() -> float:
        items = told(google, "/tenants/sunrise-bakery/metrics", metric="requests")["items"]
        return sum(value or 0 for one in items for _, value in one["points"])

    assert wait_for(requests, 180, "figures of the visits", pause=2.0) >= 2


def look_at_the_bill(google: Platform) -> None:
    """The simulator bills what is over, to the minute; the control plane asks for it as it would ask BigQuery."""

    def bill() -> Any:
        at_google(google, "/_gcpsim/bill", {})
        with google.operator(timeout=60) as client:
            client.post("/api/billing/counts")
        bills = told(google, "/tenants/sunrise-bakery/billing")["bills"]
        return bills[0] if bills and {one["service"] for one in bills[0]["by_service"]} >= BILLED else None

    found = wait_for(bill, 150, "a bill", pause=3.0)
    assert Decimal(found["month_to_date"]) == sum(Decimal(one["amount"]) for one in found["by_service"]) > 0


def give_it_a_secret(google: Platform) -> None:
    with google.operator(timeout=60) as client:
        answer = client.put("/api/tenants/sunrise-bakery/secrets/SONG", json={"value": "la la"})
        assert answer.status_code in (200, 201), answer.text
    assert google.visit("sunrise-bakery").status_code == 200

    def heard() -> bool:
        """By whoever answers; one of the revision before may end while it is asked."""
        asked = [("podman", "exec", one, "php", "-r", CODE) for one in containers(google)]
        answers = [
            subprocess.run(one, check=False, capture_output=True, text=True, timeout=60) for one in asked
        ]
        return {one.stdout for one in answers if one.returncode == 0} == {"la la"}

    assert wait_for(heard, 30, "PHP that has the secret", pause=0.5)


def forget_its_pages(google: Platform) -> None:
    """What the load balancer's cache keeps is fetched anew after a purge."""

    def age() -> str:
        answer = google.visit("sunrise-bakery", KEPT)
        assert answer.status_code == 200
        return str(answer.headers.get("age", ""))

    wait_for(age, 30, "something kept", pause=0.5)
    google.aipress("sites", "purge", "sunrise-bakery")
    assert age() == ""
    assert age() != ""


def keep_media_in_the_bucket(google: Platform, image: str) -> None:
    """The site is changed; what was uploaded before stays, and what comes now is written, read and deleted by signed URLs alone."""
    said = google.aipress(
        "sites", "change", "sunrise-bakery", "--media", "bucket", "--min-instances", "1"
    ).stdout
    assert "media bucket" in said
    with signed_in(google, "sunrise-bakery") as owner:
        headers, kind = {"X-WP-Nonce": nonce(owner)}, {"Content-Type": "image/png"}
        kind["Content-Disposition"] = 'attachment; filename="rolls.png"'
        picture = png()
        made = (
            owner.post("/wp-json/wp/v2/media", content=picture, headers=headers | kind)
            .raise_for_status()
            .json()
        )
        rolls = httpx.URL(made["source_url"]).path
        assert uploaded(google) >= {Path(image).name, Path(rolls).name}
        for path, is_it in ((rolls, picture), (image, None)):
            sent_on = google.visit("sunrise-bakery", path)
            assert (sent_on.status_code, "X-Goog-Signature=" in sent_on.headers["location"]) == (302, True)
            read = httpx.get(sent_on.headers["location"], trust_env=False)
            assert (read.status_code, read.content == is_it or is_it is None) == (200, True)
        owner.delete(f"/wp-json/wp/v2/media/{made['id']}?force=true", headers=headers).raise_for_status()
    assert Path(rolls).name not in uploaded(google)
    google.aipress("sites", "change", "sunrise-bakery", "--media", "disk", "--min-instances", "0")
    google.aipress("sites", "purge", "sunrise-bakery")  # where it was sent on to is kept for an hour
    assert google.visit("sunrise-bakery", image).status_code == 200


def let_it_have_a_domain(google: Platform, names: NameServer) -> None:
    """Proved by its record, certified, and a way of its own in the simulator's load balancer."""
    path = "/api/tenants/sunrise-bakery/domains"
    with google.operator(timeout=60) as client:
        proof = client.post(path, json={"domain": OWN_DOMAIN}).raise_for_status().json()["records"][0]
        names.put(proof["name"], proof["kind"], proof["value"])
        names.put(OWN_DOMAIN, "A", "127.0.0.1")
        assert at_domain(google).status_code == 404
        client.post(f"{path}/{OWN_DOMAIN}/verification").raise_for_status()
        domain = client.get(f"{path}/{OWN_DOMAIN}").raise_for_status().json()
    assert (domain["certificate"], proof["purpose"]) == ("active", "proof"), domain
    page = wait_for(
        lambda: (seen := at_domain(google)).status_code == 200 and seen, 30, "a page of the domain"
    )
    assert "Sunrise Bakery" in page.text


def at_domain(google: Platform) -> httpx.Response:
    """What a visitor of its own domain is shown; without its port, as at Google."""
    return httpx.get(f"http://127.0.0.1:{google.port}/", headers={"Host": OWN_DOMAIN}, timeout=60)


def find_all_of_it_again_after_down_and_up(google: Platform, post: str, image: str) -> None:
    google.down()
    assert containers(google) == []
    google.up()
    assert "Warm at seven." in google.visit("sunrise-bakery", post).text
    assert google.visit("sunrise-bakery", image).status_code == 200
    assert "Sunrise Bakery" in at_domain(google).text


def delete_by_plan(google: Platform) -> None:
    token = google.aipress("token", "--email", "admin@localhost").stdout.strip()
    headers = {"Authorization": f"Bearer {token}", "Host": f"localhost:{google.port}"}
    wish = {"action": "DELETE_SITE", "arguments": {"tenant": "sunrise-bakery"}}
    with httpx.Client(base_url=f"http://127.0.0.1:{google.port}", headers=headers, timeout=60) as person:
        plan = person.post("/api/plans", json=wish).raise_for_status().json()
        assert google.visit("sunrise-bakery").status_code == 200
        yes = {"hash": plan["hash"], "typed_name": plan["typed_name"]}
        answer = person.post(f"/api/plans/{plan['id']}/confirmation", json=yes)
        assert answer.status_code == 202, answer.text
    assert google.ended(answer.json()["id"], 180)["state"] == "succeeded"
    assert (google.visit("sunrise-bakery").status_code, at_domain(google).status_code) == (404, 404)
    wait_for(lambda: not containers(google), 30, "its containers to be gone")
