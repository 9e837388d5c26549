import { expect, test } from "./support/fixture";

test("targets are large enough for a thumb", async ({ page, open }) => {
  const small: string[] = [];
  for (const path of ["/fr", "/fr/viewer/_noctule?day=2026-11-07", "/fr/channel/_radio_minuit", "/fr/about"]) {
    await open(path);
    // Links within a sentence or a table are exempt, as in WCAG 2.5.8.
    const targets = page.locator("button, input:not([type=hidden]), select, summary, .btn, .topbar a, .foot a");
    for (const target of await targets.all()) {
      const box = await target.boundingBox();
      if (box !== null && (box.height < 43.5 || box.width < 43.5)) {
        small.push(`${path}: ${Math.round(box.width)}×${Math.round(box.height)} ${await target.evaluate((one) => one.outerHTML.slice(0, 90))}`);
      }
    }
  }
  expect(small).toEqual([]);
});
