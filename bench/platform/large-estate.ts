/**
 * A hundred thousand images without writing a hundred thousand SBOMs: few bases of ten distros, what platforms put on
 * them, what applications bring (drawn Zipf-like, one in a hundred known to nobody else), and on some a layer that
 * upgrades and removes. Everything follows from numbers, so the same estate comes out every time.
 */
import { type Distro, type EcosystemId, uuidOf } from "@plimsoll/model";
import { drawing, zipf } from "./made-up-estate.ts";

/** A package in one version, as the store keeps it. */
export interface EstateComponent {
  /** Row number, from 1. */
  readonly id: number;
  readonly key: string;
  readonly ecosystem: string;
  readonly name: string;
  readonly via: string | null;
  readonly version: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** A layer's change of the packages, and the layer below. */
export interface EstateSet {
  readonly id: number;
  readonly key: string;
  readonly below: EstateSet | null;
  readonly edges: ReadonlyMap<EstateComponent, number>;
}

interface Platform {
  readonly os: EcosystemId;
  readonly distro: Distro;
  readonly key: string;
}

const platforms: readonly Platform[] = [
  ...["12", "11", "13"].map((release) => platform("deb", "debian", release)),
  ...["22.04", "24.04", "20.04"].map((release) => platform("deb", "ubuntu", release)),
  ...["3.20", "3.18"].map((release) => platform("apk", "alpine", release)),
  ...["9", "8"].map((release) => platform("rpm", "almalinux", release)),
];
const languages: readonly EcosystemId[] = ["npm", "npm", "pypi", "maven", "golang"];

const systemNames = 2500;
export const languageNames = 8_000;
const bases = 300;
const middles = 3000;
/** Images by sixty in a hundred have packages of their own; the others are built on the same ones with other files. */
const applications = 0.6;

function platform(os: EcosystemId, id: string, versionId: string): Platform {
  return { os, distro: { id, idLike: [], versionId }, key: `${id}:${versionId}` };
}

/** Packages and sets, made when they are first asked for. */
export class LargeEstate {
  readonly components = new Map<string, EstateComponent>();
  readonly sets = new Map<string, EstateSet>();
  readonly #images: number;

  constructor(images: number) {
    this.#images = images;
  }

  /** The sets of image `n`, the topmost last. */
  pathOf(n: number): EstateSet[] {
    const draw = drawing(n + 1_000_000);
    const application = zipfless(draw, Math.max(1, Math.floor(this.#images * applications)));
    const app = this.#application(n < this.#images * applications ? n : application);
    const top = draw() < 0.3 ? this.#change(app, n, draw) : app;
    return pathTo(top);
  }

  /** The sets of an image on a known platform whose application nobody has: number `n` beyond the estate's own. */
  freshPathOf(n: number): EstateSet[] {
    return pathTo(this.#application(n));
  }

  #base(b: number): EstateSet {
    return this.#set(`base ${b}`, null, (add) => {
      const { on, draw, snapshot } = seated(b);
      const count = 20 + Math.floor(draw() * 120);
      // What every base has, and a few that only some have.
      for (let at = 0; at < count; at++) {
        add(this.#system(on, at < count * 0.7 ? at : zipf(draw, systemNames), snapshot), 1);
      }
    });
  }

  #middle(m: number): EstateSet {
    const b = zipf(drawing(m + 77), bases);
    return this.#set(`middle ${m}`, this.#base(b), (add) => {
      const { on, snapshot } = seated(b);
      const draw = drawing(m + 500_000);
      for (let left = 20 + Math.floor(draw() * 120); left > 0; left--) {
        add(this.#system(on, 100 + zipf(draw, systemNames - 100), snapshot), 1);
      }
    });
  }

