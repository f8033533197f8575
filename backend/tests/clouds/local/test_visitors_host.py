"""Own domains' visitors whom Cloudflare's Worker passes on: what the Worker signs, PHP believes, and nothing else."""

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.clouds.local import rig
from tests.clouds.local.environment import Parts, Site

ROOT = Path(__file__).parents[4]
WORKER = ROOT / "edge/cloudflare"
SITE, HOST = "sunrise-bakery.eu1.aipress.com", "www.bakery.example"
SIGNED = """
import { generateKeyPairSync } from "node:crypto";
import { proofOf } from "./worker.js";
const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const key = privateKey.export({ type: "pkcs8", format: "der" }).toString("base64");
const proofs = Object.fromEntries(await Promise.all(SITES.map(async (site) => [site, await proofOf(HOST, site, key)])));
const told = { proofs, key: publicKey.export({ type: "spki", format: "der" }).subarray(-32).toString("base64") };
console.log(JSON.stringify(told));
"""
ASKED = """
require $argv[1];
foreach ( json_decode( $argv[2], true ) as [ $request, $key ] ) { $found[] = AIPress\\visitors_host( $request, $key ); }
echo json_encode( $found );
"""


def node(*arguments: str) -> str:
    program = shutil.which("node")
    assert program, "the front end needs node as well"
    asked = [program, *arguments]
    done = subprocess.run(asked, check=False, capture_output=True, text=True, cwd=WORKER, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@dataclass(frozen=True)
class Signed:
    """What a Worker with a key of its own signs for each site, and the public half."""

    proofs: dict[str, str]
    key: str


def by_worker(*sites: str) -> Signed:
    script = SIGNED.replace("HOST", json.dumps(HOST)).replace("SITES", json.dumps(sites))
    return Signed(**json.loads(node("--input-type=module", "--eval", script)))


@pytest.fixture(scope="module")
def signed() -> Signed:
    return by_worker(SITE)


def hosts(version: str, *cases: tuple[dict[str, str], str]) -> list[str]:
    """What PHP takes for the visitor's host, in each case."""
    file = ROOT / "wordpress/mu-plugins/aipress/visitors-host.php"
    php = [f"/usr/bin/php{version}", "-n", "-r", ASKED, str(file), json.dumps(cases)]
    found: list[str] = json.loads(subprocess.run(php, capture_output=True, text=True, check=True).stdout)
    return found


def request(proof: str, host: str = HOST, asked: str = SITE) -> dict[str, str]:
    return {"HTTP_HOST": asked, "HTTP_X_AIPRESS_HOST": host, "HTTP_X_AIPRESS_PROOF": proof}


def test_the_worker_keeps_its_rules() -> None:
    assert "# fail 0" in node("--test", "--test-reporter=tap", "worker.test.mjs")


def test_what_the_worker_signs_is_believed(version: str, signed: Signed) -> None:
    assert hosts(version, (request(signed.proofs[SITE]), signed.key)) == [HOST]


def test_nothing_else_is(version: str, signed: Signed) -> None:
    proof, key, other = signed.proofs[SITE], signed.key, "other.eu1.aipress.com"
    assert hosts(
        version,
        (request(proof), ""),
        (request(proof), "A" * 43 + "="),
        (request(proof), "no key"),
        (request(proof, host="bank.example"), key),
        (request(proof, asked=other), key),
        (request(""), key),
        (request("!" + proof), key),
        ({"HTTP_HOST": SITE}, key),
        ({}, key),
    ) == [SITE, SITE, SITE, SITE, other, SITE, SITE, SITE, ""]


@rig.needs_root
def test_wordpress_answers_under_the_host_that_the_worker_passed_on(parts: Parts) -> None:
    site = Site(parts)
    signed = by_worker(own := site.url.partition("//")[2])
    site.variables["AIPRESS_FRONT_KEY"] = signed.key
    site.make()
    passed_on = {"X-AIPress-Host": HOST, "X-AIPress-Proof": signed.proofs[own], "Cookie": "aipress_visit=1"}
    forged = {**passed_on, "X-AIPress-Proof": "A" * 86 + "=="}
    with site.php(), rig.visitor(parts.edge, site.host) as visitor:
        shown = {
            name: visitor.get("/", headers=said) for name, said in (("true", passed_on), ("forged", forged))
        }
    site.remove()
    heads = {name: page.text.partition("</head>")[0] for name, page in shown.items()}
    assert {page.status_code for page in shown.values()} == {200}
    assert (f"//{HOST}/" in heads["true"], site.host in heads["true"]) == (True, False)
    assert (f"//{HOST}/" in heads["forged"], site.host in heads["forged"]) == (False, True)
