import type { ConsoleMessage, Page, Request, Response } from "@playwright/test";

/** An answer that a test asks for on purpose although it is an error. */
interface Expected {
  status: number;
  /** What its path and query begin with. */
  address: string;
}

/** What nobody sees: a line that its font makes some pixels lower once it is there. Up to 0.1 is called good. */
const LEAST_SHIFT = 0.001;
/** How long a busy machine may take to draw the answer to a step within the site. */
const DRAW_MS = 2_000;

/**
 * What no page may do: write to the console, throw, fail to load something, ask anybody else, or move what is already
 * drawn. It looks at every page handed to it, with and without JavaScript, and keeps all that was wrong.
 */
export class Watch {
  readonly #origin: string;
  readonly #script: boolean;
  readonly #expected: Expected[] = [];
  readonly #problems: string[] = [];
  #offline = false;
  /** When the last step within the site was made, or answered; 0 before the first. */
  #stepped = 0;

  /** `origin` is the site's; `script` tells whether its pages run JavaScript. */
  constructor(origin: string, script: boolean) {
    this.#origin = new URL(origin).origin;
    this.#script = script;
  }

  /** The test is going to ask for something that is answered with this status. */
  expectStatus(status: number, address: string): void {
    this.#expected.push({ status, address });
  }

  /** The test takes the connection away: requests fail from here on. */
  expectOffline(): void {
    this.#offline = true;
  }

  /** Looks at a page from now on: before anything is loaded. */
  async on(page: Page): Promise<void> {
    page.on("console", (message) => this.#console(message));
    page.on("pageerror", (error) => this.#problems.push(`uncaught: ${error.stack ?? error.message}`));
    page.on("crash", () => this.#problems.push("the page crashed"));
    page.on("request", (request) => this.#request(request));
    page.on("requestfailed", (request) => this.#failed(request));
    page.on("response", (response) => this.#response(response));

    // The browser's own account of layout shifts: it needs no script in the page, and outlives navigations.
    const cdp = await page.context().newCDPSession(page);
    cdp.on("Page.navigatedWithinDocument", () => (this.#stepped = Date.now()));
    await cdp.send("Page.enable");
    cdp.on("PerformanceTimeline.timelineEventAdded", ({ event }) => {
      const shift = event.layoutShiftDetails;
      if (shift === undefined || shift.hadRecentInput || shift.value < LEAST_SHIFT) return;
      // Another day has other texts. The browser forgives what comes within half a second of a click; on a busy machine
      // the answer comes later, and is drawn soon after.
      if (Date.now() - this.#stepped < DRAW_MS) return;
      const moved = shift.sources.map(({ previousRect: from, currentRect: to }) => `${rect(from)} to ${rect(to)}`);
      this.#problems.push(`layout shift of ${shift.value.toFixed(4)} at ${page.url()}: ${moved.join("; ")}`);
    });
    await cdp.send("PerformanceTimeline.enable", { eventTypes: ["layout-shift"] });
  }

  /** Waits for what a page is about to draw: it has not moved anything yet. */
  async settle(page: Page): Promise<void> {
    if (!page.isClosed()) await page.screenshot({ clip: { x: 0, y: 0, width: 1, height: 1 } });
  }

  /** Everything that was not right up to now. */
  problems(): readonly string[] {
    return this.#problems;
  }

  /** The same, and forgets it: for a test of the watch itself. */
  take(): string[] {
    return this.#problems.splice(0);
  }

  #console(message: ConsoleMessage): void {
    const { url } = message.location();
    const text = message.text();
    // The browser writes a line of its own for every answer that is an error.
    const failed = /^Failed to load resource: the server responded with a status of (\d+)/.exec(text);
    if (failed && this.#isExpected(Number(failed[1]), url)) return;
    if (this.#offline && text.startsWith("Failed to load resource: net::ERR_INTERNET_DISCONNECTED")) return;
    this.#problems.push(`console, ${message.type()}: ${text} (${url})`);
  }

  #request(request: Request): void {
    const { origin, protocol } = new URL(request.url());
    if (protocol !== "data:" && origin !== this.#origin) this.#problems.push(`asks a third party: ${request.url()}`);
  }

  #failed(request: Request): void {
    const why = request.failure()?.errorText ?? "";
    if (this.#offline && why === "net::ERR_INTERNET_DISCONNECTED") return;
    // The icon is fetched once the page is there, fonts beside it: they are given up when somebody goes on meanwhile.
    const { pathname } = new URL(request.url());
    const isBeside = pathname === "/favicon.svg" || request.resourceType() === "font";
    if (why === "net::ERR_ABORTED" && isBeside) return;
    // Without JavaScript, Chromium gives up what a page preloads of it, and calls that a policy.
    if (!this.#script && why === "csp" && request.resourceType() === "script") return;
    this.#problems.push(`failed: ${request.method()} ${request.url()}: ${why}`);
  }

  #response(response: Response): void {
    const isAnswer = new URL(response.url()).pathname.startsWith("/api/");
    if (isAnswer && this.#stepped > 0) this.#stepped = Date.now();
    if (response.status() < 400 || this.#isExpected(response.status(), response.url())) return;
    this.#problems.push(`answered ${response.status()}: ${response.url()}`);
  }

  #isExpected(status: number, url: string): boolean {
    return this.#expected.some((one) => one.status === status && url.startsWith(this.#origin + one.address));
  }
}

function rect({ x, y, width, height }: { x: number; y: number; width: number; height: number }): string {
  return `${width}×${height} at ${x},${y}`;
}
