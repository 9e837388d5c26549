import { DayPage } from "./support/day_page";
import { expect, test } from "./support/fixture";
import { LANGUAGES, type Language, say } from "./support/speech";
import { ask } from "./support/wire";

const DAY = "2026-11-07";

for (const language of LANGUAGES) {
  for (const javaScriptEnabled of [true, false]) {
    test.describe(`${language}, ${javaScriptEnabled ? "with" : "without"} JavaScript`, () => {
      test.use({ javaScriptEnabled });

      for (const [typed, reason] of [
        ["Zoé Zaï", "character"],
        ["a".repeat(26), "long"],
      ] as const) {
        test(`a malformed login is said in the field and kept: ${reason}`, async ({ page, open, watch }) => {
          watch.expectStatus(400, `/${language}/search`);
          watch.expectStatus(400, "/api/search");
          await open(`/${language}`);
          const field = page.getByLabel(say(language, "frame.find.label"));
          await field.fill(typed);
          await field.press("Enter");
          await expect(page.getByText(say(language, `errors.login.${reason}`))).toBeVisible();
          await expect(field).toHaveValue(typed);
          await expect(field).toHaveAttribute("aria-invalid", "true");
          await expect(field).toHaveAccessibleDescription(new RegExp(escaped(say(language, `errors.login.${reason}`))));
          expect(new URL(page.url()).searchParams.get("q")).toBe(typed);
        });
      }

      test("an unknown login is not found, and searching goes on from there", async ({ page, open, watch }) => {
        watch.expectStatus(404, `/${language}/viewer/_never_seen`);
        const response = await open(`/${language}/viewer/_never_seen`);
        expect(response.status()).toBe(404);
        await expect(page.getByRole("heading", { level: 1 })).toHaveText(say(language, "errors.found.h"));
        await page.getByLabel(say(language, "frame.find.label")).fill("_noctule");
        await page.getByRole("button", { name: say(language, "frame.find.button") }).click();
        await expect(page.getByRole("heading", { level: 1 })).toHaveText("_noctule");
      });
    });
  }

  test(`a malformed login in an address is 400 and said, in ${language}`, async ({ page, open, watch }) => {
    watch.expectStatus(400, `/${language}/viewer/`);
    expect((await open(`/${language}/viewer/n%C3%A9e`)).status()).toBe(400);
    await expect(page.getByText(say(language, "errors.login.character"))).toBeVisible();
    await expect(page.getByLabel(say(language, "frame.find.label"))).toHaveAttribute("aria-invalid", "true");
  });
}

for (const [what, query, key] of [
  ["an impossible day", "day=2026-02-30", "day.fallback.day"],
  ["no day at all", "day=%3Cscript%3E", "day.fallback.day"],
  ["a day to come", "day=2027-01-01", "day.fallback.future"],
  ["an unknown zone", `day=${DAY}&tz=Europe/Lyon`, "day.fallback.zone"],
  ["no zone at all", `day=${DAY}&tz=%2e%2e/%2e%2e/etc/passwd`, "day.fallback.zone"],
] as const) {
  for (const [language, path] of [
    ["fr", "viewer/_noctule"],
    ["en", "channel/_radio_minuit"],
  ] as const) {
    test(`${what} falls back and says so: ${path}`, async ({ page, open }) => {
      expect((await open(`/${language}/${path}?${query}`)).status()).toBe(200);
      await expect(page.getByText(say(language, key))).toBeVisible();
      await expect(new DayPage(page, language).zone).toHaveValue("Europe/Paris");
    });
  }
}

test("an unknown language and an unknown page are not found", async ({ page, open, watch }) => {
  for (const path of ["/de", "/de/viewer/_noctule", "/fr/nothing", "/fr/viewer", "/fr/channel/_nobody", "/wp-login.php"]) {
    watch.expectStatus(404, path);
    expect((await open(path)).status(), path).toBe(404);
    const language: Language = path.startsWith("/fr") ? "fr" : ((await page.locator("html").getAttribute("lang")) as Language);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(say(language, "errors.found.h"));
  }
});

test("a malformed cookie is no harm", async ({ baseURL }) => {
  for (const cookie of ["theme=<script>", "theme=dark=light", ";;;=", `theme=${"x".repeat(2_000)}`, "\u00e9=\u00e9"]) {
    const answer = await ask(`${baseURL}/fr/viewer/_noctule`, { headers: { cookie } });
    expect(answer.status, cookie).toBe(200);
    expect(answer.body.toString()).not.toContain("data-theme=");
  }
});

test("an oversized address is 414", async ({ baseURL }) => {
  for (const path of ["/fr/viewer/_noctule?day=", "/fr/search?q=", "/api/search?q=", "/nothing?", "/fr/"]) {
    expect((await ask(`${baseURL}${path}${"a".repeat(3_000)}`)).status, path).toBe(414);
  }
});

test("server functions refuse what no page sends", async ({ baseURL }) => {
  for (const call of [
    "viewer_day",
    "viewer_day?login=",
    "viewer_day?login=N%C3%A9e",
    `viewer_day?login=${"a".repeat(26)}`,
    "viewer_day?login=_noctule&day=2026-02-30",
    "viewer_day?login=_noctule&day=%00",
    "viewer_day?login=_noctule&tz=%3Cb%3E",
    "viewer_day?login[]=_noctule",
    "channel_day",
    "channel_day?login=%FF%FE",
    "channel_day?login=_radio_minuit&day=yesterday",
    "search",
    "search?q=",
    "search?q=N%C3%A9e",
  ]) {
    const answer = await ask(`${baseURL}/api/${call}`);
    expect(answer.status, call).toBe(400);
    expect(answer.headers["cache-control"], call).toMatch(/no-store/);
    expect(answer.body.toString(), call).not.toMatch(/panicked|\.rs|sqlite|SELECT/i);
  }
  expect((await ask(`${baseURL}/api/viewer_day?login=_never_seen`)).status).toBe(404);
  expect((await ask(`${baseURL}/api/viewer_day?login=_noctule&tz=Europe/Lyon`)).status).toBe(200);
  expect((await ask(`${baseURL}/api/viewer_day`, { method: "POST", body: "login=_noctule" })).status).toBe(405);
  expect((await ask(`${baseURL}/api/nothing`)).status).toBe(404);
});

test("the theme's form takes only themes and leads only to this site", async ({ baseURL }) => {
  const post = (body: string) =>
    ask(`${baseURL}/theme`, { method: "POST", body, headers: { "content-type": "application/x-www-form-urlencoded" } });
  expect((await post("theme=purple")).status).toBe(400);
  expect([400, 422]).toContain((await post("nothing")).status);
  expect((await post(`theme=dark&back=${"a".repeat(10_000)}`)).status).toBe(413);
  for (const back of ["https://example.org/", "//example.org/", "/\\example.org", "javascript:alert(1)", "/%0d%0aa: b"]) {
    const answer = await post(`theme=dark&back=${encodeURIComponent(back)}`);
    expect(answer.status).toBe(303);
    expect(new URL(answer.headers.location!, baseURL).origin, back).toBe(new URL(baseURL!).origin);
  }
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
