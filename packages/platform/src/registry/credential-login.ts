import { X509Certificate } from "node:crypto";
import { platformError } from "../errors.ts";
import type { CredentialPlace } from "./credential-place.ts";
import { ecrHost } from "./ecr-login.ts";

/** What opens a registry, as people have it; all of it is secret but whose it is. */
export type CredentialLogin =
  | { readonly type: "docker" | "acr"; readonly username: string; readonly password: string }
  /** Google's: the service account's key file. */
  | { readonly type: "gcr"; readonly jsonKey: string }
  /** Exchanged for access tokens at the token server that the registry names. */
  | { readonly type: "identity-token"; readonly token: string }
  /** Shown to the registry as it is. */
  | { readonly type: "access-token"; readonly token: string }
  | { readonly type: "ecr"; readonly accessKeyId: string; readonly secretAccessKey: string };

/** Whose login it is, for people; '' where it does not say. */
export function usernameOf(login: CredentialLogin): string {
  switch (login.type) {
    case "docker":
    case "acr":
      return login.username;
    case "gcr":
      return emailOf(login.jsonKey) ?? "";
    case "ecr":
      return login.accessKeyId;
    case "identity-token":
    case "access-token":
      return "";
  }
}

/** Throws CREDENTIAL_INVALID for a login that cannot be one of this registry: a cloud's keys go to that cloud's hosts alone (CVE-2024-35192). */
export function checkLogin(login: CredentialLogin, { registry }: CredentialPlace): void {
  if (login.type === "gcr") {
    if (!/(?:^|\.)gcr\.io$|\.pkg\.dev$/.test(registry)) throw invalid(`${registry} is no registry of Google's`);
    if (emailOf(login.jsonKey) === null) throw invalid("the JSON key is not a service account's key file");
  }
  if (login.type === "ecr" && ecrHost(registry) === null) throw invalid(`${registry} is no registry of Amazon's (ECR)`);
  if (login.type === "acr" && !/\.azurecr\.(?:io|cn|us)$/.test(registry))
    throw invalid(`${registry} is no registry of Azure's`);
  if ("token" in login && !/^[\x21-\x7e]+$/.test(login.token))
    throw invalid("the token holds blanks or odd characters");
}

/** Throws CREDENTIAL_INVALID for what is no PEM of certificates. */
export function checkAuthority(pem: string): void {
  const parts = pem.split(/(?<=-----END CERTIFICATE-----)/).filter((part) => part.trim() !== "");
  for (const part of parts.length === 0 ? [""] : parts) {
    try {
      new X509Certificate(part);
    } catch (cause) {
      throw platformError("CREDENTIAL_INVALID", { fields: { why: "the authority's certificate is not PEM" }, cause });
    }
  }
}

function emailOf(jsonKey: string): string | null {
  try {
    const key: unknown = JSON.parse(jsonKey);
    const email = typeof key === "object" && key !== null && "client_email" in key ? key.client_email : null;
    return typeof email === "string" ? email.slice(0, 300) : null;
  } catch {
    return null;
  }
}

function invalid(why: string): Error {
  return platformError("CREDENTIAL_INVALID", { fields: { why } });
}
