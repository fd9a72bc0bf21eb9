import type { RegistryCredential, RegistryLogin } from "@plimsoll/contract";

type LoginType = RegistryLogin["type"];

/** Kinds of logins, in words. */
export const loginTypes: readonly { readonly value: LoginType; readonly label: string }[] = [
  { value: "docker", label: "User and password" },
  { value: "identity-token", label: "Identity token" },
  { value: "access-token", label: "Access token" },
  { value: "gcr", label: "Google: JSON key" },
  { value: "acr", label: "Azure: service principal" },
  { value: "ecr", label: "Amazon: access key" },
];

export function loginWords(type: string): string {
  return loginTypes.find(({ value }) => value === type)?.label ?? type;
}

/** What is typed. */
export interface CredentialDraft {
  readonly name: string;
  /** `HOST[:PORT][/PATH]` */
  readonly registry: string;
  readonly type: LoginType;
  readonly user: string;
  readonly secret: string;
  readonly skipTlsVerify: boolean;
  readonly caCertificate: string;
  /** Whether the login is entered anew; always for a new credential. */
  readonly isNewLogin: boolean;
}

export function placeText({ registry, path }: Pick<RegistryCredential, "registry" | "path">): string {
  return path === "" ? registry : `${registry}/${path}`;
}

export function draftOf(kept: RegistryCredential | null, registry: string): CredentialDraft {
  const known = loginTypes.find(({ value }) => value === kept?.type)?.value;
  return {
    name: kept?.name ?? "",
    registry: kept === null ? registry : placeText(kept),
    type: known ?? "docker",
    user: "",
    secret: "",
    skipTlsVerify: kept?.skipTlsVerify ?? false,
    caCertificate: kept?.caCertificate ?? "",
    isNewLogin: kept === null,
  };
}

/** The login as the API takes it. */
export function loginOf({ type, user, secret }: CredentialDraft): RegistryLogin {
  switch (type) {
    case "docker":
    case "acr":
      return { type, username: user, password: secret };
    case "gcr":
      return { type, jsonKey: secret };
    case "ecr":
      return { type, accessKeyId: user, secretAccessKey: secret };
    default:
      return { type, token: secret };
  }
}

/** What the two fields of a login are called; no `user`: there is none. */
export function loginFields(type: LoginType): { readonly user?: string; readonly secret: string } {
  switch (type) {
    case "docker":
      return { user: "User", secret: "Password" };
    case "acr":
      return { user: "Application id", secret: "Client secret" };
    case "ecr":
      return { user: "Access key id", secret: "Secret access key" };
    case "gcr":
      return { secret: "Service account's key (JSON)" };
    default:
      return { secret: "Token" };
  }
}

/** What is sent: an empty name is the place's, the login stays unless it is entered anew. */
export function toKeep(draft: CredentialDraft) {
  const name = draft.name.trim();
  const ca = draft.caCertificate.trim();
  return {
    ...(name !== "" && { name }),
    registry: draft.registry.trim(),
    ...(draft.isNewLogin && { login: loginOf(draft) }),
    skipTlsVerify: draft.skipTlsVerify,
    caCertificate: ca === "" ? null : ca,
  };
}
