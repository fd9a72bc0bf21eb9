import { type HttpClient, messageOf, PlimsollError } from "@plimsoll/kit";
import { checkRegistry, parseReference, type RegistryCheck, type RegistrySubject } from "@plimsoll/source";
import { platformError } from "../../errors.ts";
import { type Actor, demand } from "../../identity/actor.ts";
import { credentialPlace } from "../../registry/credential-place.ts";
import { openOutbound } from "../../registry/outbound.ts";
import { registryAccess, type Unsealed } from "../../registry/registry-access.ts";
import { registryFault } from "../../registry/registry-fault.ts";
import { openLogin } from "../../registry/sealed-login.ts";
import { lockCredential } from "../../store/registry-credential/credentials.ts";
import type { Services } from "../services.ts";
import { type CredentialInput, factsOf, placeText } from "./credential-input.ts";

/** What trying a credential showed. */
export type CredentialTest =
  | ({ readonly outcome: "ok" } & RegistryCheck)
  | { readonly outcome: "failed"; readonly error: PlimsollError };

/** Longest time of one try, and of each answer within it; ms. */
const deadlineMs = 20_000;
const answerMs = 8000;

/** A kept credential, tried with an image or only at its registry's door. Throws FORBIDDEN, NOT_FOUND, CREDENTIAL_INVALID, SECRETS_KEY_MISSING. */
export async function testCredential(
  services: Services,
  actor: Actor,
  { id, image }: { readonly id: number; readonly image?: string | undefined },
): Promise<CredentialTest> {
  demand(actor, "credentials.read");
  const row = await lockCredential(services.pool, { id, team: actor.team });
  if (row === null) throw platformError("NOT_FOUND", { fields: { what: "registry credential" } });
  return tried(services, { ...row, login: openLogin(services.secrets, row) }, image);
}

/** The same of one that is not kept yet. Throws FORBIDDEN, CREDENTIAL_INVALID. */
export async function testNewCredential(
  services: Services,
  actor: Actor,
  { image, ...input }: CredentialInput & { readonly image?: string | undefined },
): Promise<CredentialTest> {
  demand(actor, "credentials.edit");
  return tried(services, { ...factsOf(input, actor.team), login: input.login }, image);
}

interface Tried extends Unsealed {
  readonly name: string;
  readonly path: string;
}

async function tried(services: Services, credential: Tried, image: string | undefined): Promise<CredentialTest> {
  const subject = subjectOf(credential, image);
  const repository = "image" in subject ? parseReference(subject.image).repository : "";
  using http = openOutbound(services.fetching.outbound, { answerTimeoutMs: answerMs, idleTimeoutMs: answerMs });
  const impatient = withoutPatience(http, AbortSignal.timeout(deadlineMs));
  try {
    const access = await registryAccess(impatient, credential, services.clock());
    return { outcome: "ok", ...(await checkRegistry(subject, { ...access, http: impatient })) };
  } catch (thrown) {
    const { registry, name } = credential;
    const error = registryFault(thrown, { registry, repository, credential: name });
    if (error instanceof PlimsollError) return { outcome: "failed", error };
    throw error;
  }
}

/** Only images that the credential covers: it is not for asking whatever registry somebody names. */
function subjectOf(credential: Tried, image: string | undefined): RegistrySubject {
  if (image === undefined) return { registry: credential.registry };
  const { registry, repository } = imageReference(image);
  const place = credentialPlace(`${registry}/${repository}`);
  const isBelow = credential.path === "" || `${place.path}/`.startsWith(`${credential.path}/`);
  if (place.registry === credential.registry && isBelow) return { image };
  const why = `${image} is not below ${placeText(credential)}`;
  throw platformError("CREDENTIAL_INVALID", { fields: { why } });
}

function imageReference(image: string) {
  try {
    return parseReference(image);
  } catch (cause) {
    throw platformError("CREDENTIAL_INVALID", { fields: { why: messageOf(cause) }, cause });
  }
}

/** Somebody waits for the answer: nothing is tried twice, and all together ends in time. */
function withoutPatience(http: HttpClient, signal: AbortSignal): HttpClient {
  return {
    request: async (request) => {
      try {
        return await http.request({ ...request, retries: 0, signal });
      } catch (error) {
        if (!signal.aborted) throw error;
        const host = new URL(request.url).host;
        throw platformError("REGISTRY_SILENT", {
          fields: { registry: host, seconds: deadlineMs / 1000 },
          cause: error,
        });
      }
    },
    [Symbol.dispose]: () => http[Symbol.dispose](),
  };
}
