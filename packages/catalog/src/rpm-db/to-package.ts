import type { PackageFact } from "@plimsoll/model";
import { isWord } from "../decode-text.ts";
import type { Header } from "./header/parse-header.ts";
import { tags } from "./header/tags.ts";

/** What a database says about one package, as texts. */
export interface RpmFields {
  readonly name: string | null;
  /** 0 and absent are the same to rpm's comparison, so 0 is never written. */
  readonly epoch: number;
  readonly version: string | null;
  readonly release: string | null;
  readonly arch: string | null;
  /** File name of the source package: `bash-5.1.8-6.el9.src.rpm`. */
  readonly sourceRpm: string | null;
  readonly vendor: string | null;
  readonly license: string | null;
  /** `nodejs:18:8090020230830165205:rhel8`. */
  readonly module: string | null;
}

/** Picks the fields from a header. */
export function fieldsOf(header: Header): RpmFields {
  return {
    name: header.text(tags.name),
    epoch: header.numbers(tags.epoch)[0] ?? 0,
    version: header.text(tags.version),
    release: header.text(tags.release),
    arch: header.text(tags.arch),
    sourceRpm: header.text(tags.sourceRpm),
    vendor: header.text(tags.vendor),
    license: header.text(tags.license),
    module: header.text(tags.modularityLabel),
  };
}

/** Whether it is a trusted key, which rpm keeps among the packages: `rpm -qa` lists it, but nothing is installed. */
export function isKey({ name }: RpmFields): boolean {
  return name === "gpg-pubkey";
}

/** The package; `null` without a believable name, version and release. Its version reads `[epoch:]version-release`. */
export function toPackage(fields: RpmFields): PackageFact | null {
  const { name, version, release, arch, module } = fields;
  if (!isWord(name) || !isWord(version) || !isWord(release)) return null;
  const full = withEpoch(`${version}-${release}`, fields);
  const source = sourceOf(fields, { name, version: full });
  const license = textOf(fields.license);
  const vendor = textOf(fields.vendor);
  return {
    ecosystem: "rpm",
    name,
    version: full,
    ...(isWord(arch) && { arch }),
    ...(source !== null && { source }),
    ...(license !== null && { licenses: [license] }),
    ...(vendor !== null && { vendor }),
    kind: "installed",
    ...(isWord(module) && module !== "(none)" && { qualifiers: { rpmmod: module } }),
  };
}

function withEpoch(version: string, { epoch }: RpmFields): string {
  return epoch === 0 ? version : `${epoch}:${version}`;
}

type Named = { readonly name: string; readonly version: string };

/**
 * Name and version from `name-version-release.src.rpm`; `null` when they are the package's own. A source's file name
 * never tells its epoch: it is taken to be the package's, as it is for all but a few subpackages.
 */
function sourceOf(fields: RpmFields, binary: Named): Named | null {
  const file = fields.sourceRpm ?? "";
  const match = file.length > longestLine ? null : /^(.+)-([^-]+-[^-]+)\.(?:no)?src\.rpm$/.exec(file);
  if (match === null) return null;
  const source = { name: match[1] ?? "", version: withEpoch(match[2] ?? "", fields) };
  if (!isWord(source.name) || !isWord(source.version)) return null;
  return source.name === binary.name && source.version === binary.version ? null : source;
}

const longestLine = 1000;

/** One line, not absurdly long; `null` for nothing and for rpm's "(none)". */
function textOf(text: string | null): string | null {
  const line = (text ?? "")
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim()
    .slice(0, 1000);
  return line === "" || line === "(none)" ? null : line;
}
