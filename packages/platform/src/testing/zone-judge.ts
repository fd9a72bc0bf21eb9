import type { AssetKind } from "../store/ingest/asset.ts";
import type { Condition, ZoneComparison } from "../zones/condition.ts";
import type { ResourceType } from "../zones/fields.ts";

// Judges zones by their words alone: it knows nothing of the code it is there to check.

/** An asset as a test makes it. */
export interface Made {
  readonly kind: AssetKind;
  readonly name: string;
  readonly scope: Readonly<Record<string, string>>;
  readonly team: 0 | 1 | null;
}

/** A filter of a zone's scope; `null`: everything of the type. */
export interface Filter {
  readonly type: ResourceType;
  readonly asked: Condition | null;
}

/** As the rules language writes it. */
export function printed(asked: Condition): string {
  if (asked.kind === "not") return `not (${printed(asked.part)})`;
  if (asked.kind !== "comparison") return asked.parts.map((part) => `(${printed(part)})`).join(` ${asked.kind} `);
  return `${asked.field} ${asked.operator} (${asked.values.map(quoted).join(", ")})`;
}

export function quoted(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

/** Whether an asset lies in what the filter asks for. */
export function lies({ type, asked }: Filter, made: Made): boolean {
  const own = made.kind === "workload" ? "kubernetes" : made.kind === "host" ? "host" : "image";
  const isCloud = own !== "image" && made.scope["cloudProvider.name"]?.toLowerCase() === type;
  return (own === type || isCloud) && (asked === null || holds(asked, made));
}

function holds(asked: Condition, made: Made): boolean {
  if (asked.kind === "not") return !holds(asked.part, made);
  if (asked.kind !== "comparison") {
    const held = asked.parts.filter((part) => holds(part, made)).length;
    return asked.kind === "and" ? held === asked.parts.length : held > 0;
  }
  return textsOf(asked, made).some((text) =>
    asked.values.some((value) => (asked.operator === "in" ? text === value : text.includes(value))),
  );
}

const labelOf: Readonly<Record<string, string>> = {
  clusterId: "kubernetes.cluster.name",
  namespace: "kubernetes.namespace.name",
  account: "cloudProvider.account.id",
  "agent.tag.env": "agent.tag.env",
  "label.app": "kubernetes.workload.label.app",
};

function textsOf({ field }: ZoneComparison, made: Made): string[] {
  const of = (label: string) => [made.scope[label] ?? []].flat();
  const label = labelOf[field];
  if (label !== undefined) return of(label);
  if (field === "agentTags") return of("agent.tag.env").map((value) => `env: ${value}`);
  if (field === "labelValues") return of("kubernetes.workload.label.app").map((value) => `app: ${value}`);
  return field === "name" ? [made.name] : imageTexts(field, made);
}

function imageTexts(field: string, { name, kind }: Made): string[] {
  if (kind === "workload" || kind === "host") return [];
  const [base = ""] = name.split("@");
  const [head = ""] = base.split("/");
  const hasRegistry = base.includes("/") && (/[.:]/.test(head) || head === "localhost");
  if (field === "registry") return [hasRegistry ? head : "docker.io"];
  return [(hasRegistry ? base.slice(head.length + 1) : base).replace(/:[^/:]*$/, "")];
}
