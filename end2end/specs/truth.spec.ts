import { zone } from "../world";
import { DayPage, type Session } from "./support/day_page";
import { expect, test } from "./support/fixture";
import { trueSessions } from "./support/truth";

/** People and local days: nights across midnight, the day of 25 hours, a zone on the other side, a screen never off. */
const CASES = [
  { login: "_noctule", day: "2026-11-07", zone, language: "fr" },
  { login: "_tableau_noir", day: "2026-10-25", zone, language: "en" },
  { login: "_loin_d_ici", day: "2026-10-24", zone: "America/Toronto", language: "fr" },
  { login: "_ecran_allume", day: "2026-11-02", zone: "Asia/Tokyo", language: "en" },
] as const;

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test.use({ javaScriptEnabled });

    for (const { login, day, zone, language } of CASES) {
      test(`${login} on ${day} in ${zone} is where the simulator put them`, async ({ page, open }) => {
        const truth = await trueSessions(login, day, zone);
        expect(truth.length).toBeGreaterThan(0);
        await open(`/${language}/viewer/${login}?day=${day}&tz=${zone}`);
        const viewer = new DayPage(page, language);
        await viewer.shows(day);
        expect(sorted(await viewer.sessions())).toEqual(sorted(truth));
        expect(await viewer.totals()).toEqual({
          minutes: truth.reduce((sum, session) => sum + session.minutes, 0),
          channels: new Set(truth.map((session) => session.channel)).size,
        });
      });
    }

    test("another day shows other sessions, as true", async ({ page, open }) => {
      await open("/fr/viewer/_noctule?day=2026-11-07");
      const viewer = new DayPage(page, "fr");
      const first = sorted(await viewer.sessions());
      await viewer.next.click();
      await viewer.shows("2026-11-08");
      const second = sorted(await viewer.sessions());
      expect(second).not.toEqual(first);
      expect(first).toEqual(sorted(await trueSessions("_noctule", "2026-11-07", zone)));
      expect(second).toEqual(sorted(await trueSessions("_noctule", "2026-11-08", zone)));
    });
  });
}

test("the browser reads what was seen as the server does, to the byte", async ({ page, open }) => {
  await open("/fr/viewer/_noctule?day=2026-11-07");
  const viewer = new DayPage(page, "fr");
  await viewer.next.click();
  await viewer.shows("2026-11-08");
  const drawn = await viewer.drawn();
  expect(drawn.length).toBeGreaterThan(2);
  await page.reload();
  await viewer.shows("2026-11-08");
  expect(await viewer.drawn()).toEqual(drawn);
});

test("these days put every rule of joining to the test", async () => {
  const days = await Promise.all(CASES.map(({ login, day, zone }) => trueSessions(login, day, zone)));
  const all = days.flat();
  // Where another world makes this fail, choose other days.
  expect(all.some((session) => session.joined > 0)).toBe(true);
  expect(all.some((session) => session.fromBefore)).toBe(true);
  expect(all.some((session) => session.goesOn)).toBe(true);
});

/** In an order that sessions beginning at once, and hours that happen twice, cannot change. */
function sorted(sessions: Session[]): Session[] {
  const key = (session: Session) => JSON.stringify(session);
  return [...sessions].sort((a, b) => key(a).localeCompare(key(b)));
}
