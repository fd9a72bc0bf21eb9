/**
 * First version of the line that an extras topic of Amazon Linux 2 brings: `amazon-linux-2---php8.0` and a fix in
 * `8.0.30-1.amzn2` give `8.0`. Without it what `php8.0` fixes would be missing from the core's php 5.4 and from php7.4.
 * `undefined` for the core, and for topics whose name is not the beginning of the fixed version.
 */
export function lineOf(collection: string, fixed: string): string | undefined {
  const topic = /^amazon-linux-2---(.{1,60})$/.exec(collection)?.[1] ?? "";
  const line = /(?<![\d.])(\d+(?:\.\d+)*)(?:\.x)?$/.exec(topic)?.[1];
  if (line === undefined) return undefined;
  const [, epoch = "", version = ""] = /^(\d+:)?(.*)$/.exec(fixed) ?? [];
  const follows = version.startsWith(line) && /^[^\d]/.test(version.slice(line.length));
  return follows ? `${epoch}${line}` : undefined;
}
