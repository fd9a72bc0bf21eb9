import type { PackageFact, Problem } from "@plimsoll/model";
import type { Facts } from "../cataloger.ts";
import { findBuildInfo } from "./build-info.ts";
import { type GoModule, parseModules } from "./parse-modules.ts";

/** Mark of Go's build ID note: a binary that has it was linked by Go, whatever was stripped later. */
const goNote = Buffer.from("\x04\x00\x00\x00Go\x00\x00", "latin1");

/** Toolchain, main module and dependencies of a Go binary; no facts for any other file. */
export function parseGoBinary(content: Uint8Array): Facts {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const info = findBuildInfo(bytes);
  if (info === null) return bytes.subarray(0, 8192).includes(goNote) ? { problems: [unreadable] } : {};
  const toolchain = toolchainOf(info.goVersion);
  const modules = parseModules(info.modules);
  const packages = [toolchain, ...modules.map(toFact)];
  const problems = packages.filter(({ version }) => version === "").map(unversioned);
  if (modules.length === 0 && !isGoItself(info.modules)) problems.push(withoutModules);
  return { packages, problems };
}

/** Reports show the toolchain as `Go` with its version alone. */
function toolchainOf(goVersion: string): PackageFact {
  const version = /^go(\d+(?:\.\d+)*(?:(?:rc|beta)\d+)?)/.exec(goVersion)?.[1] ?? "";
  return { ecosystem: "golang", name: "Go", version, kind: "installed", role: "toolchain" };
}

function toFact({ path, version, isMain }: GoModule): PackageFact {
  return { ecosystem: "golang", name: path, version, kind: "installed", ...(isMain && { role: "main" }) };
}

/** Go's own commands (`go`, `gofmt`, `vet`) have a package path and no module. */
function isGoItself(modules: string): boolean {
  return /^path\tcmd\//m.test(modules);
}

function unversioned({ name, role }: PackageFact): Problem {
  // A main module is `(devel)` in most builds from a working copy: its own advisories are its developers' business.
  const level = role === "main" ? "note" : "warning";
  const message = role === "toolchain" ? "Go version is not a release" : "module without a released version";
  return { level, code: "package-version-unknown", message, package: name };
}

const unreadable: Problem = {
  level: "incomplete",
  code: "go-build-info-missing",
  message: "Go binary without readable build information: its modules and toolchain are unknown",
  next: "build it with Go 1.13 or later, and do not compress or obfuscate it",
};

const withoutModules: Problem = {
  level: "incomplete",
  code: "go-modules-unknown",
  message: "Go binary built outside module mode: its dependencies are unknown",
  next: "build it in module mode",
};
