/**
 * The invented world the browser tests run against: small enough to be written and imported in
 * seconds, and the same at every run. `vigie simulate truth` with `people` knows where each
 * of them was.
 */
export const people = ["--seed", "1", "--viewers", "2000", "--channels", "60"];

/** When it is: the clock stands still there, a Monday evening in France. */
export const now = "2026-11-23T20:05:00Z";

/** The day of now. */
export const today = "2026-11-23";

/** How many weeks before it are in the archive: enough for the day of 25 hours, 25 October. */
export const weeks = "5";

/** The zone of pages that name none. */
export const zone = "Europe/Paris";
