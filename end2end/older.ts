/**
 * A second, smaller world that is old: January 2024 is forgotten, February is kept in hours, March as it was. Dates lie
 * in the past of whoever runs this, and the limits are counted from the day of the run: the program ages by its wall clock.
 */
export const people = ["--seed", "1", "--viewers", "300", "--channels", "20"];

/** The last day, and how many: from 30 January on. */
export const until = "2024-03-03";
export const days = "34";

/** Days of the three, and one that reaches into February and March in the zone of the site. */
export const forgotten = "2024-01-31";
export const inHours = "2024-02-10";
export const edge = "2024-03-01";
export const whole = "2024-03-02";

const DAY_MS = 86_400_000;

/** Days since a date. */
const since = (day: string): number => Math.floor((Date.now() - Date.parse(day)) / DAY_MS);

/** How long hours are kept: a month ages by its last day, at more than so many days. */
export const hourDays = (): number => since("2024-01-31") - 1;

/** The configuration of its server, in a folder with its archive and its store. */
export function configuration(folder: string, port: string): string {
  return [
    "[site]",
    `listen = "127.0.0.1:${port}"`,
    `zone = "Europe/Paris"`,
    "[archive]",
    `url = ${JSON.stringify(`${folder}/archive`)}`,
    `origin = "simulated"`,
    "[store]",
    `url = ${JSON.stringify(`sqlite:${folder}/store`)}`,
    "[import]",
    "verify = 0",
    "[retention]",
    `raw_days = ${since("2024-02-29") - 1}`,
    `hour_days = ${hourDays()}`,
    "",
  ].join("\n");
}
