import { zoneAnswerV1, zoneAnswerV2, zonesAnswerV1, zonesAnswerV2 } from "@plimsoll/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asker, type Headers } from "./testing/asker.ts";
import { now, startTestServer, type TestServer } from "./testing/test-server.ts";

let server: TestServer;
let admin: Headers;

beforeAll(async () => {
  server = await startTestServer();
  admin = await server.token({ role: "ROLE_ADMIN" });
});
afterAll(async () => {
  expect(server.defects).toEqual([]);
  await server[Symbol.asyncDispose]();
});

const v1 = "/platform/v1/zones";
const v2 = "/platform/v2/zones";

const ask = asker(() => ({ server, usually: admin }));

let made = 0;
const rules = (text: string, targetType = "kubernetes") => ({
  name: `zone ${++made}`,
  scopes: [{ targetType, rules: text }],
});
const scopes = (...filters: object[][]) => ({
  name: `zone ${++made}`,
  scopes: filters.map((some) => ({ filters: some })),
});

describe("zones, version 1", () => {
  it("are made, read, found by name, changed and deleted as Terraform does it", async () => {
    const wanted = { ...rules('organization in ("o1", "o2") and account in ("a1", "a2")', "aws"), description: "d" };
    const created = await ask("POST", v1, { body: wanted });
    expect(created.status).toBe(200);
    const zone = zoneAnswerV1.parse(created.body);
    expect(zone).toMatchObject({ ...wanted, isSystem: false, author: "test", lastUpdated: now });
    expect((await ask("GET", `${v1}/${zone.id}`)).body).toEqual(zone);
    const found = await ask("GET", `${v1}?filter=name:${encodeURIComponent(wanted.name)}`);
    expect(zonesAnswerV1.parse(found.body).data).toEqual([zone]);
    const changed = await ask("PUT", `${v1}/${zone.id}`, {
      body: { ...wanted, description: "", scopes: [{ targetType: "host" }] },
    });
    expect(changed).toMatchObject({
      status: 200,
      body: { description: "", scopes: [{ targetType: "host", rules: "" }] },
    });
    expect(await ask("DELETE", `${v1}/${zone.id}`)).toEqual({ status: 204, body: null });
    expect((await ask("DELETE", `${v1}/${zone.id}`)).status).toBe(404);
    expect((await ask("GET", `${v1}/${zone.id}`)).status).toBe(404);
  });

  it("are shown page by page", async () => {
    for (let n = 0; n < 5; n++) await ask("POST", v1, { body: rules("") });
    const names: string[] = [];
    for (let url: string | null = `${v1}?limit=2&orderby=name:desc`; url !== null; ) {
      const { data, page } = zonesAnswerV1.parse((await ask("GET", url)).body);
      names.push(...data.map(({ name }) => name));
      expect(data.length).toBeLessThanOrEqual(2);
      url = page.next;
    }
    expect(names).toEqual([...new Set(names)].sort().reverse());
    expect(names).toContain("Entire Infrastructure");
  });

  it("shows a zone of scopes that must all hold as every way through them", async () => {
    const k = (text: string) => ({ resourceType: "kubernetes", rules: text });
    const { body } = await ask("POST", v2, {
      body: scopes(
        [k('clusterId = "a"'), k('clusterId = "b"')],
        [k('namespace = "x" or namespace = "y"'), { resourceType: "host" }],
      ),
    });
    const { scopes: shown } = zoneAnswerV1.parse((await ask("GET", `${v1}/${body.id}`)).body);
    expect(shown.map(({ rules: text }) => text)).toEqual([
      '(clusterId = "a") and (namespace = "x" or namespace = "y")',
      '(clusterId = "b") and (namespace = "x" or namespace = "y")',
    ]);
    // What version 1 shows, it takes.
    expect((await ask("POST", v1, { body: { ...body, name: "again", scopes: shown } })).status).toBe(200);
  });
});

