import { join } from "node:path";
import type { z } from "zod";
import { serverError } from "./errors.ts";
import type { Setting } from "./settings/setting.ts";
import { type SettingName, settings } from "./settings/settings-table.ts";

type Table = typeof settings;
type ValueOf<N extends SettingName> = z.output<Table[N]["schema"]> | (Table[N]["usual"] extends string ? never : null);
type Values = { readonly [N in SettingName]: ValueOf<N> };

/** What a server is started with; each member is a row of the table of settings. */
export type Config = Omit<Values, "data"> & { readonly data: string };

export type Environment = Readonly<Record<string, string | undefined>>;

/** What was said, and by whom. */
export interface Said {
  readonly env: Environment;
  /** Flag without dashes → value. */
  readonly flags?: Environment;
}

/** Reads the configuration; `isRoot` decides where data lies by default. Throws BAD_CONFIG, which names every fault. */
export function readConfig(
  { env, flags = {} }: Said,
  { home, isRoot }: { readonly home: string; readonly isRoot: boolean },
): Config {
  const faults: string[] = [];
  const entries = Object.entries(settings).map(([name, row]: [string, Setting<unknown>]) => {
    const { value, from } = saidOf(row, { env, flags });
    const parsed = value === null ? null : row.schema.safeParse(value);
    if (parsed?.error) faults.push(...parsed.error.issues.map(({ message }) => `${from}: ${message}`));
    return [name, parsed?.data ?? null];
  });
  const values: Values = Object.fromEntries(entries);
  faults.push(...together(values));
  if (faults.length > 0) throw serverError("BAD_CONFIG", { fields: { faults: faults.join("; ") } });
  const xdg = env.XDG_DATA_HOME;
  const share = xdg?.startsWith("/") ? xdg : join(home, ".local", "share");
  return { ...values, data: values.data ?? (isRoot ? "/var/lib/plimsoll" : join(share, "plimsoll")) };
}

function saidOf({ flag, variable, usual }: Setting<unknown>, { env, flags = {} }: Said) {
  const byFlag = flag === null ? undefined : flags[flag];
  if (byFlag !== undefined) return { value: byFlag, from: `--${flag}` };
  // A variable set to nothing is one that is not set.
  return { value: env[variable] || usual, from: variable };
}

/** What does not go together. */
function together({ tlsCert, tlsKey, role, databaseUrl }: Values): string[] {
  const faults: string[] = [];
  if ((tlsCert === null) !== (tlsKey === null)) {
    faults.push(`${settings.tlsCert.variable} and ${settings.tlsKey.variable} go together`);
  }
  if (role !== null && role !== "all" && databaseUrl === null) {
    faults.push(`${settings.role.variable}: ${role} alone needs ${settings.databaseUrl.variable}`);
  }
  return faults;
}