  #application(a: number): EstateSet {
    const draw = drawing(a + 5);
    const middle = this.#middle(zipf(draw, middles));
    return this.#set(`application ${a}`, middle, (add) => {
      const language = languages[Math.floor(draw() * languages.length)] ?? "npm";
      for (let left = 50 + Math.floor(350 * draw() ** 1.5); left > 0; left--) {
        const isOwn = draw() < 0.01;
        const name = isOwn ? `own-${a}-${left}` : languageName(language, zipf(draw, languageNames));
        add(this.#language(language, name, isOwn ? 1 : zipf(draw, 10)), 1);
      }
    });
  }

  /** Upgrades some packages of the system and removes one. */
  #change(app: EstateSet, n: number, draw: () => number): EstateSet {
    return this.#set(`change ${n}`, app, (add) => {
      const below = [...(app.below?.edges.keys() ?? [])];
      for (let left = 4; left > 0; left--) {
        const old = below.splice(Math.floor(draw() * below.length), 1)[0];
        if (old === undefined) return;
        add(old, -(app.below?.edges.get(old) ?? 1));
        if (left > 1) add(this.#again(old, `1.${versionNumber(old.version) + 9}.0`), 1);
      }
    });
  }

  #system({ os, distro, key }: Platform, rank: number, snapshot: number): EstateComponent {
    const name = systemName(key, rank);
    // Point releases bring the one package often and the other never.
    const version = `1.${Math.floor((snapshot * (rank % 7)) / 6)}.0`;
    const source = { name: `${key}-src-${Math.floor(rank / 3)}`, version };
    return this.#component(
      { ecosystem: key, name, via: source.name, version },
      { ecosystem: os, name, source, distro },
    );
  }

  #language(ecosystem: EcosystemId, name: string, version: number): EstateComponent {
    return this.#component({ ecosystem, name, via: null, version: `1.${version}.0` }, { ecosystem, name });
  }

  #again({ ecosystem, name, via, facts }: EstateComponent, version: string): EstateComponent {
    const source = via === null ? {} : { source: { name: via, version } };
    return this.#component({ ecosystem, name, via, version }, { ...facts, ...source });
  }

  #component(
    named: Pick<EstateComponent, "ecosystem" | "name" | "via" | "version">,
    facts: EstateComponent["facts"],
  ): EstateComponent {
    const identity = `${named.ecosystem} ${named.name} ${named.version}`;
    const known = this.components.get(identity);
    if (known !== undefined) return known;
    const key = uuidOf("component", named.ecosystem, named.name, named.version, canonical(facts));
    const made = { id: this.components.size + 1, key, ...named, facts };
    this.components.set(identity, made);
    return made;
  }

  #set(
    identity: string,
    below: EstateSet | null,
    fill: (add: (component: EstateComponent, n: number) => void) => void,
  ): EstateSet {
    const known = this.sets.get(identity);
    if (known !== undefined) return known;
    const edges = new Map<EstateComponent, number>();
    fill((component, n) => {
      const sum = (edges.get(component) ?? 0) + n;
      if (sum === 0) edges.delete(component);
      else edges.set(component, sum);
    });
    const texts = [...edges].map(([{ key }, n]) => `${key} ${n}`).sort();
    const made = { id: this.sets.size + 1, key: uuidOf("set", below?.key ?? "", ...texts), below, edges };
    this.sets.set(identity, made);
    return made;
  }
}

export function systemName(key: string, rank: number): string {
  return `${key}-pkg-${rank}`;
}

export function languageName(language: string, rank: number): string {
  return `${language}-lib-${rank}`;
}

/** Ecosystem keys of all distros, and of all languages, each once. */
export const systems: readonly string[] = platforms.map(({ key }) => key);
export const languageKeys: readonly string[] = [...new Set(languages)];

/** `1.7.0` → 7. */
export function versionNumber(version: string): number {
  return Number(version.split(".")[1] ?? 0);
}

function pathTo(top: EstateSet): EstateSet[] {
  const path: EstateSet[] = [];
  for (let set: EstateSet | null = top; set !== null; set = set.below) path.unshift(set);
  return path;
}

function seated(b: number) {
  const draw = drawing(b + 9000);
  const on = platforms[zipf(draw, platforms.length + 1) % platforms.length] ?? platform("deb", "debian", "12");
  return { on, draw, snapshot: Math.floor(draw() * 30) };
}

function zipfless(draw: () => number, length: number): number {
  return Math.floor(draw() * length);
}

/** JSON with the keys of every object in order: what the store hashes. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
