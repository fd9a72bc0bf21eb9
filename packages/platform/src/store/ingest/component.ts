import {
  advisoryName,
  type Distro,
  distroEcosystem,
  ecosystemOf,
  type Package,
  type Sbom,
  uuidOf,
} from "@plimsoll/model";

/** What matching asks of a component besides its version. */
export interface ComponentFacts
  extends Pick<Package, "ecosystem" | "name" | "arch" | "source" | "qualifiers" | "role"> {
  /** Of OS packages, and of what one of them owns. */
  readonly distro?: Distro;
  /** The OS package that owns it: whether the distro speaks for that one decides who speaks for this. */
  readonly owner?: Pick<Package, "name" | "version" | "ecosystem" | "arch" | "source" | "vendor" | "qualifiers">;
  readonly vendor?: string;
  /** An OS package owns it. */
  readonly owned?: true;
}

/** A distinct package, wherever and however often it is installed. */
export interface Component {
  /** UUID of everything below. */
  readonly key: string;
  /** Key of its advisories: `npm`, `debian:12`; "" for the packages of a distro that nobody knows. */
  readonly ecosystem: string;
  /** As advisories write it. */
  readonly name: string;
  /** Another name that decides about it: its source package's, or that of the OS package that owns it. */
  readonly via: string | null;
  readonly version: string;
  readonly facts: ComponentFacts;
}

/** The component that each package of an SBOM is an instance of, by package id. */
export function componentsOf({ packages, distro }: Pick<Sbom, "packages" | "distro">): Map<string, Component> {
  const owners = new Map(
    packages.filter(({ ecosystem }) => ecosystemOf(ecosystem).os).map((owner) => [owner.purl, owner]),
  );
  const seen = new Map<string, Component>();
  return new Map(
    packages.map((pkg) => {
      const owner = pkg.ownedBy === undefined ? undefined : owners.get(pkg.ownedBy);
      const found = componentOf(pkg, owner, distro);
      const component = seen.get(found.key) ?? found;
      seen.set(component.key, component);
      return [pkg.id, component];
    }),
  );
}

function componentOf(pkg: Package, owner: Package | undefined, distro: Distro | null): Component {
  const isOs = ecosystemOf(pkg.ecosystem).os;
  const owned = pkg.ownedBy !== undefined;
  const ecosystem = isOs ? ((distro && distroEcosystem(distro)) ?? "") : pkg.ecosystem;
  const facts: ComponentFacts = {
    ecosystem: pkg.ecosystem,
    name: pkg.name,
    ...(owned && { owned }),
    ...picked(pkg),
    ...(pkg.role !== undefined && { role: pkg.role }),
    ...((isOs || owned) && distro !== null && { distro: plain(distro) }),
    ...(isOs && pkg.vendor !== undefined && { vendor: pkg.vendor }),
    ...(owner !== undefined && { owner: { ...ownerOf(owner) } }),
  };
  const name = advisoryName(pkg.ecosystem, pkg.name);
  const via = (owned ? owner?.name : pkg.source?.name) ?? null;
  const key = uuidOf("component", ecosystem, name, pkg.version, canonical(facts));
  return { key, ecosystem, name, via, version: pkg.version, facts };
}

function picked({ arch, source, qualifiers }: Package): Pick<ComponentFacts, "arch" | "source" | "qualifiers"> {
  return {
    ...(arch !== undefined && { arch }),
    ...(source !== undefined && { source }),
    ...(qualifiers !== undefined && { qualifiers }),
  };
}

function ownerOf(owner: Package): NonNullable<ComponentFacts["owner"]> {
  const { name, version, ecosystem, vendor } = owner;
  return { name, version, ecosystem, ...picked(owner), ...(vendor !== undefined && { vendor }) };
}

/** What tells its advisories apart; the text for people changes with every point release. */
function plain({ id, idLike, versionId, codename, prettyName }: Distro): Distro {
  const isStream = /\bstream\b/i.test(prettyName ?? "");
  return {
    id,
    idLike,
    versionId,
    ...(codename !== undefined && { codename }),
    ...(isStream && { prettyName: "stream" }),
  };
}

/** JSON with the keys of every object in order: of each, as `JSON.stringify` writes it. */
function canonical(value: unknown): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, inner]) => inner !== undefined);
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join()}}`;
}
