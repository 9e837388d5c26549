import { AxeBuilder } from "@axe-core/playwright";
import type { Locator, Page } from "@playwright/test";
import { DayPage } from "./support/day_page";
import { expect, test } from "./support/fixture";
import { PAGES, address } from "./support/pages";
import { say } from "./support/speech";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];

PAGES.forEach((kind, index) => {
  test(`axe finds nothing on ${kind.name}, in both themes`, async ({ page, open, watch }, info) => {
    // Rules and colours are of no language: each page is looked at in either, one on each size.
    const language = (index % 2 === 0) === (info.project.name === "desktop") ? "fr" : "en";
    if (kind.status >= 400) watch.expectStatus(kind.status, address(kind, language));
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    await open(address(kind, language));
    await openAll(page);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
      const found = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} (${node.failureSummary})`));
      expect(found, `${kind.name}, ${language}, ${colorScheme}`).toEqual([]);
    }
  });
});

test("the keyboard skips to the content", async ({ page, open }) => {
  await open("/fr/viewer/_noctule?day=2026-11-07");
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: say("fr", "frame.skip") });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport({ ratio: 1 });
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/#main$/);
  await page.keyboard.press("Tab");
  await expect(page.locator("main :focus")).toHaveCount(1);
});

test("the keyboard reaches the search, visibly all the way", async ({ page, open }) => {
  await open("/en");
  const field = page.getByLabel(say("en", "frame.find.label"));
  await tabTo(page, field);
  await page.keyboard.type("_noctule");
  await tabTo(page, page.getByRole("button", { name: say("en", "frame.find.button") }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("_noctule");
});

test("the keyboard reaches the day's controls and its table, visibly all the way", async ({ page, open }) => {
  await open("/en/viewer/_noctule?day=2026-11-07");
  const viewer = new DayPage(page, "en");
  for (const control of [viewer.previous, viewer.date, viewer.next, viewer.zone, viewer.show]) await tabTo(page, control);
  const folded = page.locator("#day figure details");
  await tabTo(page, folded.locator("summary"));
  await page.keyboard.press("Enter");
  await expect(folded.getByRole("table")).toBeVisible();
});

test("a chart is read slot by slot with the arrows, and says what it shows", async ({ page, open }) => {
  await open("/en/viewer/_noctule?day=2026-11-07");
  const chart = page.locator("#day .plot[tabindex]");
  await tabTo(page, chart);
  const said = chart.locator("[aria-live=polite]");
  await expect(said).toBeEmpty();
  await page.keyboard.press("ArrowRight");
  await expect(said).toHaveText(/^00:00: /);
  await page.keyboard.press("ArrowRight");
  await expect(said).toHaveText(/^00:05: /);
  await page.keyboard.press("End");
  await expect(said).toHaveText(/^23:55: /);
  await page.keyboard.press("PageDown");
  await expect(said).toHaveText(/^22:55: /);
  await page.keyboard.press("Escape");
  await expect(said).toBeEmpty();
});

/** Opens what is folded, so that it is looked at too; as a visitor, since what a visitor moves is no layout shift. */
async function openAll(page: Page): Promise<void> {
  for (const summary of await page.locator("details > summary").all()) await summary.click();
}

/** Tabs until an element has the focus; wherever it stops on the way, the focus has to be seen. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  const stops = 120;
  for (let stop = 0; stop < stops; stop++) {
    await page.keyboard.press("Tab");
    const focus = await page.evaluate(() => {
      const focused = document.activeElement;
      if (focused === null || focused === document.body) return { name: "", seen: true };
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(focused);
      const ring = (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2) || boxShadow !== "none";
      return { name: focused.outerHTML.slice(0, 120), seen: ring };
    });
    expect(focus.seen, `the focus is seen on ${focus.name}`).toBe(true);
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`not reached within ${stops} stops`);
}
