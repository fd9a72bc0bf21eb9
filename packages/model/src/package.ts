import type { DiffId } from "./digest.ts";
import type { EcosystemId } from "./ecosystem.ts";

/** Where a package was seen: a path without leading slash; `outer.war:WEB-INF/lib/inner.jar` inside archives. */
export interface Location {
  readonly path: string;
  /** Layer that holds the evidence as it stands in the squashed tree; `null` outside images. */
  readonly layer: DiffId | null;
}

/** What a cataloger says about one package, before layers are attributed. */
export interface PackageFact {
  readonly ecosystem: EcosystemId;
  /** As its ecosystem writes it: `group:artifact` for Maven, `@scope/name` for npm. */
  readonly name: string;
  /** Full version as compared by its scheme: `[epoch:]version-release` for deb and rpm. "" when unknown (with a Problem). */
  readonly version: string;
  readonly arch?: string;
  /** Source package / origin, where it differs in name or version from the binary package. */
  readonly source?: { readonly name: string; readonly version: string };
  /** Licence expressions or names as found, sorted, no repeats. */
  readonly licenses?: readonly string[];
  /** Who built it, as its database says (rpm Vendor, dpkg Maintainer): tells the distro's own packages from third-party ones. */
  readonly vendor?: string;
  /** `installed` on disk or `declared` in a manifest or lockfile. */
  readonly kind: "installed" | "declared";
  /** Path inside the evidence file, for archives in archives (`WEB-INF/lib/x.jar`); absent otherwise. */
  readonly innerPath?: string;
  /** purl qualifiers beyond arch and distro (rpm module label, …), sorted by key on output. */
  readonly qualifiers?: Readonly<Record<string, string>>;
  /** Go: main module of the binary, or the toolchain. */
  readonly role?: "main" | "toolchain";
}

/** A package of a source, attributed. */
export interface Package extends PackageFact {
  /** Deterministic UUID from its identity (ecosystem, name, version, arch, path, removed or not). */
  readonly id: string;
  readonly purl: string;
  /** First = the evidence that names it; sorted by path. */
  readonly locations: readonly Location[];
  /** First layer since which it has been present unchanged (truth 2); `null` outside images. */
  readonly introducedIn: DiffId | null;
  /** Layer that removed or replaced it, when it is gone from the squashed tree. Removed packages are never counted. */
  readonly removedIn?: DiffId;
  /** purl of the OS package that owns its evidence: then only the distro's advisories speak (truth 10). */
  readonly ownedBy?: string;
  /** Name of the cataloger. */
  readonly foundBy: string;
}
