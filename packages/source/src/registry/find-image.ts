import { type HttpClient, type Limits, type Log, PlimsollError, type TlsMaterial } from "@plimsoll/kit";
import type { ImageReference } from "../reference.ts";
import type { CredentialsAnswer } from "./credentials.ts";
import { hostCertificates } from "./host-certificates.ts";
import { readDaemonJson, readRegistriesConf } from "./registries-conf.ts";
import { RegistryClient } from "./registry-client.ts";
import { type Fetched, fetchTop } from "./registry-documents.ts";
import { placesOf, type RegistryPlace } from "./registry-places.ts";

/** Files of this machine that say how registries are reached; what is absent is not looked at. */
export interface RegistryFiles {
  /** containers' registries.conf. */
  readonly registriesConf?: string;
  /** docker's daemon.json. */
  readonly daemonJson?: string;
  /** Folders with certificates, one below for each `HOST[:PORT]`. */
  readonly certificates?: readonly string[];
}

/** How registries are reached. */
export interface RegistryAccess {
  readonly http: HttpClient;
  /** Credentials for a place; asked only when it wants to know. */
  readonly credentials: (place: Pick<RegistryPlace, "registry" | "isMirror">) => Promise<CredentialsAnswer>;
  readonly insecureHttp: boolean;
  readonly files: RegistryFiles;
  /** Certificates for the registry itself, never for a mirror; absent: those in `files`. */
  readonly tls?: TlsMaterial;
  readonly limits: Limits;
  readonly log: Log;
}

/** An image's manifest or index, and the repository that had it. */
export interface FoundImage extends Fetched {
  readonly client: RegistryClient;
}

/**
 * Finds the manifest or index that a reference names: in a mirror that this machine's configuration names, else in the
 * registry. A mirror that fails in whatever way is passed over, and the log says so. Throws REGISTRY_BLOCKED,
 * REGISTRIES_CONF_INVALID, CERTIFICATES_INVALID and what `fetchTop` throws of the registry.
 */
export async function findImage(reference: ImageReference, access: RegistryAccess): Promise<FoundImage> {
  const { limits, log } = access;
  const places = placesOf(reference, await rulesOf(access.files));
  for (const place of places.slice(0, -1)) {
    const client = clientFor(place, access);
    try {
      const found = await fetchTop(client, reference, limits);
      log.info("the image comes from a mirror", { mirror: place.registry, repository: place.repository });
      return { ...found, client };
    } catch (error) {
      if (!(error instanceof PlimsollError)) throw error;
      log.info("a mirror does not give the image", { mirror: place.registry, code: error.code, reason: error.message });
    }
  }
  const [last] = places.slice(-1);
  if (last === undefined) throw new TypeError("unreachable: the registry itself is always a place");
  const client = clientFor(last, access);
  return { ...(await fetchTop(client, reference, limits)), client };
}

/** registries.conf before daemon.json: it is the one that says more. */
async function rulesOf({ registriesConf, daemonJson }: RegistryFiles) {
  const rules = registriesConf === undefined ? [] : await readRegistriesConf(registriesConf);
  const more = daemonJson === undefined ? [] : await readDaemonJson(daemonJson);
  return [...rules, ...more.filter(({ prefix }) => !rules.some((rule) => rule.prefix === prefix))];
}

/** A client of the repository at a place. Throws CERTIFICATES_INVALID. */
export function clientFor(
  place: RegistryPlace,
  access: RegistryAccess,
  { forPush = false }: { readonly forPush?: boolean } = {},
): RegistryClient {
  const { registry, repository, isInsecure } = place;
  const given = place.isMirror ? undefined : access.tls;
  const own = given ?? hostCertificates(registry, access.files.certificates ?? []);
  const tls: TlsMaterial | null = isInsecure ? { ...own, insecure: true } : own;
  return new RegistryClient({
    http: access.http,
    registry,
    repository,
    credentials: () => access.credentials(place),
    insecureHttp: access.insecureHttp || isInsecure,
    forPush,
    ...(tls !== null && { tls }),
    // A mirror that is silent must not cost what the registry may.
    ...(place.isMirror && { retries: 0 }),
    log: access.log,
  });
}
