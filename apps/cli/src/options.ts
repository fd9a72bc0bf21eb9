import { type Command, InvalidArgumentError, Option } from "commander";

/** How a run behaves. */
export interface RunOptions {
  readonly skiptlsverify?: true;
  readonly offlineAnalyzer?: true;
  readonly progress: boolean;
  readonly loglevel: "info" | "debug";
  readonly logfile?: string;
  readonly consoleLog?: true;
}

/** What is kept between runs, and where. */
export interface CacheOptions {
  readonly cache: boolean;
  readonly cachepath?: string;
  readonly clearcache?: true;
}

/** How a source is reached; every command that reads one takes these. */
export interface SourceOptions extends RunOptions, CacheOptions {
  readonly platform?: string;
  readonly overridePullstring?: string;
  readonly registryUser?: string;
  readonly registryPassword?: string;
  readonly registryAuthBasic?: string;
  readonly registryAuthToken?: string;
  readonly registryAuthFile?: string;
  readonly registrySkipTls?: true;
  readonly attachments?: true;
  readonly partialReads?: true;
}

/** What is known, and where it lies. */
export interface KnowledgeOptions {
  readonly dbpath?: string;
  readonly skipGetDatabase?: true;
  readonly standalone?: true;
  readonly maxKnowledgeAge?: number;
}

/** Adds the options of {@link SourceOptions}. */
export function addSourceOptions(command: Command): Command {
  const withSource = command
    .option("--platform <os/arch[/variant]>", "which image of an index, for example linux/arm64")
    .option("--override-pullstring <name>", "name under which the source is reported")
    .option("--registry-user <name>", "registry login (or REGISTRY_USER); else the docker configuration")
    .option("--registry-password <password>", "registry password (better: REGISTRY_PASSWORD)")
    .option("--registry-auth-basic <user:password>", "both in one (or REGISTRY_AUTH_BASIC)")
    .option("--registry-auth-token <token>", "bearer token for the registry (or REGISTRY_AUTH_TOKEN)")
    .option("--registry-auth-file <file>", "docker configuration to use (or REGISTRY_AUTH_FILE)")
    .option("--registry-skip-tls", "plain http or untrusted certificates for the registry")
    .option("--attachments", "list SBOMs, VEX and signatures beside an image in a registry (see plimsoll attachments)")
    .option("--partial-reads", "of eStargz and zstd:chunked layers in a registry read only what is needed; incomplete");
  return addRunOptions(addCacheOptions(withSource));
}

/** Adds the options of {@link CacheOptions}. */
function addCacheOptions(command: Command): Command {
  return command
    .option("--no-cache", "neither use nor fill the cache")
    .option("-p, --cachepath <folder>", "where layers once read and unpacked data are kept (default ~/.cache/plimsoll)")
    .option("-c, --clearcache", "clear that cache first");
}

/** Adds the options of {@link RunOptions}. */
export function addRunOptions(command: Command): Command {
  return command
    .option("-s, --skiptlsverify", "do not verify certificates at all")
    .option("--offline-analyzer", "no network at all")
    .addOption(new Option("-l, --loglevel <level>", "how much is logged").choices(["info", "debug"]).default("info"))
    .option("-o, --logfile <file>", "write the log to a file")
    .option("--console-log", "write the log to stderr")
    .option("--no-progress", "no progress line on a terminal");
}

/** Adds the options of {@link KnowledgeOptions}. */
export function addKnowledgeOptions(command: Command): Command {
  return command
    .option("-d, --dbpath <folder>", "where the vulnerability database lies (default ~/.cache/plimsoll)")
    .option("--skip-get-database", "never download the database")
    .option("-n, --standalone", "no platform and no download: the local database, else the starter knowledge")
    .option(
      "--max-knowledge-age <days>",
      "days after which knowledge makes an answer incomplete (default 90)",
      wholeNumber,
    );
}

/** Reads a whole number for an option; throws what commander turns into BAD_ARGUMENTS. */
export function wholeNumber(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError("It is not a whole number.");
  return Number(value);
}

/** Collects a repeatable option. */
export function collect(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}

/** Collects a repeatable option that also takes a comma list; parts are trimmed, empty ones dropped. */
export function collectList(value: string, previous: readonly string[] = []): readonly string[] {
  const parts = value.split(",").map((part) => part.trim());
  return [...previous, ...parts.filter((part) => part !== "")];
}
