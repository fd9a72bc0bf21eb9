import type { PackageFact } from "@plimsoll/model";
import type { Facts } from "../cataloger.ts";
import { isWord } from "../decode-text.ts";

/** Characters of a specification that are looked at: what RubyGems writes puts name and version at the top. */
const lookedAt = 65_536;

/**
 * The gem an installed specification names. RubyGems writes `# stub: NAME VERSION PLATFORM PATHS` on top (Gem::StubSpecification);
 * older ones have `s.name = "…"` only, and hand-written ones nothing constant: then the file's name stands (`NAME-VERSION.gemspec`).
 */
export function parseGemspec(text: string, path: string): Facts {
  const head = text.slice(0, lookedAt);
  const { name, version, platform } = fromStub(head) ?? fromAssignments(head) ?? fromFileName(path);
  if (!isWord(name) || !isWord(version)) {
    const message = "gem specification without name or version";
    const next = "install the gem again";
    return { problems: [{ level: "incomplete", code: "package-file-unreadable", message, next }] };
  }
  const licenses = licensesOf(head);
  const fact: PackageFact = {
    ecosystem: "gem",
    name,
    version,
    ...(licenses.length > 0 && { licenses }),
    ...(isWord(platform) && platform !== "ruby" && { qualifiers: { platform } }),
    kind: "installed",
  };
  return { packages: [fact] };
}

interface Named {
  readonly name: string;
  readonly version: string;
  readonly platform?: string;
}

function fromStub(text: string): Named | null {
  const match = /^# stub: (\S+) (\S+) (\S+)/m.exec(text);
  return match === null ? null : { name: match[1] ?? "", version: match[2] ?? "", platform: match[3] ?? "" };
}

function fromAssignments(text: string): Named | null {
  const name = assigned(text, "name");
  const version = assigned(text, "version");
  if (name === null || version === null) return null;
  const platform = assigned(text, "platform");
  return { name, version, ...(platform !== null && { platform }) };
}

/** `s.version = "1.2"`, also `Gem::Version.new("1.2")` and `.freeze`. */
function assigned(text: string, field: "name" | "version" | "platform"): string | null {
  const match = new RegExp(
    `^[ \\t]*\\w{1,20}\\.${field} = (?:Gem::Version\\.new\\()?["']([^"'\\n]{1,200})["']`,
    "m",
  ).exec(text);
  return match?.[1] ?? null;
}

function fromFileName(path: string): Named {
  const file = path.slice(path.lastIndexOf("/") + 1).replace(/\.gemspec$/, "");
  const match = /^(.+)-(\d[^-]*)(?:-(.+))?$/s.exec(file);
  const platform = match?.[3];
  return { name: match?.[1] ?? "", version: match?.[2] ?? "", ...(platform !== undefined && { platform }) };
}

function licensesOf(text: string): string[] {
  const [list = ""] = text
    .matchAll(/^[ \t]*\w{1,20}\.licenses? = (.{2,502})/gm)
    .flatMap(([, value = ""]) => /^(?:\[[^\]]*\]|"[^"]+"|'[^']+')/.exec(value) ?? []);
  return [...new Set([...list.matchAll(/["']([^"']+)["']/g)].map((match) => match[1] ?? ""))].sort();
}
