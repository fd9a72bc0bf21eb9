import { formatPurl, parsePurl } from "../../../packages/model/src/purl.ts";
import { jsonpathOf } from "../../../packages/platform/src/zones/jsonpath.ts";
import { readScopes } from "../../../packages/platform/src/zones/zone-scopes.ts";
import { parsePlatform } from "../../../packages/source/src/image/platform.ts";
import { formatReference, parseReference } from "../../../packages/source/src/reference.ts";
import { parseChallenge } from "../../../packages/source/src/registry/challenge.ts";
import { parseDockerConfig } from "../../../packages/source/src/registry/docker-config.ts";
import { cvssOfVector } from "../../../packages/vulndb/src/records/cvss-vector.ts";
import { mutateBytes } from "../mutate-bytes.ts";
import { mutateJson } from "../mutate-json.ts";
import { mutateLines } from "../mutate-lines.ts";
import { orRefused, promise, sizeOf } from "../promises.ts";
import { sharedFiles } from "../seeds.ts";
import type { FuzzTarget } from "../target.ts";
import { parseRequestedArguments } from "./arguments.ts";

const texts =
  (...list: readonly string[]) =>
  async () =>
    list.map((text) => Buffer.from(text));

/** Short texts from outside: references, challenges, names, vectors, arguments. */
export const wordsTargets: readonly FuzzTarget[] = [
  {
    name: "reference",
    scope: ["packages/source/src/reference.ts"],
    mutators: [mutateBytes],
    maxBytes: 4096,
    seeds: texts(
      "alpine",
      "localhost:5000/a/b__c:1.2",
      `ghcr.io/a/b@sha256:${"a".repeat(64)}`,
      "[::1]:5000/a-b:t",
      "index.docker.io/library/x",
    ),
    run: (input) =>
      orRefused(() => {
        const reference = parseReference(input.toString("utf8"));
        const again = parseReference(formatReference(reference));
        promise(JSON.stringify(again) === JSON.stringify(reference), "a reference that reads otherwise when written");
        return { shape: `ok ${reference.tag === null} ${reference.digest === null}`, value: reference };
      }),
  },
  {
    name: "challenge",
    scope: ["packages/source/src/registry/challenge.ts"],
    mutators: [mutateBytes],
    maxBytes: 16_384,
    seeds: texts(
      'Bearer realm="https://auth.example.org/token",service="registry",scope="repository:a/b:pull"',
      'Basic realm="x", Bearer realm="https://a\\"b/", error=invalid_token',
      "Negotiate, Basic",
    ),
    run(input) {
      const challenge = parseChallenge(input.toString("latin1"));
      return { shape: challenge?.scheme ?? "none", value: challenge };
    },
  },
  {
    name: "docker-config",
    scope: ["packages/source/src/registry/docker-config.ts", "packages/source/src/image/json.ts"],
    mutators: [mutateJson, mutateBytes],
    seeds: texts(
      '{"auths":{"https://index.docker.io/v1/":{"auth":"YTpi"},"ghcr.io":{"identitytoken":"t"},"a":{"username":"u","password":"p"}}}',
      '{"credsStore":"desktop","credHelpers":{"gcr.io":"gcloud"}}',
    ),
    run(input) {
      const config = parseDockerConfig(input);
      return { shape: config === null ? "none" : `${sizeOf(Object.keys(config.auths).length)}`, value: config };
    },
  },
  {
    name: "purl",
    scope: ["packages/model/src/purl.ts"],
    mutators: [mutateBytes],
    maxBytes: 8192,
    seeds: async () => {
      const boms = await sharedFiles({ archives: ["pkgdb/sboms-cyclonedx-spdx.tar.zst"], wants: () => true, most: 20 });
      const found = boms.flatMap(({ bytes }) => bytes.toString("utf8").match(/pkg:[^"\s<]{4,300}/g) ?? []);
      return [...new Set(found)]
        .slice(0, 200)
        .concat("pkg:npm/%40a/b@1?c=d#e")
        .map((purl) => Buffer.from(purl));
    },
    run(input) {
      const parts = parsePurl(input.toString("utf8"));
      if (parts === null) return { shape: "none", value: null };
      const again = parsePurl(formatPurl(parts));
      promise(again !== null && formatPurl(again) === formatPurl(parts), "a purl that reads otherwise when written");
      return { shape: Object.keys(parts).join(" "), value: parts };
    },
  },
  {
    name: "cvss-vector",
    scope: ["packages/vulndb/src/records/cvss-vector.ts"],
    mutators: [mutateBytes, mutateLines],
    maxBytes: 2048,
    seeds: texts(
      "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
      "AV:N/AC:L/Au:N/C:P/I:P/A:P",
      "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:A",
    ),
    run(input) {
      const cvss = cvssOfVector(input.toString("utf8"));
      promise(cvss === null || (cvss.score >= 0 && cvss.score <= 10), `a score of ${cvss?.score}`);
      return { shape: cvss === null ? "none" : `${cvss.version} ${Math.round(cvss.score)}`, value: cvss };
    },
  },
  {
    name: "zone-rules",
    scope: [
      "packages/platform/src/zones/parse-rules.ts",
      "packages/platform/src/zones/zone-scopes.ts",
      "packages/platform/src/zones/jsonpath.ts",
    ],
    mutators: [mutateBytes],
    maxBytes: 12_000,
    seeds: texts(
      'clusterId in ("a", "b") and not namespace contains "test"',
      'agentTags != "env: prod" and not (agent.tag.team = "a" or label.app not in ("x","y"))',
      "namespace contains ('a', 'b\\'c') or not not clusterId = \"\\\\\"",
    ),
    run: (input) =>
      orRefused(() => {
        const text = input.toString("utf8");
        const { scopes, conditions } = readScopes([[{ resourceType: "kubernetes", rules: text }]]);
        const [filter] = scopes.flat();
        const path = jsonpathOf(conditions);
        // Outside of its quoted texts a path is made of a few words of ours.
        const words = path.replace(/"(?:[^"\\]|\\.)*"/gs, '""');
        promise(/^[-$().*?@!=&|[\]"\s\w]*$/.test(words), `a path with something else: ${words.slice(0, 200)}`);
        if (filter?.expressions !== undefined) {
          const { conditions: again } = readScopes([[{ resourceType: "kubernetes", expressions: filter.expressions }]]);
          promise(jsonpathOf(again).length > 0, "expressions that ask nothing");
        }
        return { shape: `ok ${sizeOf(path.length)} ${filter?.expressions !== undefined}`, value: path };
      }),
  },
  {
    name: "platform",
    scope: ["packages/source/src/image/platform.ts"],
    mutators: [mutateBytes],
    share: 0.1,
    maxBytes: 2048,
    seeds: texts("linux/amd64", "linux/arm/v7", "windows/amd64", "arm64"),
    run: (input) => orRefused(() => ({ shape: "ok", value: parsePlatform(input.toString("utf8")) })),
  },
  {
    name: "arguments",
    scope: [
      "apps/cli/src/parse-arguments.ts",
      "apps/cli/src/choose-command.ts",
      "apps/cli/src/operands.ts",
      "apps/cli/src/options.ts",
      "apps/cli/src/commands/scan-options.ts",
    ],
    mutators: [mutateLines, mutateBytes],
    maxBytes: 4096,
    seeds: texts(
      "scan\nalpine:3.20\n--output\njson=a.json\n--policy\na,b",
      "sbom\ndir:/x\n--output=spdx-json",
      "--apiurl\nhttps://x\n-o\nlog\n-t\n5\nnginx",
      "explain\nCVE-2024-0001\nalpine",
      "--sarif\nmin-severity=high\n-d=db\n-n\nx",
    ),
    run: (input) => orRefused(() => parseRequestedArguments(input.toString("utf8").split("\n"))),
  },
];
