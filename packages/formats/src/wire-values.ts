import { distroLabel, type Package, type Report } from "@plimsoll/model";
import type { WriteOptions } from "./format.ts";

/** Go's zero time: what the reference prints for an image without a creation time, where clients need one. */
const noTime = "0001-01-01T00:00:00Z";

/** Milliseconds as Go prints a duration: `1m5.2s`, `350ms`, `0s` (Go, time.Duration.String). */
export function goDuration(ms: number): string {
  if (ms < 1000) return ms <= 0 ? "0s" : `${Math.round(ms)}ms`;
  const whole = Math.round(ms);
  const hours = Math.floor(whole / 3_600_000);
  const minutes = Math.floor(whole / 60_000) % 60;
  const seconds = `${Number(((whole % 60_000) / 1000).toFixed(3))}s`;
  if (hours > 0) return `${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${minutes}m${seconds}` : seconds;
}

/** An RFC 3339 moment or a day as an RFC 3339 moment in UTC; `null` when it is neither. Decimals beyond milliseconds stay. */
export function instantOf(text: string): string | null {
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return instantOf(`${text}T00:00:00Z`);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.test(text)) return null;
  const ms = Date.parse(text);
  const day = text.slice(0, 10);
  // Engines read 31 February as 2 March; strict readers (java.time) throw.
  if (Number.isNaN(ms) || new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10) !== day) return null;
  return text.endsWith("Z") ? text : new Date(ms).toISOString();
}

/** The day of an RFC 3339 moment (UTC) or day; `null` when it is neither. */
export function dayOf(text: string): string | null {
  return instantOf(text)?.slice(0, 10) ?? null;
}

/** `info` of both reports. */
export function infoOf(options: WriteOptions): { scanTime: string; scanDuration: string } {
  return { scanTime: options.scanTime, scanDuration: goDuration(options.scanDurationMs) };
}

/** The name under which a report lists its source. */
export function pullStringOf(report: Report, options: Pick<WriteOptions, "pullString">): string {
  return options.pullString ?? report.sbom.source.name;
}

/** What both reports say of an image; hosts and directories have the same facts with empty identities. */
export function imageFacts(report: Report) {
  const { image, distro } = report.sbom;
  const labels = image?.config.labels ?? {};
  return {
    imageId: image?.imageId ?? "",
    digest: image?.digest ?? "",
    baseOs: distroLabel(distro),
    os: image?.os ?? "linux",
    architecture: image?.architecture ?? "",
    createdAt: (image?.created ? instantOf(image.created) : null) ?? noTime,
    size: image?.size ?? 0,
    ...(Object.keys(labels).length > 0 && { labels: { ...labels } }),
  };
}

/** A package's version as clients read it: an empty one breaks them (scan-action refuses the whole report). */
export function versionOf({ version }: Package): string {
  return version === "" ? "unknown" : version;
}

/** Evidence path with a leading slash, `/app.war:WEB-INF/lib/x.jar` inside archives; "" when there is none. */
export function pathOf(pkg: Package): string {
  const path = pkg.locations[0]?.path;
  return path === undefined ? "" : `/${path.replace(/^\/+/, "")}`;
}
