import { expect, test } from "./support/fixture";
import { LANGUAGES, LOCALES, say } from "./support/speech";

for (const language of LANGUAGES) {
  test.describe(language, () => {
    test.use({ locale: LOCALES[language] });

    test("a viewer's habits lead to what their trace gives away", async ({ page, open }) => {
      await open(`/${language}/viewer/_noctule/habits`);
      await page.getByRole("link", { name: say(language, "trace.kicker"), exact: true }).click();
      await expect(page).toHaveURL(`/${language}/viewer/_noctule/trace`);
      // A student of the invented people: a few sightings are theirs alone, and their own account is named by none.
      await expect(page.locator("#alone mark").first()).toContainText(/\d/);
      await expect(page.locator("#again mark").first()).toContainText(/\d/);
      await expect(page.locator("#next mark").first()).toContainText(/\d\d:\d\d/);
      await page.getByRole("link", { name: say(language, "habits.kicker"), exact: true }).click();
      await expect(page).toHaveURL(`/${language}/viewer/_noctule/habits`);
    });

    test("what would hide somebody is asked by the form, also without JavaScript", async ({ page, open }) => {
      await open(`/${language}/viewer/_noctule/trace`);
      await expect(page.locator("#hide thead th")).toHaveCount(2);
      await page.getByLabel(say(language, "trace.hide.nights")).check();
      await page.getByLabel(say(language, "trace.hide.split")).check();
      await page.getByRole("button", { name: say(language, "trace.hide.show") }).click();
      await expect(page).toHaveURL(/nights=1&split=1/);
      await expect(page.locator("#hide thead th")).toHaveCount(3);
      await expect(page.getByLabel(say(language, "trace.hide.nights"))).toBeChecked();
      await expect(page.getByLabel(say(language, "trace.hide.hours"))).not.toBeChecked();
    });
  });
}