describe("zones, version 2", () => {
  it("gives expressions back as they were written", async () => {
    const expressions = [
      { field: "organization", operator: "in", value: ["o1", "o2"] },
      { field: "account", operator: "contains", value: "a" },
      { field: "label.env", operator: "is_not", value: "test" },
    ];
    const { status, body } = await ask("POST", v2, { body: scopes([{ resourceType: "aws", expressions }]) });
    expect(status).toBe(200);
    const [scope] = zoneAnswerV2.parse(body).scopes;
    expect(scope?.filters[0]).toMatchObject({
      resourceType: "aws",
      expressions,
      rules: 'organization in ("o1", "o2") and account contains "a" and label.env != "test"',
    });
    expect((await ask("PUT", `${v2}/${body.id}`, { body })).status).toBe(200);
    expect((await ask("GET", `${v2}/${body.id}`)).body.scopes).toEqual(body.scopes);
    expect(zonesAnswerV2.parse((await ask("GET", v2)).body).data.some(({ id }) => id === body.id)).toBe(true);
    expect((await ask("DELETE", `${v2}/${body.id}`)).status).toBe(204);
  });

  it.each([
    ['agentTags != "key: value" and not agentTags contains "key2: value2"', ["is_not", "not_contains"]],
    ['agent.tag.key != "value" and not agent.tag.key2 contains "value2"', ["is_not", "not_contains"]],
    ['clusterId not in ("a", "b") and namespace in ("c")', ["not_in", "in"]],
    ['clusterId = "a" or namespace = "b"', undefined],
  ])("says rules as expressions where it can: %s", async (text, operators) => {
    const { body } = await ask("POST", v2, { body: scopes([{ resourceType: "kubernetes", rules: text }]) });
    const [filter] = body.scopes[0].filters;
    expect(filter.rules).toBe(text);
    expect(filter.expressions?.map(({ operator }: { operator: string }) => operator)).toEqual(operators);
  });

  it.each([
    [
      "values under their other name",
      { field: "namespace", operator: "in", values: ["a", "b"] },
      'namespace in ("a", "b")',
    ],
    ["two words", { field: "namespace", operator: "is not", value: "a" }, 'namespace != "a"'],
    ["quotes and backslashes", { field: "namespace", operator: "is", value: '"\\' }, 'namespace = "\\"\\\\"'],
  ])("takes %s", async (_, expression, text) => {
    const { status, body } = await ask("POST", v2, {
      body: scopes([{ resourceType: "kubernetes", expressions: [expression] }]),
    });
    expect([status, body.scopes[0].filters[0].rules]).toEqual([200, text]);
  });
});

const bad = (why: RegExp) => ({ status: 400, body: { type: "BAD_ZONE", message: expect.stringMatching(why) } });

