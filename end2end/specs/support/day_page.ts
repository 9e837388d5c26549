import { type Locator, type Page, expect } from "@playwright/test";
import { type Language, say } from "./speech";

/** One session of a viewer's day, as the page's table tells it. */
export interface Session {
  /** Login of the channel. */
  channel: string;
  /** Local clock, `21:05`. */
  from: string;
  /** Whether it began the day before. */
  fromBefore: boolean;
  /** Local clock, `24:00` at the end of the day. */
  to: string;
  /** Whether it goes on the day after. */
  goesOn: boolean;
  /** Watch time. */
  minutes: number;
  /** Samples that it was joined across. */
  joined: number;
}

/** The page of a viewer's or a channel's day. */
export class DayPage {
  readonly previous: Locator;
  readonly next: Locator;
  readonly date: Locator;
  readonly zone: Locator;
  readonly show: Locator;
  readonly heading: Locator;

  constructor(
    readonly page: Page,
    readonly language: Language,
  ) {
    this.previous = page.getByRole("link", { name: say(language, "day.previous") });
    this.next = page.getByRole("link", { name: say(language, "day.next") });
    this.date = page.getByLabel(say(language, "day.date"), { exact: true });
    this.zone = page.getByLabel(say(language, "day.zone"));
    this.show = page.getByRole("button", { name: say(language, "day.show") });
    this.heading = page.locator("#day-h");
  }

  /** Waits until the page shows a day: its calendar marks it, which comes with the day's data. */
  async shows(day: string): Promise<void> {
    const marked = this.page.locator(".cal a[aria-current=date]");
    await expect(marked).toHaveAttribute("href", new RegExp(`[?&]day=${day}(&|$)`));
  }

  /** The day that the page shows. */
  async day(): Promise<string> {
    const marked = await this.page.locator(".cal a[aria-current=date]").getAttribute("href");
    return new URLSearchParams(marked?.split("?")[1]).get("day") ?? "";
  }

  /** Opens the table of the day: under its first chart. */
  async openTable(): Promise<Locator> {
    const details = this.page.locator("#day figure details").first();
    if ((await details.getAttribute("open")) === null) await details.locator("summary").click();
    const table = details.getByRole("table");
    await expect(table).toBeVisible();
    return table;
  }

  /** The title, chart and table of the day, as they stand in the page. */
  drawn(): Promise<string[]> {
    return this.page.locator("#day-h, #day figure svg, #day figure table").evaluateAll((all) => all.map((each) => each.outerHTML));
  }

  /** The sessions in the table, in its order. */
  async sessions(): Promise<Session[]> {
    const table = await this.openTable();
    const rows = await table.locator("tbody tr").evaluateAll((rows) =>
      rows.map((row) => ({
        address: row.querySelector("a")?.getAttribute("href") ?? "",
        cells: [...row.children].map((cell) => cell.textContent?.trim() ?? ""),
      })),
    );
    return rows.map(({ address, cells: [, from = "", to = "", watched = "", , joined = ""] }) => ({
      channel: address.split("/").at(-1) ?? "",
      from: clock(from),
      fromBefore: !/^\d/.test(from),
      to: clock(to),
      goesOn: !/^\d/.test(to),
      minutes: minutes(watched),
      joined: samples(joined),
    }));
  }

  /** Watch time and channels of the day, as its title tells them. */
  async totals(): Promise<{ minutes: number; channels: number }> {
    const title = (await this.heading.textContent()) ?? "";
    const [watched = "", channels = ""] = title.split(this.language === "fr" ? " sur " : " in ");
    return { minutes: minutes(watched), channels: Number(/\d+/.exec(channels)?.[0] ?? 1) };
  }
}

function clock(text: string): string {
  return /\d\d:\d\d/.exec(text)?.[0] ?? text;
}

/** `4 h 25 min`, `2 h`, `45 min`. */
export function minutes(text: string): number {
  const of = (unit: string) => Number(new RegExp(`(\\d+)\\s*${unit}`).exec(text)?.[1] ?? 0);
  return of("h") * 60 + of("min");
}

/** `–`, `one sample`, `3 samples`. */
function samples(text: string): number {
  return text === "–" ? 0 : Number(/\d+/.exec(text)?.[0] ?? 1);
}
