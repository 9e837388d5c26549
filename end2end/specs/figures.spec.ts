import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixture";
import { LANGUAGES, LOCALES, say } from "./support/speech";

for (const language of LANGUAGES) {
  test.describe(language, () => {
    test.use({ locale: LOCALES[language] });

    test("a channel's day and its figures lead to each other", async ({ page, open }) => {
      await open(`/${language}/channel/_radio_minuit`);
      await page.getByRole("link", { name: say(language, "channel.figures_tab") }).click();
      await expect(page).toHaveURL(`/${language}/channel/_radio_minuit/figures`);
      // Five weeks: the usual week is known, and on some hours of it the channel is on air.
      await expect(page.locator("#week figure .finding")).toContainText(/\d\d:\d\d/);
      await expect(page.locator("#games figure .finding")).toContainText("%");
      await showTable(page, "#people");
      await expect(page.locator("#people tbody tr").first()).toBeVisible();
      await page.getByRole("link", { name: say(language, "figures.day_tab") }).click();
      await expect(page).toHaveURL(`/${language}/channel/_radio_minuit`);
    });

    test("every page leads to everything, and that to channels", async ({ page, open }) => {
      await open(`/${language}/about`);
      await page.getByRole("link", { name: say(language, "frame.explore"), exact: true }).click();
      await expect(page).toHaveURL(`/${language}/explore`);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(say(language, "explore.h"));
      await expect(page.locator("#hours figure .finding").first()).toContainText(/\d\d:\d\d/);
      await page.locator("#ranking tbody a").first().click();
      await expect(page).toHaveURL(/\/channel\/_\w+\/figures$/);
    });

    test("another range is asked for by the form, and a wrong one falls back", async ({ page, open }) => {
      for (const place of ["explore", "channel/_radio_minuit/figures"]) {
        await open(`/${language}/${place}`);
        await page.getByLabel(say(language, "figures.form.range"), { exact: true }).selectOption("7");
        await page.getByRole("button", { name: say(language, "figures.form.show") }).click();
        await expect(page).toHaveURL(/range=7/);
        await expect(page.locator("select[name=range]")).toHaveValue("7");
        await expect(page.getByRole("status")).toHaveCount(0);
        await open(`/${language}/${place}?range=31`);
        await expect(page.getByRole("status")).toContainText(say(language, "figures.fallen.range"));
        await expect(page.locator("select[name=range]")).toHaveValue("30");
      }
    });
  });
}

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("both pages are whole", async ({ page, open }) => {
    for (const place of ["explore?range=7", "channel/_radio_minuit/figures?range=7&tz=Indian/Reunion"]) {
      expect((await open(`/en/${place}`)).status()).toBe(200);
      await expect(page.locator("main figure svg[role=img]").first()).toBeVisible();
      expect(await page.locator("script[type=module]").count()).toBe(0);
    }
  });
});

/** Opens the table of a section's figure. */
async function showTable(page: Page, section: string): Promise<void> {
  await page.locator(`${section} .figfoot summary`).first().click();
}
