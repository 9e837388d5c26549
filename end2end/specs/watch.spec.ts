import { expect, test } from "./support/fixture";

// The watch over all other tests has to bite: each of these does what no page may do.
test.describe("the watch sees", () => {
  test.beforeEach(({ open }) => open("/fr/about"));

  test("a message on the console", async ({ page, watch }) => {
    await page.evaluate(() => console.debug("hello"));
    expect(watch.take()).toEqual([expect.stringMatching(/^console, debug: hello/)]);
  });

  test("an error that nobody catches", async ({ page, watch }) => {
    const thrown = page.waitForEvent("pageerror");
    await page.evaluate(() => void setTimeout(() => Promise.reject(new Error("lost"))));
    await thrown;
    expect(watch.take()).toEqual([expect.stringMatching(/^uncaught: Error: lost/)]);
  });

  test("an answer that is an error", async ({ page, watch }) => {
    await page.evaluate(() => fetch("/api/viewer_day?login=_never_seen").then((answer) => answer.text()));
    expect(watch.take()).toEqual([
      expect.stringMatching(/^answered 404: .*_never_seen$/),
      expect.stringMatching(/^console, error: Failed to load resource/),
    ]);
  });

  test("a request to somebody else, which the page's policy refuses", async ({ page, watch }) => {
    await page.evaluate(() => fetch("http://example.org/").catch(() => undefined));
    await watch.settle(page);
    const seen = watch.take();
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.join("\n")).toContain("example.org");
  });

  test("something drawn that moves", async ({ page, watch }) => {
    await page.evaluate(() => {
      const late = document.createElement("div");
      late.className = "hero";
      late.textContent = "late";
      document.body.prepend(late);
    });
    await watch.settle(page);
    expect(watch.take()).toEqual([expect.stringMatching(/^layout shift of 0\.\d+ at /)]);
  });
});
