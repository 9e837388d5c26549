import { type Page, type Response, expect, test as base } from "@playwright/test";
import { hydrated, isTakenOver, markHydration } from "./hydration";
import { Watch } from "./watch";

export { expect };

interface Fixtures {
  /** Sees what no page may do; told what a test provokes on purpose. */
  watch: Watch;
  /** Goes to an address and waits until the page can be used. */
  open: (address: string) => Promise<Response>;
  /** A page of another visitor, who has nothing kept. */
  fresh: () => Promise<Page>;
}

/** The test of all specs: what its pages may not do fails it. */
export const test = base.extend<Fixtures>({
  watch: async ({ baseURL, javaScriptEnabled }, use) => use(new Watch(baseURL!, javaScriptEnabled)),
  page: async ({ page, watch }, use) => {
    await markHydration(page);
    await watch.on(page);
    await use(page);
    await watch.settle(page);
    expect(watch.problems(), "what no page may do").toEqual([]);
  },
  open: async ({ page, javaScriptEnabled }, use) =>
    use(async (address) => {
      const response = await page.goto(address);
      if (javaScriptEnabled && (await isTakenOver(page))) await hydrated(page);
      // Only an address of the same page has no answer.
      return response!;
    }),
  // Before `page` in the end: its verdict is of these too.
  fresh: async ({ browser, watch, page: _ }, use) => {
    const pages: Page[] = [];
    await use(async () => {
      const page = await (await browser.newContext()).newPage();
      pages.push(page);
      await watch.on(page);
      return page;
    });
    for (const page of pages) {
      await watch.settle(page);
      await page.context().close();
    }
  },
});
