import { anchoreRegistry, anchoreRegistryRequest } from "@plimsoll/contract";
import {
  type Actor,
  type CredentialInput,
  type CredentialRow,
  createCredential,
  platformError,
  readCredentials,
  removeCredential,
  type Services,
  testNewCredential,
  updateCredential,
} from "@plimsoll/platform";
import { z } from "zod";
import { route } from "../../route.ts";

// The older form of registry credentials (contract 1.5): one for each registry, under its host.

const path = "/api/scanning/v1/anchore/registries";
const one = `${path}/:registry`;
const params = z.object({ registry: z.string().min(1).max(300) });
/** Python writes its own True and False. */
const query = z.object({
  validate: z
    .string()
    .regex(/^(?:true|false)$/i)
    .transform((word) => word.toLowerCase() === "true")
    .prefault("true"),
});

export const listAnchoreRegistries = route({
  method: "GET",
  path,
  permission: "credentials.read",
  summary: "Registry credentials in their older form",
  schemas: { answer: z.array(anchoreRegistry) },
  handle: async (services, { actor }) => (await wholeRegistries(services, actor)).map(shown),
});

export const readAnchoreRegistry = route({
  method: "GET",
  path: one,
  permission: "credentials.read",
  summary: "A registry's credential in its older form",
  schemas: { params, answer: z.array(anchoreRegistry) },
  handle: async (services, { params, actor }) => [shown(await named(services, actor, params.registry))],
});

export const createAnchoreRegistry = route({
  method: "POST",
  path,
  permission: "credentials.edit",
  summary: "Keep a registry's credential, sent in its older form",
  schemas: { query, body: anchoreRegistryRequest, answer: anchoreRegistry },
  handle: async (services, { query: { validate }, body, actor }) => {
    const input = inputOf(body);
    if (validate) await demandGood(services, actor, input);
    return shown(await createCredential(services, actor, input));
  },
});

export const updateAnchoreRegistry = route({
  method: "PUT",
  path: one,
  permission: "credentials.edit",
  summary: "Change a registry's credential, sent in its older form",
  schemas: { params, query, body: anchoreRegistryRequest, answer: anchoreRegistry },
  handle: async (services, { params, query: { validate }, body, actor }) => {
    const { id } = await named(services, actor, params.registry);
    const input = inputOf(body);
    if (validate) await demandGood(services, actor, input);
    return shown(await updateCredential(services, actor, { id, change: input }));
  },
});

export const deleteAnchoreRegistry = route({
  method: "DELETE",
  path: one,
  permission: "credentials.edit",
  summary: "Forget a registry's credential",
  schemas: { params, answer: z.object({}) },
  handle: async (services, { params, actor }) => {
    const { id } = await named(services, actor, params.registry);
    await removeCredential(services, actor, id);
    return {};
  },
});

/** Those without a path: the older form knows no other. */
async function wholeRegistries(services: Services, actor: Actor): Promise<readonly CredentialRow[]> {
  return (await readCredentials(services, actor)).filter((row) => row.path === "");
}

async function named(services: Services, actor: Actor, registry: string): Promise<CredentialRow> {
  const rows = await wholeRegistries(services, actor);
  const found = rows.filter((row) => row.registry === registry.toLowerCase());
  const own = found.find(({ team }) => team === actor.team) ?? found[0];
  if (own === undefined) throw platformError("NOT_FOUND", { fields: { what: "registry" } });
  return own;
}

function inputOf(body: z.output<typeof anchoreRegistryRequest>): CredentialInput {
  const { registry, registry_name: name, registry_user: user, registry_pass: pass } = body;
  return {
    registry,
    ...(name !== undefined && name !== "" && { name }),
    login:
      body.registry_type === "awsecr"
        ? { type: "ecr", accessKeyId: user, secretAccessKey: pass }
        : { type: "docker", username: user, password: pass },
    skipTlsVerify: !body.registry_verify,
    caCertificate: null,
  };
}

async function demandGood(services: Services, actor: Actor, input: CredentialInput): Promise<void> {
  const test = await testNewCredential(services, actor, input);
  if (test.outcome === "ok") return;
  throw platformError("CREDENTIAL_INVALID", { fields: { why: test.error.message }, cause: test.error });
}

function shown(row: CredentialRow) {
  return {
    registry: row.registry,
    registry_name: row.name,
    registry_user: row.username,
    registry_type: row.type === "ecr" ? "awsecr" : "docker_v2",
    registry_verify: !row.skipTls,
    created_at: row.createdAt.toISOString(),
    last_upated: row.updatedAt.toISOString(),
    userId: row.createdBy,
  };
}
