import { z } from "zod";

const short = z.string().min(1).max(300);
const secret = z.string().min(1).max(20_000);

/** What opens a registry, by kind; none of the secrets is ever told again. */
export const registryLogin = z
  .discriminatedUnion("type", [
    z.object({
      type: z.enum(["docker", "acr"]).describe("any registry; Azure's with a service principal"),
      username: short,
      password: secret,
    }),
    z.object({ type: z.literal("gcr"), jsonKey: secret.describe("Google: a service account's key file") }),
    z.object({
      type: z.literal("identity-token"),
      token: secret.describe("exchanged for access tokens at the registry's token server"),
    }),
    z.object({ type: z.literal("access-token"), token: secret.describe("shown to the registry as it is") }),
    z.object({ type: z.literal("ecr"), accessKeyId: short, secretAccessKey: secret }).describe("Amazon"),
  ])
  .meta({ id: "RegistryLogin" });

const place = z.string().min(1).max(1000).describe("`HOST[:PORT]`, or with a path: all repositories at and below it");
const caCertificate = z.string().max(100_000).nullable().describe("PEM of the registry's own authority");
const skipTlsVerify = z.boolean().describe("no verification of certificates, and http where there is no https");

const credentialFields = {
  name: short.optional().describe("unique in the team; absent: the registry and path"),
  registry: place,
  login: registryLogin,
  skipTlsVerify: skipTlsVerify.default(false),
  caCertificate: caCertificate.default(null),
};

export const newRegistryCredential = z
  .object({
    ...credentialFields,
    teamId: z.int().positive().nullable().optional().describe("null: every team's; absent: the asker's team"),
  })
  .meta({ id: "NewRegistryCredential" });

/** What is absent stays. The login must come with a registry's other host, and with a connection that trusts more. */
export const registryCredentialChange = z
  .object({
    name: short.optional(),
    registry: place.optional(),
    login: registryLogin.optional(),
    skipTlsVerify: skipTlsVerify.optional(),
    caCertificate: caCertificate.optional(),
  })
  .meta({ id: "RegistryCredentialChange" });

export const registryCredential = z
  .object({
    id: z.int(),
    name: z.string(),
    registry: z.string(),
    path: z.string(),
    type: z.string(),
    username: z.string().describe("whose login it is; empty for tokens"),
    skipTlsVerify: z.boolean(),
    caCertificate: z.string().nullable(),
    teamId: z.int().nullable(),
    createdBy: z.string(),
    createdAt: z.string(),
    updatedBy: z.string(),
    updatedAt: z.string(),
  })
  .meta({ id: "RegistryCredential" });

export const registryCredentials = z.object({ data: z.array(registryCredential) }).meta({ id: "RegistryCredentials" });

const image = z
  .string()
  .min(1)
  .max(1024)
  .optional()
  .describe("an image below the credential's path; absent: only the door");

export const registryCredentialTestRequest = z.object({ image }).meta({ id: "RegistryCredentialTestRequest" });

export const newRegistryCredentialTestRequest = z
  .object({ ...credentialFields, image })
  .meta({ id: "NewRegistryCredentialTestRequest" });

export const registryCredentialTest = z
  .object({
    outcome: z.enum(["ok", "failed"]),
    hasLoggedIn: z.boolean().describe("false: the registry lets everybody in, and the login was not tried"),
    digest: z.string().nullable().describe("of the image's manifest or index"),
    error: z.object({ type: z.string(), message: z.string(), details: z.array(z.string()) }).nullable(),
  })
  .meta({ id: "RegistryCredentialTest" });

/** The older form (contract 1.5), read by the only client there is for registries. */
const anchoreFields = {
  registry_name: z.string().max(300).optional(),
  registry_user: z.string().max(300),
  registry_pass: secret,
  registry_type: z.enum(["docker_v2", "awsecr"]).default("docker_v2"),
  registry_verify: z.boolean().default(true),
};
export const anchoreRegistryRequest = z
  .object({ registry: short, ...anchoreFields })
  .meta({ id: "AnchoreRegistryRequest" });
export const anchoreRegistry = z
  .object({
    registry: z.string(),
    registry_name: z.string(),
    registry_user: z.string(),
    registry_type: z.string(),
    registry_verify: z.boolean(),
    created_at: z.string(),
    last_upated: z.string().describe("spelled as that client's server does"),
    userId: z.string(),
  })
  .meta({ id: "AnchoreRegistry" });

export type RegistryLogin = z.input<typeof registryLogin>;
export type RegistryCredential = z.output<typeof registryCredential>;
export type RegistryCredentialTest = z.output<typeof registryCredentialTest>;
