import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { people } from "../../world";
import type { Session } from "./day_page";

/** Slots [from, to) of a UTC day. */
type Run = [number, number];

/** What `vigie simulate truth` tells of one person in one channel on one UTC day. */
interface ChannelTruth {
  channel: string;
  listed: Run[];
  observed: Run[];
}

/** Slots [from, to), counted from 1970. */
interface Stretch {
  from: number;
  to: number;
}

const SLOT_MS = 300_000;
const SLOTS_PER_DAY = 288;
/** At most this many slots are bridged in all … */
const BRIDGE = 3;
/** … and at most this many in which the person was seen to be absent. */
const BRIDGE_ABSENT = 1;

// Set by the configuration.
const vigie = process.env.VIGIE_BIN!;

/**
 * The sessions of a person on a local day, from the simulator's truth by the rules of `docs/words.md` and nothing of
 * the site's own.
 */
export async function trueSessions(login: string, day: string, zone: string): Promise<Session[]> {
  const window = localDay(day, zone);
  const first = Math.floor(window.from / SLOTS_PER_DAY) - 1;
  const last = Math.floor((window.to - 1) / SLOTS_PER_DAY) + 1;
  const listed = new Map<string, Set<number>>();
  const observed = new Map<string, Set<number>>();
  const days = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const truths = await Promise.all(days.map((day) => dayTruth(login, day)));
  truths.forEach((channels, index) => {
    for (const channel of channels) {
      const start = (first + index) * SLOTS_PER_DAY;
      add(listed, channel.channel, channel.listed, start);
      add(observed, channel.channel, channel.observed, start);
    }
  });
  return [...listed].flatMap(([channel, slots]) =>
    joined(slots, observed.get(channel) ?? new Set()).flatMap((session) => within(session, window, channel, zone)),
  );
}

/** Runs joined across short gaps. */
function joined(listed: Set<number>, observed: Set<number>): Stretch[][] {
  const sessions: Stretch[][] = [];
  for (const slot of [...listed].sort((a, b) => a - b)) {
    const session = sessions.at(-1);
    const end = session?.at(-1);
    if (session === undefined || end === undefined) {
      sessions.push([{ from: slot, to: slot + 1 }]);
      continue;
    }
    const gap = Array.from({ length: slot - end.to }, (_, index) => end.to + index);
    if (gap.length === 0) end.to = slot + 1;
    else if (gap.length <= BRIDGE && gap.filter((at) => observed.has(at)).length <= BRIDGE_ABSENT)
      session.push({ from: slot, to: slot + 1 });
    else sessions.push([{ from: slot, to: slot + 1 }]);
  }
  return sessions;
}

/** A session as the local day shows it; nothing where it lies outside. */
function within(session: Stretch[], window: Stretch, channel: string, zone: string): Session[] {
  const present = session
    .map(({ from, to }) => ({ from: Math.max(from, window.from), to: Math.min(to, window.to) }))
    .filter(({ from, to }) => from < to);
  const [start, end] = [present.at(0), present.at(-1)];
  if (start === undefined || end === undefined) return [];
  const slots = present.reduce((sum, { from, to }) => sum + to - from, 0);
  return [
    {
      channel,
      from: clock(start.from, zone),
      fromBefore: session[0]!.from < window.from,
      to: end.to === window.to ? "24:00" : clock(end.to, zone),
      goesOn: session.at(-1)!.to > window.to,
      minutes: slots * 5,
      joined: end.to - start.from - slots,
    },
  ];
}

function add(all: Map<string, Set<number>>, channel: string, runs: Run[], start: number): void {
  const slots = all.get(channel) ?? new Set();
  all.set(channel, slots);
  for (const [from, to] of runs) for (let slot = from; slot < to; slot++) slots.add(start + slot);
}

async function dayTruth(login: string, day: number): Promise<ChannelTruth[]> {
  const date = new Date(day * SLOTS_PER_DAY * SLOT_MS).toISOString().slice(0, 10);
  const line = ["simulate", "truth", ...people, "--login", login, "--day", date];
  const { stdout } = await promisify(execFile)(vigie, line);
  return (JSON.parse(stdout) as { channels: ChannelTruth[] }).channels;
}

/** The slots of a local day: 288, or 276 and 300 where clocks change. */
function localDay(day: string, zone: string): Stretch {
  const noon = Date.parse(`${day}T12:00:00Z`) / SLOT_MS;
  const slots = Array.from({ length: 4 * SLOTS_PER_DAY }, (_, index) => noon - 2 * SLOTS_PER_DAY + index);
  const inside = slots.filter((slot) => local(slot, zone).day === day);
  return { from: inside[0]!, to: inside.at(-1)! + 1 };
}

function clock(slot: number, zone: string): string {
  return local(slot, zone).clock;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function local(slot: number, zone: string): { day: string; clock: string } {
  const format = formats.get(zone) ?? new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "short" });
  formats.set(zone, format);
  const [day = "", clock = ""] = format.format(slot * SLOT_MS).split(" ");
  return { day, clock };
}
