import { existsSync, mkdtempSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "@playwright/test";
import { now, people, weeks } from "./world";

// Playwright reads this file again in every worker: what is chosen once is handed on by the
// environment.
const port = (process.env.VIGIE_PORT ??= String(await freePort()));
const data = (process.env.VIGIE_DATA ??= mkdtempSync(join(tmpdir(), "vigie-e2e-")));
const vigie = process.env.VIGIE_BIN ?? join(import.meta.dirname, "../target/release/vigie");

// The machine's own Chromium; where there is none, the one Playwright installed.
const chromium = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/google-chrome"].find(
  (path) => path && existsSync(path),
);

const demo = ["demo", "--data", data, "--port", port, ...people, "--weeks", weeks, "--start", now, "--still"];

const isRoot = process.getuid?.() === 0;

export default defineConfig({
  testDir: "specs",
  fullyParallel: true,
  forbidOnly: !!process.env.CI,
  retries: 0,
  reporter: process.env.CI ? "list" : [["list"], ["html", { open: "never" }]],
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: chromium,
      args: [
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        ...(isRoot ? ["--no-sandbox"] : []),
      ],
    },
  },
  // Locales, themes and JavaScript vary inside the specs.
  projects: [
    { name: "desktop", use: { viewport: { width: 1280, height: 900 } } },
    { name: "phone", use: { viewport: { width: 375, height: 812 }, hasTouch: true, isMobile: true } },
  ],
  webServer: {
    command: [vigie, ...demo].join(" "),
    // Relative paths of the server (its site) are those of the workspace.
    cwd: "..",
    url: `http://127.0.0.1:${port}/readyz`,
    timeout: 120_000,
    gracefulShutdown: { signal: "SIGTERM", timeout: 5_000 },
    reuseExistingServer: false,
    stdout: "ignore",
    stderr: "pipe",
  },
});

/** A port nobody listens at. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
