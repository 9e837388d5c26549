import { readFileSync } from "node:fs";
import { expect, test } from "./support/fixture";

for (const javaScriptEnabled of [true, false]) {
  test.describe(`${javaScriptEnabled ? "with" : "without"} JavaScript`, () => {
    test.use({ javaScriptEnabled });

    test("a chart is kept as a picture and as data, of the day and zone shown", async ({ page, open }) => {
      await open("/en/viewer/_noctule?day=2026-11-07&tz=Indian/Reunion");
      const keep = async (kind: string) => {
        const download = page.waitForEvent("download");
        await page.locator("#day").getByRole("link", { name: kind }).click();
        const file = await download;
        return { name: file.suggestedFilename(), text: readFileSync(await file.path(), "utf8") };
      };
      const data = await keep("CSV");
      expect(data.name).toBe("vigie-_noctule-2026-11-07-day.csv");
      expect(data.text).toMatch(/^channel,from,to,watched_minutes,listed,game,title\r\n[^\r]+,2026-11-0[78]T\d\d:\d5|0:00\+04:00,/);
      const picture = await keep("SVG");
      expect(picture.name).toBe("vigie-_noctule-2026-11-07-day.svg");
      expect(picture.text).toContain("Times of Indian/Reunion");
      // It is an image to a browser, with nothing to ask for.
      await page.goto("about:blank");
      const size = await page.evaluate(async (text) => {
        const image = new Image();
        image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
        await image.decode();
        return [image.naturalWidth, image.naturalHeight];
      }, picture.text).catch((error: Error) => error.message);
      if (javaScriptEnabled) expect(size).toEqual([1160, expect.any(Number)]);
    });
  });
}
