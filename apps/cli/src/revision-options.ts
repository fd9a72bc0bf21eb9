import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { readTrust, type Trust } from "@plimsoll/vulndb";
import type { Command } from "commander";
import { addRunOptions, collect, type RunOptions } from "./options.ts";
import type { World } from "./world.ts";

/** How a repository of signed databases is reached. */
export interface RepositoryOptions extends RunOptions {
  readonly registryUser?: string;
  readonly registryPassword?: string;
  readonly registrySkipTls?: true;
}

/** What is taken from one. */
export interface TakeOptions extends RepositoryOptions {
  readonly dbpath?: string;
  readonly dbKey?: readonly string[];
  readonly allowUnsigned?: true;
  readonly allowOlder?: true;
}

/** Adds the options of {@link RepositoryOptions}. */
export function addRepositoryOptions(command: Command): Command {
  return addRunOptions(
    command
      .option("--registry-user <name>", "login for oci:// (or REGISTRY_USER); else the docker configuration")
      .option("--registry-password <password>", "its password (better: REGISTRY_PASSWORD)")
      .option("--registry-skip-tls", "plain http or untrusted certificates for oci://"),
  );
}

/** Adds the options of {@link TakeOptions}. */
export function addTakeOptions(command: Command): Command {
  return addRepositoryOptions(
    command
      .option("-d, --dbpath <folder>", "folder of the local database (default ~/.cache/plimsoll)")
      .option(
        "--db-key <file>",
        "public key to trust, or a folder of them; repeatable (or PLIMSOLL_DB_KEY; and ~/.config/plimsoll/db-keys)",
        collect,
      )
      .option("--allow-unsigned", "take it although no trusted key signed it")
      .option("--allow-older", "take it although a newer revision was here"),
  );
}

/** The keys named, else those of PLIMSOLL_DB_KEY (files and folders, parted like PATH); and those of the user's folder. Throws KEY_UNUSABLE. */
export function trustOf(named: readonly string[] | undefined, { env, homeFolder }: World): Trust {
  const folder = join(env.XDG_CONFIG_HOME || join(homeFolder, ".config"), "plimsoll", "db-keys");
  const paths = named ?? (env.PLIMSOLL_DB_KEY ?? "").split(delimiter).filter((path) => path !== "");
  return readTrust([...paths, ...(existsSync(folder) ? [folder] : [])]);
}
