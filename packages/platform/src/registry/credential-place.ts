import { messageOf } from "@plimsoll/kit";
import { parseReference } from "@plimsoll/source";
import { platformError } from "../errors.ts";

/** What a credential is good for: repositories at and below `path`, or with '' the whole registry. */
export interface CredentialPlace {
  /** `HOST[:PORT]`, lower case, as references name it: Docker Hub is `docker.io`. */
  readonly registry: string;
  readonly path: string;
}

/**
 * Reads `HOST[:PORT][/PATH]`, also as people copy it: with https:// before and /, /* or /v2/ behind. A path is whole
 * names: `team` covers `team` and `team/app`, not `teams`. Throws CREDENTIAL_INVALID.
 */
export function credentialPlace(text: string): CredentialPlace {
  const bare = text
    .trim()
    .replace(/^https?:\/\//i, "")
    .replace(/\/(?:\*|v[12]\/?)?$/, "");
  const slash = bare.indexOf("/");
  const host = (slash < 0 ? bare : bare.slice(0, slash)).toLowerCase();
  const path = slash < 0 ? "" : bare.slice(slash + 1);
  if (/[@:*]/.test(path)) throw invalid("a path holds names parted by /, and neither tag nor *");
  if (!/[.:]/.test(host) && host !== "localhost")
    throw invalid(`${host || "nothing"} is no registry's HOST or HOST:PORT`);
  try {
    // Behind two names no registry adds one of its own.
    const { registry, repository } = parseReference(`${host}/${path === "" ? "any" : path}/any`);
    return { registry, path: path === "" ? "" : repository.slice(0, -"/any".length) };
  } catch (cause) {
    throw platformError("CREDENTIAL_INVALID", { fields: { why: messageOf(cause) }, cause });
  }
}

function invalid(why: string): Error {
  return platformError("CREDENTIAL_INVALID", { fields: { why } });
}
