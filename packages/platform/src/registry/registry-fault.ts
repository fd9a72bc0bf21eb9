import { PlimsollError } from "@plimsoll/kit";
import { platformError } from "../errors.ts";

/** What was asked, and with what. */
export interface AskedRegistry {
  readonly registry: string;
  /** '': the registry as such. */
  readonly repository: string;
  /** Name of the credential; `null`: none covers it. */
  readonly credential: string | null;
}

/** What a registry's refusal means for somebody who keeps credentials here: which one, and what to do. Any other error stays. */
export function registryFault(error: unknown, { registry, repository, credential }: AskedRegistry): unknown {
  if (!(error instanceof PlimsollError)) return error;
  const where = { registry, repository: repository === "" ? "its images" : repository };
  if (error.code === "CREDENTIALS_MISSING" || error.code === "ACCESS_DENIED") {
    if (credential === null) return platformError("REGISTRY_LOGIN_MISSING", { fields: where, cause: error });
    const status = error.fields.status ?? 0;
    const fields = { ...where, credential, status, advice: adviceFor(status) };
    return platformError("REGISTRY_LOGIN_REFUSED", { fields, cause: error });
  }
  if (error.code === "TLS_FAILED") {
    return platformError("REGISTRY_CERTIFICATE", { fields: { registry, reason: error.message }, cause: error });
  }
  return error;
}

/** 401: who are you; 403: not you (RFC 9110 sections 15.5.2 and 15.5.4). Some registries say 401 for both. */
function adviceFor(status: number | string): string {
  if (status === 403) return "the login is known, and may not pull this: give it the right to, or use another";
  return "check user and password or token, whether they have expired, and the right to pull this";
}
