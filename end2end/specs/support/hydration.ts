import type { Page } from "@playwright/test";

declare global {
  interface Window {
    /** The router of the site listens: clicks, forms and Back are its own. */
    vigieRouted?: boolean;
  }
}

/**
 * Lets `hydrated` see when the site takes a page over. Taking over is one task, in which the router begins to listen
 * for Back: the task after it finds everything done.
 */
export async function markHydration(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const listen = window.addEventListener;
    window.addEventListener = function (this: Window, ...args: Parameters<typeof listen>) {
      if (args[0] === "popstate") setTimeout(() => (window.vigieRouted = true));
      return listen.apply(this, args);
    } as typeof listen;
  });
}

/** Waits until the site has taken the page over. */
export async function hydrated(page: Page): Promise<void> {
  await page.waitForFunction(() => window.vigieRouted === true);
}

/** Whether the site takes the page over: some pages are the server's alone, and load no program. */
export async function isTakenOver(page: Page): Promise<boolean> {
  return (await page.locator("script[type=module]").count()) > 0;
}
