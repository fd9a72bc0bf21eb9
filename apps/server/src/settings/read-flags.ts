import { parseArgs } from "node:util";
import { messageOf } from "@plimsoll/kit";
import { serverError } from "../errors.ts";
import { type SettingName, settings } from "./settings-table.ts";

export interface Flags {
  /** Flag → value, of those that have one. */
  readonly values: Readonly<Record<string, string>>;
  /** Those that were given without one. */
  readonly given: ReadonlySet<string>;
  readonly operands: readonly string[];
}

export interface FlagsWanted {
  /** The command, for its errors. */
  readonly command: string;
  /** Which settings have flags here. */
  readonly of: readonly SettingName[];
  /** More flags that take a value, and such that take none. */
  readonly values?: readonly string[];
  readonly bare?: readonly string[];
  /** Names of operands that must be there, all of them. */
  readonly operands?: readonly string[];
}

/** Reads a command line. `--help` is known everywhere, and stops asking for operands. Throws BAD_SERVER_ARGUMENTS. */
export function readFlags(args: readonly string[], wanted: FlagsWanted): Flags {
  const ofSettings = wanted.of.flatMap((name) => settings[name].flag ?? []);
  const options = Object.fromEntries([
    ...[...ofSettings, ...(wanted.values ?? [])].map((name) => [name, { type: "string" }] as const),
    ...[...(wanted.bare ?? [])].map((name) => [name, { type: "boolean" }] as const),
    ["help", { type: "boolean", short: "h" }] as const,
  ]);
  const parsed = parse(args, options, wanted.command);
  const entries = Object.entries(parsed.values);
  const flags: Flags = {
    values: Object.fromEntries(entries.flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : []))),
    given: new Set(entries.flatMap(([name, value]) => (value === true ? [name] : []))),
    operands: parsed.positionals,
  };
  const names = wanted.operands ?? [];
  if (!flags.given.has("help") && flags.operands.length !== names.length) {
    const reason =
      names.length === 0 ? `what is ${JSON.stringify(flags.operands[0])}?` : `${names.join(" ")} is wanted`;
    throw serverError("BAD_SERVER_ARGUMENTS", { fields: { reason, command: wanted.command } });
  }
  return flags;
}

function parse(
  args: readonly string[],
  options: Parameters<typeof parseArgs>[0] extends infer C ? (C extends { options?: infer O } ? O : never) : never,
  command: string,
) {
  try {
    return parseArgs({ args: [...args], options: options ?? {}, allowPositionals: true, strict: true });
  } catch (cause) {
    const reason = messageOf(cause).split(". ", 1)[0] ?? "";
    throw serverError("BAD_SERVER_ARGUMENTS", { fields: { reason, command }, cause });
  }
}
