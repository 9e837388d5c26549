import { readFileSync } from "node:fs";
import { join } from "node:path";

export const LANGUAGES = ["fr", "en"] as const;
/** A language of the site. */
export type Language = (typeof LANGUAGES)[number];

/** What a browser set to the language asks for. */
export const LOCALES = { fr: "fr-FR", en: "en-GB" } as const;

const LOCALES_FOLDER = join(import.meta.dirname, "../../../app/locales");

/** The site's own words: `say("fr", "day.show")`. Up to the first value where there is one. */
export function say(language: Language, key: string): string {
  const [file, ...path] = key.split(".");
  let at: unknown = JSON.parse(readFileSync(join(LOCALES_FOLDER, language, `${file}.json`), "utf8"));
  for (const part of path) at = (at as Record<string, unknown>)[part];
  if (typeof at !== "string") throw new Error(`the site has no text ${key} in ${language}`);
  return at.split("{{")[0]!.trim();
}
