import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixture";
import { PAGES, SHOWN, address } from "./support/pages";
import { LANGUAGES, LOCALES, say } from "./support/speech";

/** Also the narrowest phone. */
const NARROW = 320;

for (const language of LANGUAGES) {
  test.describe(language, () => {
    test.use({ locale: LOCALES[language] });

    for (const kind of PAGES) {
      test(`${kind.name} fits, in both themes`, async ({ page, open, watch }, info) => {
        if (kind.status >= 400) watch.expectStatus(kind.status, address(kind, language));
        await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
        expect((await open(address(kind, language))).status()).toBe(kind.status);
        await expect(page.locator("html")).toHaveAttribute("lang", language);
        for (const other of LANGUAGES) {
          const alternate = page.locator(`link[rel=alternate][hreflang=${other}]`);
          await expect(alternate).toHaveCount(1);
          const href = (await alternate.getAttribute("href"))!;
          expect(decodeURI(new URL(href, page.url()).pathname)).toBe(decodeURI(new URL(address(kind, other), page.url()).pathname));
        }
        await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
        await expect(page).toHaveTitle(/Vigie/);

        const light = await colours(page);
        const shot = async (theme: string) => {
          if (!SHOWN.includes(kind.name)) return;
          const path = join(info.project.outputDir, "shots", `${kind.name}-${info.project.name}-${language}-${theme}.png`);
          await info.attach(theme, { path: await shoot(page, path), contentType: "image/png" });
        };
        await shot("light");
        expect(await overflow(page)).toEqual([]);
        await page.emulateMedia({ colorScheme: "dark" });
        const dark = await colours(page);
        expect(dark.paper).not.toBe(light.paper);
        expect(dark.ink).not.toBe(light.ink);
        await shot("dark");
        if (info.project.name === "phone") {
          // Turning the phone moves everything, rightly: another page of that width is looked at instead.
          await page.setViewportSize({ width: NARROW, height: 640 });
          await open(address(kind, language));
          expect(await overflow(page)).toEqual([]);
        }
      });
    }
  });
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(`the theme's switch, ${javaScriptEnabled ? "with" : "without"} JavaScript`, () => {
    test.use({ javaScriptEnabled, colorScheme: "light" });

    test("goes through the themes, keeps the page and is remembered", async ({ page, open, context }) => {
      const here = "/fr/viewer/_noctule?day=2026-11-07&tz=Indian/Reunion";
      await open(here);
      expect(await context.cookies()).toEqual([]);
      const html = page.locator("html");
      const auto = await colours(page);

      await page.getByRole("button", { name: say("fr", "frame.theme.light") }).click();
      await expect(html).toHaveAttribute("data-theme", "light");
      expect(await colours(page)).toEqual(auto);
      await page.getByRole("button", { name: say("fr", "frame.theme.dark") }).click();
      await expect(html).toHaveAttribute("data-theme", "dark");
      expect((await colours(page)).paper).not.toBe(auto.paper);
      await expect(page).toHaveURL(here);
      await expect(page.locator(".cal a[aria-current=date]")).toHaveAttribute("href", /day=2026-11-07/);

      // The server knows it: no flash on the next page.
      await open("/en/about");
      await expect(html).toHaveAttribute("data-theme", "dark");
      await page.getByRole("button", { name: say("en", "frame.theme.auto") }).click();
      await expect(html).not.toHaveAttribute("data-theme");
      expect(await context.cookies()).toEqual([]);
    });

    test("the other language is the same page", async ({ page, open }) => {
      await open("/fr/viewer/_noctule?day=2026-11-07&tz=Indian/Reunion");
      await page.getByRole("link", { name: "English" }).click();
      await expect(page).toHaveURL("/en/viewer/_noctule?day=2026-11-07&tz=Indian/Reunion");
      await expect(page.locator("html")).toHaveAttribute("lang", "en");
      await expect(page.getByRole("button", { name: say("en", "day.show") })).toBeVisible();
    });
  });
}

/** The whole page as a picture. */
async function shoot(page: Page, path: string): Promise<string> {
  await page.screenshot({ path, fullPage: true, animations: "disabled" });
  return path;
}

function colours(page: Page): Promise<{ paper: string; ink: string }> {
  return page.evaluate(() => {
    const style = getComputedStyle(document.body);
    return { paper: style.backgroundColor, ink: style.color };
  });
}

/** What reaches beyond the window, unless the page is not wider for it. */
function overflow(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    const name = (element: Element) => `${element.tagName}.${element.getAttribute("class") ?? ""}`;
    const wide = [...document.body.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > width + 0.5);
    return [`the document is ${document.documentElement.scrollWidth} px wide`, ...wide.slice(0, 8).map(name)];
  });
}
