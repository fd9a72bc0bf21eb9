/**
 * What zones can ask, by type of resource: the fields of the reference's documentation, and where an asset's facts
 * (`zone_facts` of the store) hold each. Types and fields of which no asset exists yet are taken and match nothing.
 */
export const resourceTypes = ["aws", "gcp", "azure", "ibm", "oci", "kubernetes", "host", "image", "git"] as const;
export type ResourceType = (typeof resourceTypes)[number];

/** A text of the facts, or a list of labels: one label's value, or any as `key: value`. */
export type FieldPlace =
  | { readonly kind: "text"; readonly path: readonly string[] }
  | { readonly kind: "label"; readonly list: LabelList; readonly key: string }
  | { readonly kind: "labels"; readonly list: LabelList };
type LabelList = "tags" | "labels" | "cloud";

const inScope = (label: string): FieldPlace => ({ kind: "text", path: ["scope", label] });
const cloud = ["account", "organization", "location"];
const ibm = [...cloud, "resourceGroupId", "accountGroupId", "accountGroupName"];
const cloudPlaces = {
  account: inScope("cloudProvider.account.id"),
  organization: inScope("cloudProvider.organization.id"),
  location: inScope("cloudProvider.region"),
  resourceGroupId: inScope("cloudProvider.resourceGroup.id"),
  accountGroupId: inScope("cloudProvider.accountGroup.id"),
  accountGroupName: inScope("cloudProvider.accountGroup.name"),
};
const places: Readonly<Record<string, FieldPlace>> = {
  ...cloudPlaces,
  clusterId: inScope("kubernetes.cluster.name"),
  cluster: inScope("kubernetes.cluster.name"),
  namespace: inScope("kubernetes.namespace.name"),
  distribution: inScope("kubernetes.cluster.distribution"),
  name: { kind: "text", path: ["name"] },
  registry: { kind: "text", path: ["registry"] },
  repository: { kind: "text", path: ["repository"] },
  gitIntegrationId: inScope("git.integration.id"),
  gitSourceId: inScope("git.source.id"),
};

interface TypeFields {
  readonly texts: readonly string[];
  /** What `label.KEY` and `labels` or `labelValues` look into. */
  readonly labels?: LabelList;
  readonly hasTags?: true;
}

const kubernetes = ["clusterId", "cluster", "namespace", "distribution"];
const fields: Readonly<Record<ResourceType, TypeFields>> = {
  aws: { texts: cloud, labels: "cloud" },
  gcp: { texts: cloud, labels: "cloud" },
  azure: { texts: cloud, labels: "cloud" },
  ibm: { texts: ibm, labels: "cloud" },
  oci: { texts: cloud, labels: "cloud" },
  kubernetes: { texts: kubernetes, labels: "labels", hasTags: true },
  host: { texts: ["clusterId", "cluster", "name"], hasTags: true },
  image: { texts: ["registry", "repository"] },
  git: { texts: ["gitIntegrationId", "gitSourceId"] },
};

/** Where a field of a type lies; `null`: the type has no such field. */
export function placeOf(type: ResourceType, field: string): FieldPlace | null {
  const { texts, labels, hasTags } = fields[type];
  if (texts.includes(field)) return places[field] ?? null;
  const label = /^label\.(.+)$/s.exec(field)?.[1];
  if (labels !== undefined && label !== undefined) return { kind: "label", list: labels, key: label };
  if (labels !== undefined && field === legacyLabels(labels)) return { kind: "labels", list: labels };
  const tag = /^agent\.tag\.(.+)$/s.exec(field)?.[1];
  if (hasTags && tag !== undefined) return { kind: "label", list: "tags", key: tag };
  return hasTags && field === "agentTags" ? { kind: "labels", list: "tags" } : null;
}

/** How the older rules name all labels at once. */
function legacyLabels(list: LabelList): string {
  return list === "cloud" ? "labels" : "labelValues";
}

/** The fields of a type, for people. */
export function fieldsOf(type: ResourceType): string {
  const { texts, labels, hasTags } = fields[type];
  const named = [
    ...texts,
    ...(labels ? ["label.KEY", legacyLabels(labels)] : []),
    ...(hasTags ? ["agent.tag.KEY", "agentTags"] : []),
  ];
  return named.join(", ");
}

export function isResourceType(word: string): word is ResourceType {
  return resourceTypes.some((type) => type === word);
}
