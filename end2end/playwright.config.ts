import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "@playwright/test";
import * as older from "./older";
import { now, people, weeks } from "./world";

// Playwright reads this file again in every worker: what is chosen once is handed on by the
// environment.
const port = (process.env.VIGIE_PORT ??= String(await freePort()));
const data = (process.env.VIGIE_DATA ??= mkdtempSync(join(tmpdir(), "vigie-e2e-")));
const vigie = (process.env.VIGIE_BIN ??= join(import.meta.dirname, "../target/release/vigie"));
const log = (process.env.VIGIE_E2E_LOG ??= join(data, "server.log"));

// The machine's own Chromium; where there is none, the one Playwright installed.
const chromium = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/google-chrome"].find(
  (path) => path && existsSync(path),
);

const demo = ["demo", "--data", data, "--port", port, ...people, "--weeks", weeks, "--start", now, "--still"];
const quoted = (words: string[]) => words.map((word) => `'${word}'`).join(" ");
const run = quoted([vigie, ...demo]);

// The old world: written, imported, aged and served.
const oldPort = (process.env.VIGIE_OLD_PORT ??= String(await freePort()));
const oldData = join(data, "older");
const oldConfig = join(oldData, "vigie.toml");
if (!existsSync(oldConfig)) {
  mkdirSync(oldData, { recursive: true });
  writeFileSync(oldConfig, older.configuration(oldData, oldPort));
}
const write = ["simulate", "archive", ...older.people, "--days", older.days, "--until", older.until];
const runOlder = [[...write, "--out", join(oldData, "archive")], ["import", "--config", oldConfig], ["retain", "--config", oldConfig], ["serve", "--config", oldConfig]]
  .map((words) => quoted([vigie, ...words]))
  .join(" && ");

const isRoot = process.getuid?.() === 0;

const desktop = { viewport: { width: 1280, height: 900 } };
const phone = { viewport: { width: 375, height: 812 }, hasTouch: true, isMobile: true };

export default defineConfig({
  testDir: "specs",
  fullyParallel: true,
  workers: "100%",
  forbidOnly: !!process.env.CI,
  retries: 0,
  // A machine that compiles beside answers late, but it answers.
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: process.env.CI ? "list" : [["list"], ["html", { open: "never" }]],
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    actionTimeout: 10_000,
    trace: "retain-on-failure",
    // Far from every zone in the tests: pages follow their address, not the visitor's clock.
    timezoneId: "Asia/Tokyo",
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
  // Languages, themes and JavaScript vary inside the specs; on the phone run those that a small screen can change.
  projects: [
    { name: "desktop", use: desktop, testIgnore: ["log.spec.ts", "thumb.spec.ts"] },
    { name: "phone", use: phone, testMatch: ["journey.spec.ts", "look.spec.ts", "access.spec.ts", "thumb.spec.ts"] },
    // After all others: what the server wrote meanwhile.
    { name: "log", testMatch: "log.spec.ts", dependencies: ["desktop", "phone"] },
  ],
  webServer: [server(run, port, log), server(runOlder, oldPort, join(data, "older.log"))],
});

/** A server of the site, up once it answers. */
function server(command: string, port: string, log: string) {
  return {
    command: `(${command}) 2> '${log}' || { cat '${log}' >&2; exit 1; }`,
    // Relative paths of the server (its site) are those of the workspace.
    cwd: "..",
    url: `http://127.0.0.1:${port}/readyz`,
    timeout: 120_000,
    gracefulShutdown: { signal: "SIGTERM" as const, timeout: 5_000 },
    reuseExistingServer: false,
    stdout: "ignore" as const,
    stderr: "pipe" as const,
  };
}

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
