import { readFileSync } from "node:fs";
import { expect, test } from "./support/fixture";

test("all that was asked left nothing above info in the log, and no name", () => {
  const lines = readFileSync(process.env.VIGIE_E2E_LOG!, "utf8").split("\n").filter((line) => line.startsWith("{"));
  const events = lines.map((line) => JSON.parse(line) as { level: string });
  expect(events.length).toBeGreaterThan(0);
  expect(events.filter(({ level }) => level !== "INFO")).toEqual([]);
  expect(lines.filter((line) => /_noctule|_never_seen|_samedi_seul|_robot_gardien|née|Zoé/i.test(line))).toEqual([]);
});
