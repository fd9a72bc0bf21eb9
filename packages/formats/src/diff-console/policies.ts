import type { PolicyChange, RuleChange } from "@plimsoll/model";
import { nameText, prose } from "../console/context.ts";
import type { Tone } from "../console/paint.ts";
import { countText } from "../sizes.ts";
import type { DiffScene } from "./scene.ts";

/** Every policy before and after, and the rules whose answer differs. */
export function policyLines(scene: DiffScene): string[] {
  const { policies } = scene.difference;
  if (policies.length === 0) return [];
  return [scene.paint("heading", "Policies"), ...policies.flatMap((policy) => onePolicy(policy, scene))];
}

function onePolicy({ name, before, after, rules }: PolicyChange, scene: DiffScene): string[] {
  const { paint, columns } = scene;
  const title = `  ${paint("strong", nameText(name, 80))}  ${paint(toneOf(before, after), changeText(before, after))}`;
  const lines = rules.flatMap((rule) => prose(ruleText(rule), { columns, indent: "    " }));
  return [title, ...lines];
}

function ruleText({ description, before, after, violations }: RuleChange): string {
  const count = after === "failed" ? `, ${countText(violations, "violation")}` : "";
  return `${nameText(description, 300)}: ${changeText(before, after)}${count}`;
}

function changeText(before: string | null, after: string | null): string {
  const [was, is] = [before ?? "not evaluated", after ?? "not evaluated"];
  return was === is ? is : `${was} → ${is}`;
}

function toneOf(before: string | null, after: string | null): Tone {
  if (after === "failed") return "bad";
  return before === "failed" ? "good" : "plain";
}
