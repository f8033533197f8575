/** The Worker's own rules, run by node: `node --test edge/cloudflare/worker.test.mjs`. */

import assert from "node:assert/strict";
import { generateKeyPairSync, verify } from "node:crypto";
import { test } from "node:test";

import { passOn, proofOf } from "./worker.js";

const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const KEY = privateKey.export({ type: "pkcs8", format: "der" }).toString("base64");
const SITE = "sunrise-bakery.eu1.aipress.com";
const hosts = new Map([["www.bakery.example", SITE]]);
const env = { HOSTS: { get: async (host) => hosts.get(host) ?? null }, SIGNING_KEY: KEY };

async function passed(address, told = {}) {
  const asked = [];
  const answer = await passOn(new Request(address, told), env, async (request) => {
    asked.push(request);
    return new Response("a page", { status: 301, headers: { Location: "https://www.bakery.example/there/" } });
  });
  return { answer, asked };
}

test("a visitor is passed on to the site's platform host, path and query and all", async () => {
  const { answer, asked } = await passed("http://WWW.bakery.example:8080/menu/?a=1&b=%20");
  assert.equal(asked.length, 1);
  assert.equal(asked[0].url, `https://${SITE}/menu/?a=1&b=%20`);
  assert.equal(asked[0].redirect, "manual");
  assert.equal(asked[0].cache, "no-store");
  assert.equal(answer.status, 301);
  assert.equal(answer.headers.get("location"), "https://www.bakery.example/there/");
});

test("the site is told the visitor's host, and by whom", async () => {
  const { asked } = await passed("https://www.bakery.example/");
  assert.equal(asked[0].headers.get("x-aipress-host"), "www.bakery.example");
  const proof = Buffer.from(asked[0].headers.get("x-aipress-proof"), "base64");
  assert.ok(verify(null, Buffer.from(`www.bakery.example\n${SITE}`), publicKey, proof));
  assert.ok(!verify(null, Buffer.from(`www.bakery.example\nother.eu1.aipress.com`), publicKey, proof));
});

test("what a visitor says of its own host counts for nothing", async () => {
  const headers = { "X-AIPress-Host": "bank.example", "X-AIPress-Proof": "forged", Cookie: "a=1" };
  const { asked } = await passed("https://www.bakery.example/", { headers });
  assert.equal(asked[0].headers.get("x-aipress-host"), "www.bakery.example");
  assert.notEqual(asked[0].headers.get("x-aipress-proof"), "forged");
  assert.equal(asked[0].headers.get("cookie"), "a=1");
});

test("a host that nobody has is nobody's site", async () => {
  const { answer, asked } = await passed("https://other.example/");
  assert.deepEqual(asked, []);
  assert.equal(answer.status, 404);
  assert.equal(answer.headers.get("cache-control"), "no-store");
});

test("what is sent is passed on as it came", async () => {
  const { asked } = await passed("https://www.bakery.example/wp-login.php", { method: "POST", body: "log=ann" });
  assert.equal(asked[0].method, "POST");
  assert.equal(await asked[0].text(), "log=ann");
});

test("a proof is made once, and another for every site and host", async () => {
  const first = await proofOf("a.example", SITE, KEY);
  assert.equal(await proofOf("a.example", SITE, KEY), first);
  assert.notEqual(await proofOf("b.example", SITE, KEY), first);
  assert.notEqual(await proofOf("a.example", "other.eu1.aipress.com", KEY), first);
});
