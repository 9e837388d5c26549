import { AxeBuilder } from "@axe-core/playwright";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { edge, forgotten, hourDays, inHours, whole } from "../older";
import { DayPage, minutes } from "./support/day_page";
import { expect, test } from "./support/fixture";
import { LANGUAGES, LOCALES, say } from "./support/speech";

// The world of which not everything is kept any more.
test.use({ baseURL: `http://127.0.0.1:${process.env.VIGIE_OLD_PORT}` });

const LOGIN = "_noctule";

for (const language of LANGUAGES) {
  for (const javaScriptEnabled of [true, false]) {
    test.describe(`${language}, ${javaScriptEnabled ? "with" : "without"} JavaScript`, () => {
      test.use({ javaScriptEnabled, locale: LOCALES[language] });

      test("from whole days back to hours, to what is gone, and forward again", async ({ page, open }, info) => {
        const shot = (name: string) =>
          page.screenshot({ path: join(info.project.outputDir, "shots", `older-${name}-${info.project.name}-${language}-${javaScriptEnabled}.png`), fullPage: true });
        await open(`/${language}/viewer/${LOGIN}?day=${whole}`);
        const viewer = new DayPage(page, language);
        await viewer.shows(whole);
        await expect(page.getByText(say(language, "viewer.kept.hours"))).toHaveCount(0);

        // A local day across the edge of a month has both.
        await viewer.previous.click();
        await viewer.shows(edge);
        await shot("edge");

        await viewer.date.fill(inHours);
        await viewer.show.click();
        await viewer.shows(inHours);
        await expect(page.getByText(say(language, "viewer.kept.hours"))).toBeVisible();
        const table = await viewer.openTable();
        const present = await table.locator("tbody tr td:nth-child(3)").allTextContents();
        expect(present.length).toBe(24);
        const total = present.map(minutes).reduce((sum, each) => sum + each, 0);
        expect(minutes((await viewer.heading.textContent())!)).toBe(total);
        await shot("hours");
        // By channel there are whole days of universal time.
        const chats = page.getByRole("table", { name: say(language, "viewer.by_hour.caption_days") });
        await expect(chats.getByRole("link").first()).toHaveAttribute("href", new RegExp(`^/${language}/channel/_`));

        const download = page.waitForEvent("download");
        await page.locator("#day").getByRole("link", { name: "CSV" }).click();
        const file = await download;
        expect(file.suggestedFilename()).toBe(`vigie-${LOGIN}-${inHours}-hours.csv`);
        const rows = readFileSync(await file.path(), "utf8").trim().split("\r\n").slice(1);
        expect(rows.map((row) => Number(row.split(",")[2])).reduce((sum, each) => sum + each, 0)).toBe(total);

        // In the place of a day from before the first another is shown, and that is said.
        await viewer.date.fill("2000-01-01");
        await viewer.show.click();
        await expect(page.getByText(say(language, "day.fallback.past"))).toBeVisible();
        await viewer.date.fill(forgotten);
        await viewer.show.click();
        await expect(viewer.heading).toHaveText(say(language, "viewer.h_gone"));
        // Thousands are set apart, in each language by another sign.
        const days = String(hourDays()).replace(/\B(?=(\d{3})+$)/g, "\\D?");
        await expect(page.getByText(new RegExp(`${say(language, "viewer.kept.until")} ${days}`))).toBeVisible();
        await expect(page.getByText(say(language, "day.partly"))).toHaveCount(0);
        await expect(page.getByText(say(language, "viewer.gone"))).toBeVisible();
        await shot("gone");
        // The way back is a day of which something is kept.
        await viewer.next.click();
        await expect(viewer.heading).not.toHaveText(say(language, "viewer.h_gone"));
        await expect(page.locator("#day figure").first()).toBeVisible();
      });

      test("a channel's old days are whole", async ({ page, open }) => {
        for (const day of [forgotten, inHours, whole]) {
          await open(`/${language}/channel/_radio_minuit?day=${day}`);
          await expect(page.locator("#day figure")).toHaveCount(2);
          await expect(page.getByText(say(language, "viewer.kept.hours"))).toHaveCount(0);
        }
      });
    });
  }
}

test("the browser reads hours as the server does, to the byte", async ({ page, open }) => {
  await open(`/en/viewer/${LOGIN}?day=${edge}`);
  const viewer = new DayPage(page, "en");
  await viewer.date.fill(inHours);
  await viewer.show.click();
  await viewer.shows(inHours);
  const drawn = await viewer.drawn();
  expect(drawn.length).toBeGreaterThan(3);
  await page.reload();
  await viewer.shows(inHours);
  expect(await viewer.drawn()).toEqual(drawn);
});

test("hours are read with the arrows", async ({ page, open }) => {
  await open(`/en/viewer/${LOGIN}?day=${inHours}`);
  const plot = page.locator("#day .plot").first();
  await plot.focus();
  await page.keyboard.press("Home");
  await expect(plot.locator(".tip")).toHaveText(/^00:00 to 01:00: .* in chats/);
  await page.keyboard.press("End");
  await expect(plot.locator(".tip")).toHaveText(/^23:00 to 24:00: .* in chats/);
});

for (const day of [inHours, edge, forgotten]) {
  test(`axe finds nothing on ${day}, and it fits the narrowest phone`, async ({ page, open }) => {
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    await page.setViewportSize({ width: 320, height: 640 });
    await open(`/fr/viewer/${LOGIN}?day=${day}`);
    for (const details of await page.locator("details").all()) await details.evaluate((it) => it.setAttribute("open", ""));
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`))).toEqual([]);
    }
  });
}
