import { expect, it } from "vitest";
import { noTeam } from "./actor.ts";
import { scopeOf, scopesSeenBy } from "./trust.ts";

const plain: ReadonlySet<string> = new Set(["scans.send"]);
const trusted: ReadonlySet<string> = new Set(["scans.send", "scans.trusted"]);

it.each([
  ["a team's scanner", { actor: { team: 7, permissions: plain }, scope: 7, seen: [0, 7] }],
  ["the installation's", { actor: { team: null, permissions: plain }, scope: -1, seen: [0, -1] }],
  ["a trusted one", { actor: { team: 7, permissions: trusted }, scope: 0, seen: [0, 7] }],
  ["who acts for no team", { actor: { team: noTeam, permissions: plain }, scope: null, seen: [] }],
])("the word of %s counts where it should", (_, { actor, scope, seen }) => {
  expect([scopeOf(actor), scopesSeenBy(actor)]).toEqual([scope, seen]);
});
