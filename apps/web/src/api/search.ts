import type { Found, PackageReach, Vulnerability, VulnerabilityReach } from "@plimsoll/contract";
import { queryOptions } from "@tanstack/react-query";
import { ApiError, ask } from "./client.ts";
import { cursorQuery } from "./list-page.ts";

const base = "/secure/vulnerability/v1";

/** A few of everything. */
export function searchQuery(text: string, limit: number) {
  return queryOptions({
    queryKey: ["search", text, limit],
    queryFn: ({ signal }) => ask<Found>(`${base}/search`, { query: { q: text, limit }, signal }),
  });
}

/** Vulnerabilities that something has now, page after page. */
export function vulnerabilitiesFoundQuery(text: string) {
  return cursorQuery<Found["vulnerabilities"][number]>(`${base}/search/vulnerabilities`, { q: text }, 50);
}

/** Packages, page after page. */
export function packagesFoundQuery(text: string) {
  return cursorQuery<Found["packages"][number]>(`${base}/search/packages`, { q: text }, 50);
}

/** All that is known of one vulnerability. */
export function vulnerabilityQuery(id: string) {
  return queryOptions({
    queryKey: ["vulnerability", id],
    queryFn: ({ signal }) => ask<Vulnerability>(`${base}/vulnerabilities/${encodeURIComponent(id)}`, { signal }),
    staleTime: 300_000,
  });
}

/** Where a vulnerability is; `null`: nowhere that one sees. */
export function vulnerabilityReachQuery(id: string) {
  return queryOptions({
    queryKey: ["reach", "vulnerability", id],
    queryFn: ({ signal }) =>
      orNowhere(ask<VulnerabilityReach>(`${base}/blast-radius/vulnerabilities/${encodeURIComponent(id)}`, { signal })),
  });
}

/** The same for a package: a purl, `name@version` or a name. */
export function packageReachQuery(text: string) {
  return queryOptions({
    queryKey: ["reach", "package", text],
    queryFn: ({ signal }) =>
      orNowhere(ask<PackageReach>(`${base}/blast-radius/packages`, { query: { package: text }, signal })),
  });
}

function orNowhere<T>(answer: Promise<T>): Promise<T | null> {
  return answer.catch((error: unknown) => {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  });
}
