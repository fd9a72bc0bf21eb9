import type { ErrorTable } from "@plimsoll/kit";

/** What secrets, registry credentials and scans by the server can say. */
export const registryErrors = {
  SECRETS_KEY_UNREADABLE: {
    message: "the key of the stored secrets cannot be used: {why}",
    next: "restore {place} from the backup; nothing was changed",
    exit: 3,
    status: 500,
  },
  SECRETS_KEY_MISSING: {
    message: "{count} stored secrets are sealed with the key {key}, which is not in {place}",
    next: "restore the key from the backup; or put another there and enter these credentials anew",
    exit: 3,
    status: 500,
  },
  SECRET_DAMAGED: {
    message: "a stored secret is not what was sealed as this record",
    next: "enter the credential's secret anew",
    exit: 3,
    status: 500,
  },
  CREDENTIAL_EXISTS: {
    message: "there is a registry credential {what} already",
    next: "change that one, or choose another name or path",
    exit: 2,
    status: 400,
  },
  CREDENTIAL_INVALID: {
    message: "the registry credential cannot be kept: {why}",
    next: "correct it and send it again",
    exit: 2,
    status: 400,
  },
  CREDENTIAL_SHARED: {
    message: "this registry credential is the whole installation's",
    next: "ask an administrator, or make one for your team: it comes first",
    exit: 3,
    status: 403,
  },
  REGISTRY_LOGIN_MISSING: {
    message: "{registry} wants a login for {repository}, and no registry credential here covers it",
    next: "add a registry credential for {registry}, or for {registry}/{repository} alone; a wrong name may also look like this",
    exit: 3,
    status: 422,
  },
  REGISTRY_LOGIN_REFUSED: {
    message: "{registry} refuses the registry credential {credential} for {repository} (status {status})",
    next: "{advice}",
    exit: 3,
    status: 422,
  },
  REGISTRY_CERTIFICATE: {
    message: "{reason}",
    next: "give its authority's certificate in the registry credential for {registry}, or have it skip the check",
    exit: 3,
    status: 422,
  },
  REGISTRY_SILENT: {
    message: "{registry} did not answer all that was asked of it within {seconds} s",
    next: "try again, or check the network between this server and the registry",
    exit: 3,
    status: 504,
  },
  IMAGE_TOO_HEAVY: {
    message: "reading {reference} takes more than the {limit} MiB of heap that it may have",
    next: "raise PLIMSOLL_SCAN_MEMORY if the image is trusted, or scan it with the command line",
    exit: 3,
    status: 422,
  },
  ASSET_WITHOUT_IMAGE: {
    message: "{name} names no image that could be pulled",
    next: "send `image` too: [registry/]repository[:tag][@sha256:…]",
    exit: 2,
    status: 400,
  },
  CLOUD_LOGIN_FAILED: {
    message: "{host} gives no registry login for these keys: {reason}",
    next: "check the access key, its secret and its right to ecr:GetAuthorizationToken",
    exit: 3,
    status: 422,
  },
} as const satisfies ErrorTable;
