"""Own domains' visitors whom Cloudflare's Worker passes on: what the Worker signs, PHP believes, and nothing else."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[4]
WORKER = ROOT / "edge/cloudflare"
SITE, HOST = "sunrise-bakery.eu1.aipress.com", "www.bakery.example"
SIGNED = """
import { generateKeyPairSync } from "node:crypto";
import { proofOf } from "./worker.js";
const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const key = privateKey.export({ type: "pkcs8", format: "der" }).toString("base64");
const told = { proof: await proofOf(HOST, SITE, key), key: publicKey.export({ type: "spki", format: "der" }).subarray(-32).toString("base64") };
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


@pytest.fixture(scope="module")
def signed() -> dict[str, str]:
    """What a Worker with a key of its own signs, and the public half."""
    script = SIGNED.replace("HOST", json.dumps(HOST)).replace("SITE", json.dumps(SITE))
    told: dict[str, str] = json.loads(node("--input-type=module", "--eval", script))
    return told


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


def test_what_the_worker_signs_is_believed(version: str, signed: dict[str, str]) -> None:
    assert hosts(version, (request(signed["proof"]), signed["key"])) == [HOST]


def test_nothing_else_is(version: str, signed: dict[str, str]) -> None:
    proof, key, other = signed["proof"], signed["key"], "other.eu1.aipress.com"
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