describe("a zone that cannot be", () => {
  it.each([
    ["clusterId", /character 10, =, !=, in or contains is expected/],
    ["clusterId in", /character 13, a list/],
    ['clusterId in ("a" "b")', /character 19, a comma/],
    ["clusterId = a", /character 13, a value in quotes/],
    ['clusterId = "a" clusterId = "b"', /character 17, and, or or the end/],
    ['(clusterId = "a"', /character 17, a closing bracket/],
    ['clusterId = "a', /character 13, .*quote/],
    ['and clusterId = "a"', /character 5|no field|expected/],
    ['clusterId = ""', /empty/],
    ['nonsense = "a"', /no field "nonsense"; it has clusterId/],
    ['registry = "a"', /kubernetes has no field/],
    ['label. = "a"', /no field/],
    [`${"(".repeat(50)}clusterId = "a"${")".repeat(50)}`, /deeper than 20/],
    [`${"not ".repeat(500)}`, /deeper than 20/],
    [Array.from({ length: 300 }, () => 'clusterId="a"').join(" or "), /more than 200 comparisons/],
    ['clusterId = "a\u0000b"', /characters that no label has/],
    ['constructor = "a"', /no field/],
    ['__proto__ = "a"', /no field/],
  ])("is refused, with the place: %s", async (text, why) => {
    expect(await ask("POST", v2, { body: scopes([{ resourceType: "kubernetes", rules: text }]) })).toMatchObject(
      bad(why),
    );
  });

  it.each([
    ["an unknown type", scopes([{ resourceType: "cloud" }]), /"cloud" is no type of resource; there are aws/],
    ["no scope", scopes(), /no scope/],
    ["an empty scope", scopes([{ resourceType: "host" }], []), /scope 2 has no filter/],
    ["21 scopes", scopes(...Array.from({ length: 21 }, () => [{ resourceType: "host" }])), /more than 20/],
    [
      "too many ways",
      scopes(...Array.from({ length: 8 }, () => [{ resourceType: "host" }, { resourceType: "host" }])),
      /more than 200 ways/,
    ],
    [
      "an unknown operator",
      scopes([{ resourceType: "host", expressions: [{ field: "name", operator: "like", value: "a" }] }]),
      /"like" is no operator/,
    ],
    [
      "an operator of every object",
      scopes([{ resourceType: "host", expressions: [{ field: "name", operator: "constructor", value: "a" }] }]),
      /is no operator/,
    ],
    [
      "no value",
      scopes([{ resourceType: "host", expressions: [{ field: "name", operator: "in" }] }]),
      /1 to 1000 values/,
    ],
    [
      "two differing words",
      scopes([
        { resourceType: "host", rules: 'name = "b"', expressions: [{ field: "name", operator: "is", value: "a" }] },
      ]),
      /differ/,
    ],
  ])("is refused: %s", async (_, body, why) => {
    expect(await ask("POST", v2, { body })).toMatchObject(bad(why));
  });

  it.each([
    ["10,000 scopes", { name: "many", scopes: Array.from({ length: 10_000 }, () => ({ targetType: "host" })) }, 400],
    ["a body of 2 MB", { name: "x".repeat(2 ** 21), scopes: [] }, 413],
    ["no name", { name: "", scopes: [{ targetType: "host" }] }, 400],
    ["a name of 10,000 characters", { name: "x".repeat(10_000), scopes: [{ targetType: "host" }] }, 400],
    ["a name that turns the line round", { name: "a\u202eb", scopes: [{ targetType: "host" }] }, 400],
    ["a name with a line break", { name: "a\nb", scopes: [{ targetType: "host" }] }, 400],
    ["a name with NUL", { name: "a\u0000b", scopes: [{ targetType: "host" }] }, 400],
    ["half a character", { name: "\ud800", scopes: [{ targetType: "host" }] }, 400],
    ["no scopes at all", { name: "none" }, 400],
    ["scopes that are none", { name: "none", scopes: "all" }, 400],
  ])("is refused: %s", async (_, body, status) => {
    expect((await ask("POST", v1, { body })).status).toBe(status);
  });

  it.each(["'; drop table zone; --", "\"' || exists($)", "日本語 ✓", "a%b_c"])(
    "takes %s as a name and as a value for what it is",
    async (text) => {
      const body = scopes([
        { resourceType: "kubernetes", expressions: [{ field: "namespace", operator: "contains", value: text }] },
      ]);
      const { status, body: zone } = await ask("POST", v2, { body: { ...body, name: `${text} ${made}` } });
      expect([status, zone.scopes[0].filters[0].expressions[0].value]).toEqual([200, text]);
      const found = await ask("GET", `${v2}?filter=${encodeURIComponent(`name:${text} ${made}`)}`);
      expect(found.body.page.total).toBe(1);
    },
  );

  it("answers 400 to a name that is taken, never 409", async () => {
    const body = rules("");
    expect((await ask("POST", v1, { body })).status).toBe(200);
    expect(await ask("POST", v1, { body })).toMatchObject({ status: 400, body: { type: "NAME_TAKEN" } });
    const { body: other } = await ask("POST", v2, { body: scopes([{ resourceType: "host" }]) });
    const renamed = { name: body.name, scopes: [{ targetType: "host" }] };
    expect(await ask("PUT", `${v1}/${other.id}`, { body: renamed })).toMatchObject({
      status: 400,
      body: { type: "NAME_TAKEN" },
    });
  });

  it.each([
    "filter=name",
    "filter=secret:x",
    "orderby=name:up",
    "filter=__proto__:x",
    "limit=0",
    "offset=-1",
    "orderby=name;drop:asc",
  ])("answers 400 to a list asked by %s", async (query) => {
    expect((await ask("GET", `${v1}?${query}`)).status).toBe(400);
  });

  it.each(["0", "-1", "x", "99999999999999999999", "1.5"])("answers 400 to the id %s", async (id) => {
    expect((await ask("GET", `${v1}/${id}`)).status).toBe(400);
  });
});

it("every change of a zone is written down", async () => {
  const { rows } = await server.services.pool.query(
    "select action, count(*) as n from audit where action like 'zone.%' group by 1 order by 1",
  );
  expect(rows.map(({ action }) => action)).toEqual(["zone.create", "zone.delete", "zone.update"]);
});
