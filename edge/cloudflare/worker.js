/**
 * Cloudflare's Worker before sites that have a domain of their own: it finds the site a host leads to in Workers KV, and passes the
 * visitor on to that site's platform host. WordPress is told the visitor's host, signed: only this Worker has the key, and what one
 * site sees of it is good for no other.
 */

const OURS = ["x-aipress-host", "x-aipress-proof"];
const FOUND_SECONDS = 60;
const MOST_KNOWN = 1000;

export default {
  fetch: (request, env) => passOn(request, env, (...asked) => fetch(...asked)),
};

/** What the visitor is answered. `ask` asks the site; `env` has HOSTS (Workers KV) and SIGNING_KEY (a PKCS8 Ed25519 key, base64). */
export async function passOn(request, env, ask) {
  const address = new URL(request.url);
  const host = address.hostname.toLowerCase().replace(/\.$/, "");
  const site = await env.HOSTS.get(host, { cacheTtl: FOUND_SECONDS });
  if (!site) {
    return new Response("No site has this address.\n", { status: 404, headers: { "Cache-Control": "no-store" } });
  }
  address.protocol = "https:";
  address.hostname = site;
  address.port = "";
  const headers = new Headers(request.headers);
  OURS.forEach((name) => headers.delete(name));
  headers.set("X-AIPress-Host", host);
  headers.set("X-AIPress-Proof", await proofOf(host, site, env.SIGNING_KEY));
  const body = ["GET", "HEAD"].includes(request.method) ? undefined : request.body;
  // Nothing is kept at Cloudflare: what is kept of a site is kept in one place, where it can be forgotten.
  const told = { method: request.method, headers, body, redirect: "manual", cache: "no-store" };
  return ask(new Request(address, body ? { ...told, duplex: "half" } : told));
}

const known = new Map();
const keys = new Map();

/** A signature over both hosts. It is the same every time, so it is made once for each site a Worker meets. */
export async function proofOf(host, site, key) {
  const both = `${host}\n${site}`;
  const name = `${key}\n${both}`;
  if (!known.has(name)) {
    if (known.size >= MOST_KNOWN) known.clear();
    const signature = await crypto.subtle.sign("Ed25519", await signingKey(key), new TextEncoder().encode(both));
    known.set(name, btoa(String.fromCharCode(...new Uint8Array(signature))));
  }
  return known.get(name);
}

async function signingKey(key) {
  if (!keys.has(key)) {
    const bytes = Uint8Array.from(atob(key), (one) => one.charCodeAt(0));
    keys.set(key, await crypto.subtle.importKey("pkcs8", bytes, "Ed25519", false, ["sign"]));
  }
  return keys.get(key);
}
