import type { InventoryContents } from "@plimsoll/contract";
import { platformError } from "../errors.ts";
import { cleanText } from "./clean-text.ts";
import { joinLoaded, type LoadedPackages, loadedKey } from "./loaded-packages.ts";
import { contentOf, hostItem, type RunningItem, registryItem, type SaidBy, workloadItem } from "./running-item.ts";

/** Most rows of one snapshot, and most different things among them. */
const mostRows = 500_000;
const mostAssets = 200_000;
/** Containers of one asset that are kept, for people. */
const keptContainers = 20;
/** Most packages that are kept as loaded of one asset. */
const mostLoaded = 50_000;

/** All that a snapshot says of one asset, its replicas as one. */
export interface SaidAsset extends Omit<RunningItem, "replicas" | "loaded" | "unscanned" | "isChanged"> {
  readonly content: string;
  readonly replicas: number;
  /** `null`: nobody looked. */
  readonly loaded: { readonly key: string; readonly packages: LoadedPackages; readonly since: string | null } | null;
  readonly reason: string | null;
  readonly detail: string | null;
}

export interface Seen {
  readonly workloads: number;
  readonly containers: number;
  readonly hosts: number;
  readonly registryImages: number;
  readonly replicas: number;
}

type Container = RunningItem["containers"][number];

interface Group {
  readonly first: RunningItem;
  /** Those that were counted by who says it. */
  counted: number;
  /** Those that are listed, by their ids: one that is listed twice is one. */
  readonly listed: Map<string, Container>;
  /** Some of those that were counted. */
  readonly some: Container[];
  readonly loaded: NonNullable<RunningItem["loaded"]>[];
  unscanned: RunningItem["unscanned"];
}

/** Takes the parts of a snapshot one after another, in whatever order, and joins what is one. */
export class Gathering {
  readonly #by: SaidBy;
  readonly #groups = new Map<string, Group>();
  #rows = 0;
  #changed = 0;

  constructor(by: SaidBy) {
    this.#by = by;
  }

  /** Throws SNAPSHOT_TOO_LARGE. */
  add({ workloads = [], containers = [], hosts = [], registryImages = [] }: InventoryContents): void {
    for (const said of workloads) this.#add(workloadItem("workload", said, this.#by));
    for (const said of containers) this.#add(workloadItem("container", said, this.#by));
    for (const said of hosts) this.#add(hostItem(said, this.#by));
    for (const said of registryImages) this.#add(registryItem(said, this.#by));
  }

  #add(item: RunningItem): void {
    this.#rows += 1 + item.containers.length;
    if (this.#rows > mostRows) throw tooLarge(mostRows, "rows");
    if (item.isChanged) this.#changed++;
    const id = item.key.id;
    const group = this.#groups.get(id) ?? groupOf(item);
    if (!this.#groups.has(id)) {
      if (this.#groups.size >= mostAssets) throw tooLarge(mostAssets, "different workloads and images");
      this.#groups.set(id, group);
    }
    count(group, item);
    if (item.loaded !== undefined) group.loaded.push(item.loaded);
    group.unscanned ??= item.unscanned;
  }

  /** What was said, in the order of the assets' ids. */
  assets(): readonly SaidAsset[] {
    const all = [...this.#groups.values()].map(assetOf);
    return all.sort((a, b) => (BigInt(a.key.id) < BigInt(b.key.id) ? -1 : 1));
  }

  /** What was cleaned, for who sent it. */
  problems(): string[] {
    return this.#changed === 0
      ? []
      : [`${this.#changed} rows had labels or names that were cut, cleaned of control characters or left out`];
  }
}

function count(group: Group, { replicas, containers }: RunningItem): void {
  if (replicas !== null) {
    group.counted += replicas;
    group.some.push(...containers.slice(0, keptContainers - group.some.length));
  } else if (containers.length === 0) group.counted++;
  else for (const container of containers) group.listed.set(container.id, container);
}

export function seenOf(assets: readonly SaidAsset[]): Seen {
  const count = (kind: string): number => assets.filter(({ asset }) => asset.kind === kind).length;
  return {
    workloads: count("workload"),
    containers: count("container"),
    hosts: count("host"),
    registryImages: count("registry"),
    replicas: assets.reduce((sum, { replicas }) => sum + replicas, 0),
  };
}

function groupOf(first: RunningItem): Group {
  return { first, counted: 0, listed: new Map(), some: [], loaded: [], unscanned: undefined };
}

function assetOf({ first, counted, listed, some, loaded, unscanned }: Group): SaidAsset {
  const { asset, key, imageId, digest, reference, shown } = first;
  const containers = [...listed.values(), ...some].sort((a, b) => (a.id < b.id ? -1 : 1));
  const said = {
    ...{ asset, imageId, digest, reference, shown },
    replicas: counted + listed.size,
    containers: containers.slice(0, keptContainers).map(cleanContainer),
    loaded: loadedOf(loaded),
    reason: unscanned?.reason ?? null,
    detail: unscanned?.detail === undefined ? null : cleanText(unscanned.detail, 500),
  };
  const { loaded: seen, ...rest } = said;
  return { ...said, key, content: contentOf({ ...rest, loaded: seen === null ? null : [seen.key, seen.since] }) };
}

function cleanContainer({ id, name, pod }: RunningItem["containers"][number]) {
  return {
    id: cleanText(id, 200),
    ...(name !== undefined && { name: cleanText(name, 200) }),
    ...(pod !== undefined && { pod: cleanText(pod, 300) }),
  };
}

function loadedOf(all: Group["loaded"]): SaidAsset["loaded"] {
  if (all.length === 0) return null;
  const packages = joinLoaded(all);
  const count = packages.purls.length + packages.paths.length + packages.names.length;
  if (count > mostLoaded) throw tooLarge(mostLoaded, "loaded packages of one workload");
  const since = all.flatMap(({ since: at }) => at ?? []).sort()[0] ?? null;
  return { key: loadedKey(packages), packages, since };
}

function tooLarge(limit: number, what: string) {
  return platformError("SNAPSHOT_TOO_LARGE", { fields: { limit, what } });
}
