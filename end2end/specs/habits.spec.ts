import { expect, test } from "./support/fixture";
import { LANGUAGES, LOCALES, say } from "./support/speech";

for (const language of LANGUAGES) {
  test.describe(language, () => {
    test.use({ locale: LOCALES[language] });

    test("a viewer's day leads to their habits and back", async ({ page, open }) => {
      await open(`/${language}/viewer/_noctule`);
      await page.getByRole("link", { name: say(language, "viewer.habits") }).click();
      await expect(page).toHaveURL(`/${language}/viewer/_noctule/habits`);
      await expect(page.getByRole("heading", { name: say(language, "habits.says.h") })).toBeVisible();
      // An invented student who sleeps late has a window offline, in words.
      await expect(page.locator("#says mark").first()).toContainText(/\d\d:\d\d/);
      await expect(page.locator("#favourites tbody tr").first()).toBeVisible();
      await page.getByRole("link", { name: say(language, "habits.day_link") }).click();
      await expect(page).toHaveURL(`/${language}/viewer/_noctule`);
    });

    test("another stretch is asked for by the form, and a wrong one falls back", async ({ page, open }) => {
      await open(`/${language}/viewer/_noctule/habits`);
      await page.getByLabel(say(language, "habits.form.from"), { exact: true }).fill("2026-11-10");
      await page.getByLabel(say(language, "habits.form.to"), { exact: true }).fill("2026-11-01");
      await page.getByRole("button", { name: say(language, "habits.form.show") }).click();
      await expect(page).toHaveURL(/from=2026-11-10&to=2026-11-01/);
      await expect(page.getByRole("status")).toContainText(say(language, "habits.fallen.reversed"));
    });
  });
}
