import type { CommandEntry } from "./command.ts";

/** Every command, in the order of the help; the first is what runs when none is named. Their names stand in command-names.ts too, for hints. */
export const commands = [
  {
    name: "scan",
    summary: "say what is vulnerable in an image, folder or host, and whether policy lets it sail",
    load: async () => (await import("./commands/scan.ts")).scan,
  },
  {
    name: "sbom",
    summary: "write down what is in it",
    load: async () => (await import("./commands/sbom.ts")).sbom,
  },
  {
    name: "diff",
    summary: "say what is new, fixed and changed between two of them",
    load: async () => (await import("./commands/diff.ts")).diff,
  },
  {
    name: "explain",
    summary: "say why a vulnerability was found in it, or why not",
    load: async () => (await import("./commands/explain.ts")).explain,
  },
  {
    name: "attachments",
    summary: "list or fetch the SBOMs, VEX documents and signatures attached to an image",
    load: async () => (await import("./commands/attachments.ts")).attachments,
  },
  {
    name: "db",
    summary: "build, update, show, publish or take over the vulnerability database",
    load: async () => (await import("./commands/db.ts")).db,
  },
  {
    name: "up",
    summary: "start the platform on this machine, and scan a first target",
    load: async () => (await import("./commands/server.ts")).up,
  },
  {
    name: "server",
    summary: "serve the platform: scanners send what they found, and get its verdict",
    load: async () => (await import("./commands/server.ts")).server,
  },
  {
    name: "backup",
    summary: "write everything the platform keeps into one file",
    load: async () => (await import("./commands/server.ts")).backup,
  },
  {
    name: "restore",
    summary: "put back what backup wrote",
    load: async () => (await import("./commands/server.ts")).restore,
  },
] as const satisfies readonly CommandEntry[];
