import { brotliCompressSync, constants } from "node:zlib";
import { expect, test } from "./support/fixture";
import { PAGES, address } from "./support/pages";
import { LANGUAGES } from "./support/speech";
import { ask } from "./support/wire";

const KB = 1_024;
const PAGE_MAX = { raw: 90 * KB, brotli: 18 * KB };
// As the build's own: xtask/src/report.rs.
const PROGRAM_MAX = 250_000;
const STYLE_MAX = 12 * KB;

for (const page of PAGES) {
  test(`the page ${page.name} is light, with the data that it carries`, async ({ baseURL }) => {
    for (const language of LANGUAGES) {
      const html = (await ask(`${baseURL}${address(page, language)}`)).body;
      const best = brotliCompressSync(html, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: html.length } });
      const sent = (await ask(`${baseURL}${address(page, language)}`, { headers: { "accept-encoding": "br" } })).body;
      const sizes = `${html.length} bytes, ${best.length} at best, ${sent.length} sent`;
      test.info().annotations.push({ type: "size", description: `${page.name}, ${language}: ${sizes}` });
      expect(html.length, sizes).toBeLessThanOrEqual(PAGE_MAX.raw);
      expect(best.length, sizes).toBeLessThanOrEqual(PAGE_MAX.brotli);
      expect(sent.length, sizes).toBeLessThanOrEqual(PAGE_MAX.brotli);
      expect(html.toString()).not.toMatch(/<[^>]+\sstyle=/);
    }
  });
}

test("program and style are light", async ({ baseURL }) => {
  const html = (await ask(`${baseURL}/fr`)).body.toString();
  const sent = async (ending: string) => {
    const file = new RegExp(`/pkg/[\\w.-]+\\.${ending}\\b`).exec(html)![0];
    return (await ask(`${baseURL}${file}`, { headers: { "accept-encoding": "br" } })).body.length;
  };
  const [wasm, js, css] = [await sent("wasm"), await sent("js"), await sent("css")];
  test.info().annotations.push({ type: "size", description: `wasm ${wasm}, js ${js}, css ${css} bytes` });
  expect(wasm + js).toBeLessThanOrEqual(PROGRAM_MAX);
  expect(css).toBeLessThanOrEqual(STYLE_MAX);
});
