import type { RegistryCredential, RegistryCredentialTest, RegistryLogin } from "@plimsoll/contract";
import { queryOptions } from "@tanstack/react-query";
import { ask } from "./client.ts";

const path = "/secure/vulnerability/v1/registry-credentials";

/** Registry credentials that the team may use, without their secrets. */
export const credentialsQuery = queryOptions({
  queryKey: ["credentials"],
  queryFn: async ({ signal }) => (await ask<{ data: readonly RegistryCredential[] }>(path, { signal })).data,
});

export interface CredentialToKeep {
  readonly name?: string;
  readonly registry: string;
  /** Absent: the one that is kept stays. */
  readonly login?: RegistryLogin;
  readonly skipTlsVerify: boolean;
  readonly caCertificate: string | null;
}

/** Keeps a new one (`id` null) or changes one. */
export function saveCredential(id: number | null, body: CredentialToKeep): Promise<RegistryCredential> {
  return id === null
    ? ask<RegistryCredential>(path, { method: "POST", body })
    : ask<RegistryCredential>(`${path}/${id}`, { method: "PUT", body });
}

export function deleteCredential(id: number): Promise<void> {
  return ask<void>(`${path}/${id}`, { method: "DELETE" });
}

/** Tries one that is kept, at its registry; `image`: "" for the door alone. */
export function testKept(id: number, image: string): Promise<RegistryCredentialTest> {
  return ask<RegistryCredentialTest>(`${path}/${id}/test`, {
    method: "POST",
    body: { ...(image !== "" && { image }) },
  });
}

/** Tries one before it is kept. */
export function testNew(credential: CredentialToKeep, image: string): Promise<RegistryCredentialTest> {
  const body = { ...credential, ...(image !== "" && { image }) };
  return ask<RegistryCredentialTest>(`${path}/test`, { method: "POST", body });
}
