import { DayPage } from "./support/day_page";
import { expect, test } from "./support/fixture";
import { LANGUAGES, LOCALES, say } from "./support/speech";

const LOGIN = "_noctule";
/** A Saturday, in another zone than the site's own. */
const [DAY, ZONE] = ["2026-11-07", "Indian/Reunion"];

for (const language of LANGUAGES) {
  for (const javaScriptEnabled of [true, false]) {
    test.describe(`${language}, ${javaScriptEnabled ? "with" : "without"} JavaScript`, () => {
      test.use({ javaScriptEnabled, locale: LOCALES[language] });

      test("from the search to a day, another day, a channel, and back", async ({ page, open, fresh }) => {
        await open("/");
        await expect(page).toHaveURL(`/${language}`);

        await page.getByLabel(say(language, "frame.find.label")).fill(LOGIN);
        await page.getByRole("button", { name: say(language, "frame.find.button") }).click();
        await expect(page).toHaveURL(`/${language}/viewer/${LOGIN}`);
        await expect(page.getByRole("heading", { level: 1 })).toHaveText(LOGIN);
        const viewer = new DayPage(page, language);
        const last = { url: page.url(), day: await viewer.day(), sessions: await viewer.sessions() };
        expect(last.sessions.length).toBeGreaterThan(0);

        const address = await viewer.previous.getAttribute("href");
        await viewer.previous.click();
        await expect(page).toHaveURL(address!);
        const before = { url: page.url(), day: new URL(page.url()).searchParams.get("day")! };
        await viewer.shows(before.day);
        const sessionsBefore = await viewer.sessions();
        expect(before.day < last.day).toBe(true);
        expect(sessionsBefore).not.toEqual(last.sessions);
        await expect(viewer.next).toHaveAttribute("href", new RegExp(`day=${last.day}`));

        await viewer.date.fill(DAY);
        await viewer.zone.selectOption(ZONE);
        await viewer.show.click();
        await viewer.shows(DAY);
        await expect(page).toHaveURL((url) => url.searchParams.get("day") === DAY && url.searchParams.get("tz") === ZONE);
        await expect(viewer.zone).toHaveValue(ZONE);
        const chosen = { url: page.url(), sessions: await viewer.sessions() };
        expect(chosen.sessions).not.toEqual(sessionsBefore);

        const link = (await viewer.openTable()).getByRole("link").first();
        const name = await link.textContent();
        const channel = await link.getAttribute("href");
        await link.click();
        await expect(page).toHaveURL(channel!);
        await expect(page.getByRole("heading", { level: 1 })).toContainText(name!);

        // The address is the state: somebody else, who has nothing but it, sees the same.
        const copy = await fresh();
        await copy.goto(chosen.url);
        expect(await new DayPage(copy, language).sessions()).toEqual(chosen.sessions);

        await page.goBack();
        await expect(page).toHaveURL(chosen.url);
        await viewer.shows(DAY);
        expect(await viewer.sessions()).toEqual(chosen.sessions);
        await expect(viewer.zone).toHaveValue(ZONE);
        await page.goBack();
        await expect(page).toHaveURL(before.url);
        await viewer.shows(before.day);
        expect(await viewer.sessions()).toEqual(sessionsBefore);
        await page.goBack();
        await expect(page).toHaveURL(last.url);
        await viewer.shows(last.day);
        expect(await viewer.sessions()).toEqual(last.sessions);
        await page.goBack();
        await expect(page).toHaveURL(`/${language}`);
        await expect(page.getByLabel(say(language, "frame.find.label"))).toBeVisible();
        await page.goForward();
        await expect(page).toHaveURL(last.url);
        await viewer.shows(last.day);
      });

      test("a pasted address of a channel leads to the channel", async ({ page, open }) => {
        await open(`/${language}/search`);
        await page.getByLabel(say(language, "frame.find.label")).fill(" https://www.twitch.tv/_Radio_Minuit?x=1 ");
        await page.getByLabel(say(language, "frame.find.label")).press("Enter");
        await expect(page).toHaveURL(`/${language}/channel/_radio_minuit`);
        await expect(page.getByRole("heading", { level: 1 })).toContainText("Radio Minuit");

        const channel = new DayPage(page, language);
        const shown = await channel.day();
        const heading = await channel.heading.textContent();
        await channel.previous.click();
        await expect(page).toHaveURL(/[?&]day=/);
        await channel.shows(new URL(page.url()).searchParams.get("day")!);
        await expect(channel.heading).not.toHaveText(heading!);
        await page.goBack();
        await channel.shows(shown);
        await expect(channel.heading).toHaveText(heading!);
      });
    });
  }
}

test("without a connection the page keeps what it shows, and says so", async ({ page, open, watch, context }) => {
  await open("/en/viewer/_noctule?day=2026-11-07");
  const viewer = new DayPage(page, "en");
  const sessions = await viewer.sessions();
  watch.expectOffline();
  await context.setOffline(true);
  await viewer.next.click();
  await expect(page.getByRole("alert")).toContainText(say("en", "day.offline"));
  await viewer.shows("2026-11-07");
  expect(await viewer.sessions()).toEqual(sessions);
  await context.setOffline(false);
  await page.getByRole("link", { name: say("en", "day.retry") }).click();
  await viewer.shows("2026-11-08");
  await expect(page.getByRole("alert")).toHaveCount(0);
});

test("who comes to the last day by keyboard keeps their place", async ({ page, open }) => {
  await open("/en/viewer/_noctule?day=2026-11-22");
  const viewer = new DayPage(page, "en");
  await viewer.next.focus();
  await page.keyboard.press("Enter");
  await viewer.shows("2026-11-23");
  const end = page.getByRole("link", { name: say("en", "day.no_next") });
  await expect(end).toBeFocused();
  await expect(end).toHaveAttribute("aria-disabled", "true");
});

test("a day from before those with data is told as such, and can be left by its form", async ({ page, open }) => {
  await open("/fr/viewer/_noctule?day=2025-01-01");
  await expect(page.getByText(say("fr", "day.fallback.past"))).toBeVisible();
  const viewer = new DayPage(page, "fr");
  await viewer.zone.selectOption("UTC");
  await viewer.show.click();
  await expect(page).toHaveURL(/day=\d{4}-\d\d-\d\d&tz=UTC/);
});
