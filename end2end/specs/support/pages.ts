import type { Language } from "./speech";

/** A kind of page: where it is, and what it answers. */
export interface PageKind {
  name: string;
  /** Without its language. */
  path: string;
  status: number;
}

const ok = (name: string, path: string): PageKind => ({ name, path, status: 200 });

/** One page of each kind, in each state that it has. */
export const PAGES: readonly PageKind[] = [
  ok("home", ""),
  ok("viewer", "/viewer/_noctule?day=2026-11-07"),
  ok("viewer-today", "/viewer/_noctule?day=2026-11-23"),
  ok("viewer-nothing", "/viewer/_samedi_seul?day=2026-10-21"),
  ok("viewer-bot", "/viewer/_robot_gardien?day=2026-10-31"),
  ok("viewer-habits-few", "/viewer/_noctule/habits?from=2026-11-01&to=2026-11-05&tz=Mars/Olympus"),
  ok("viewer-trace", "/viewer/_noctule/trace?nights=1"),
  ok("channel", "/channel/_radio_minuit?day=2026-11-21"),
  ok("channel-off", "/channel/_radio_minuit?day=2026-10-20"),
  ok("channel-figures", "/channel/_radio_minuit/figures?range=7"),
  ok("explore", "/explore?range=7"),
  ok("validation", "/validation"),
  ok("about", "/about"),
  ok("search", "/search"),
  { name: "search-wrong", path: "/search?q=n%C3%A9e", status: 400 },
  { name: "viewer-wrong", path: "/viewer/n%C3%A9e", status: 400 },
  { name: "not-found", path: "/viewer/_never_seen", status: 404 },
];

/** Those that people look at, as pictures. */
export const SHOWN = ["home", "viewer", "channel", "about", "not-found"];

/** The address of a page in a language. */
export function address(page: PageKind, language: Language): string {
  return `/${language}${page.path}`;
}
