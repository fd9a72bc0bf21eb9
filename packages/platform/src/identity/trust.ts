import { type Actor, noTeam } from "./actor.ts";

/** Analyses that every team leans on: a trusted scanner's, or the server's own. */
export const everybodysScope = 0;

/** Those of scanners of the whole installation that nobody trusts. */
const installationsScope = -1;

/** Where what an actor says of content counts (decision 13); `null`: for the one scan it is said in, and nowhere else. */
export function scopeOf({ permissions, team }: Pick<Actor, "permissions" | "team">): number | null {
  if (permissions.has("scans.trusted")) return everybodysScope;
  if (team === null) return installationsScope;
  return team === noTeam ? null : team;
}

/** What an actor's scans lean on: everybody's analyses, and those of its own team; nothing for who sees nothing. */
export function scopesSeenBy({ team }: Pick<Actor, "team">): readonly number[] {
  if (team === noTeam) return [];
  return [everybodysScope, team ?? installationsScope];
}
