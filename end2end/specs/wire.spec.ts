import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { expect, test } from "./support/fixture";
import { PAGES, address } from "./support/pages";
import { ask } from "./support/wire";

test("every page carries its policy and the headers of defence", async ({ baseURL }) => {
  for (const page of PAGES) {
    const { status, headers, body } = await ask(`${baseURL}${address(page, "fr")}`);
    expect(status, page.name).toBe(page.status);
    const policy = headers["content-security-policy"] ?? "";
    expect(policy, page.name).toContain("default-src 'none'");
    expect(policy, page.name).not.toMatch(/'unsafe-inline'|'unsafe-eval'|'unsafe-hashes'|\*|https?:|data:/);
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1];
    expect(nonce, page.name).toBeTruthy();
    const html = body.toString();
    for (const [script] of html.matchAll(/<script[^>]*>/g)) expect(script, page.name).toContain(`nonce="${nonce}"`);
    expect(html, page.name).not.toMatch(/ on[a-z]+="/);
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["x-frame-options"]).toBe("DENY");
    expect(headers["referrer-policy"]).toMatch(/same-origin|no-referrer/);
    expect(headers["cross-origin-opener-policy"]).toBe("same-origin");
    expect(headers["x-request-id"]).toBeTruthy();
    expect(headers["set-cookie"], page.name).toBeUndefined();
  }
});

test("a nonce is used once", async ({ baseURL }) => {
  const nonce = async () => /'nonce-([^']+)'/.exec((await ask(`${baseURL}/fr`)).headers["content-security-policy"] ?? "")?.[1];
  expect(await nonce()).not.toBe(await nonce());
});

test("what is about a viewer is neither kept nor indexed, found or not", async ({ baseURL }) => {
  for (const path of [
    "/fr/viewer/_noctule",
    "/en/viewer/_noctule?day=2026-11-07",
    "/fr/viewer/_never_seen",
    "/fr/viewer/_noctule/habits",
    "/api/viewer_habits?login=_noctule&holidays=true",
    "/fr/viewer/_noctule/trace",
    "/api/viewer_trace?login=_noctule&nights=false&split=false&hours=false",
    "/api/viewer_day?login=_noctule",
    "/api/viewer_day?login=_never_seen",
  ]) {
    const { headers, body } = await ask(`${baseURL}${path}`);
    expect(headers["cache-control"], path).toMatch(/\bno-store\b/);
    expect(headers["cache-control"], path).not.toMatch(/public/);
    expect(headers["x-robots-tag"], path).toContain("noindex");
    if (!path.startsWith("/api/")) expect(body.toString(), path).toMatch(/<meta[^>]*name="robots"[^>]*noindex/);
  }
});

test("public pages may be indexed", async ({ baseURL }) => {
  for (const path of ["/fr", "/en/about", "/fr/channel/_radio_minuit"]) {
    const { headers, body } = await ask(`${baseURL}${path}`);
    expect(headers["x-robots-tag"], path).toBeUndefined();
    expect(body.toString(), path).not.toContain("noindex");
    expect(body.toString(), path).toMatch(/<meta[^>]*name="description"/);
  }
});

test("the files of the site are kept for good and come compressed", async ({ baseURL }) => {
  const html = (await ask(`${baseURL}/fr`)).body.toString();
  const files = new Set([...html.matchAll(/\/pkg\/[\w.-]+/g)].map(([file]) => file));
  expect([...files].map((file) => file.split(".").at(-1)).sort()).toEqual(["css", "js", "wasm", "woff2", "woff2"]);
  for (const file of files) {
    expect(file).toMatch(/\.[0-9a-f]{8,}\.\w+$/);
    const plain = await ask(`${baseURL}${file}`);
    expect(plain.status, file).toBe(200);
    expect(plain.headers["cache-control"], file).toContain("immutable");
    if (file.endsWith(".woff2")) continue;
    for (const [encoding, decode] of [["br", brotliDecompressSync], ["gzip", gunzipSync]] as const) {
      const answer = await ask(`${baseURL}${file}`, { headers: { "accept-encoding": encoding } });
      expect(answer.headers["content-encoding"], file).toBe(encoding);
      expect(answer.headers.vary, file).toMatch(/accept-encoding/i);
      expect(decode(answer.body).equals(plain.body), file).toBe(true);
    }
    expect(plain.headers["content-encoding"], file).toBeUndefined();
  }
  expect((await ask(`${baseURL}/pkg/vigie.0000000000.js`)).status).toBe(404);
  expect((await ask(`${baseURL}/pkg/..%2f..%2fCargo.toml`)).status).toBe(404);
});

test("pages come compressed too", async ({ baseURL }) => {
  const answer = await ask(`${baseURL}/fr/viewer/_noctule`, { headers: { "accept-encoding": "gzip, br" } });
  expect(answer.headers["content-encoding"]).toBe("br");
  expect(answer.headers.vary).toMatch(/accept-encoding/i);
  expect(brotliDecompressSync(answer.body).toString()).toContain("</html>");
});

test("the root and the short search lead to the visitor's language", async ({ baseURL }) => {
  for (const [accepted, language] of [["en-GB,en;q=0.9,fr;q=0.8", "en"], ["fr", "fr"], ["de", "fr"], ["", "fr"]]) {
    for (const [path, target] of [["/", ""], ["/search?q=_noctule", "/search?q=_noctule"]]) {
      const answer = await ask(`${baseURL}${path}`, { headers: { "accept-language": accepted! } });
      expect([302, 303, 307]).toContain(answer.status);
      expect(answer.headers.location).toBe(`/${language}${target}`);
      expect(answer.headers.vary).toMatch(/accept-language/i);
    }
  }
});

test("a search without JavaScript leads on with 303", async ({ baseURL }) => {
  for (const [q, path] of [["@_Noctule", "viewer/_noctule"], ["_radio_minuit", "channel/_radio_minuit"]]) {
    const answer = await ask(`${baseURL}/fr/search?q=${encodeURIComponent(q!)}`);
    expect(answer.status).toBe(303);
    expect(answer.headers.location).toBe(`/fr/${path}`);
  }
});

test("machines are told how it is", async ({ baseURL }) => {
  for (const path of ["/healthz", "/readyz"]) {
    const answer = await ask(`${baseURL}${path}`);
    expect(answer.status, path).toBe(200);
    expect(answer.headers["cache-control"], path).toBe("no-store");
    expect(answer.headers["content-type"], path).toContain("text/plain");
  }
  const robots = await ask(`${baseURL}/robots.txt`);
  expect(robots.status).toBe(200);
  expect(robots.body.toString()).toMatch(/viewer/);
  for (const [icon, type] of [["favicon.svg", /svg/], ["favicon.ico", /icon/], ["apple-touch-icon.png", /png/]] as const) {
    const answer = await ask(`${baseURL}/${icon}`);
    expect(answer.status, icon).toBe(200);
    expect(answer.headers["content-type"], icon).toMatch(type);
  }
});
