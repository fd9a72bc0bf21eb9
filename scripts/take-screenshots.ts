/**
 * `node scripts/take-screenshots.ts`: `docs/screenshots` anew: every page in light and in dark, and the pictures of the tour.
 * Needs what the browser tests need: Debian's chromium, docker-registry and skopeo. Look at each picture before it is committed.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { change } from "../apps/web/src/testing/as-person.ts";
import type { Page } from "../apps/web/src/testing/browser.ts";
import { collect } from "../apps/web/src/testing/collector.ts";
import { type Harbour, openHarbour } from "../apps/web/src/testing/harbour.ts";
import { archiveOf, crowdedImage, shopImage, smallImage } from "../apps/web/src/testing/made-images.ts";
import { picture, pictureSize } from "../apps/web/src/testing/picture.ts";
import { openDockerRegistry } from "../packages/testkit/src/index.ts";

const api = "secure/vulnerability/v1";
const root = join(import.meta.dirname, "..");

process.env.PLIMSOLL_SCREENSHOTS = "1";
rmSync(join(root, "docs", "screenshots"), { recursive: true, force: true });
{
  await using harbour = await openHarbour({
    PLIMSOLL_ALLOW_PRIVATE_NETWORKS: "127.0.0.0/8",
    PLIMSOLL_FEED_SCHEDULE: "off",
  });
  const stranger = await harbour.stranger(pictureSize);
  await stranger.goto("");
  await picture(stranger, "light/sign-in");
  const page = await harbour.signIn();
  await fill(harbour, page);
  const shots = await shotsOf(harbour, page);
  for (const dark of [false, true]) {
    const shown = await harbour.signIn({ ...pictureSize, dark });
    for (const [name, path, sign] of shots) {
      await shown.goto(path);
      await shown.getByText(sign).first().waitFor();
      await picture(shown, `${dark ? "dark" : "light"}/${name}`);
    }
  }
  if (harbour.faults.length > 0) throw new Error(harbour.faults.join("\n"));
}
const tour = ["run", "apps/web/src/e2e/tour.test.ts"];
execFileSync(join(root, "node_modules", ".bin", "vitest"), tour, { cwd: root, stdio: "inherit" });

/** Some images from everywhere, people, and what they did. */
async function fill(harbour: Harbour, page: Page): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-shots-"));
  const images = { web: shopImage(), api: smallImage(), batch: crowdedImage(3) };
  for (const [name, image] of Object.entries(images)) {
    const file = join(folder, `${name}.tar`);
    writeFileSync(file, archiveOf(image));
    await harbour.scan(`file://${file}`, "--override-pullstring", `registry.example/shop/${name}:1.4.2`);
  }
  rmSync(folder, { recursive: true });
  await using registry = await openDockerRegistry({ isLocked: false });
  for (const [name, image] of Object.entries(images)) {
    await scanNow(page, registry.push(`shop/${name}:1`, image));
  }
  await scanNow(page, `${registry.host}/shop/gone:1`);
  await tellWhatRuns(harbour, page);
  const team = await change<{ id: number }>(page, "platform/v1/teams", {
    data: { name: "shop", description: "Web and API" },
  });
  const user = await change<{ id: number }>(page, "platform/v1/users", { data: { email: "dana@example.org" } });
  const member = { method: "PUT", data: { standardTeamRole: "ROLE_TEAM_EDIT" } };
  await change(page, `platform/v1/teams/${team.id}/users/${user.id}`, member);
}

/** What runs: every image somewhere, one that nobody has scanned, a host. */
async function tellWhatRuns(harbour: Harbour, page: Page): Promise<void> {
  type Rows = { data: readonly { pullString: string; imageId: string }[] };
  const { data } = await harbour.api<Rows>(page, `${api}/registry-results`);
  const images = data.map(({ pullString: name, imageId: id }) => ({ name, id }));
  const workloads = [...images, { name: "registry.example/shop/cart:2.0" }].map((image, at) => ({
    labels: {
      "kubernetes.namespace.name": at % 2 === 0 ? "shop" : "back-office",
      "kubernetes.workload.type": "deployment",
      "kubernetes.workload.name": image.name.replace(/^.*\/|:.*$/g, ""),
    },
    image,
  }));
  await collect(harbour, "harbour-west", { workloads, hosts: [{ name: "quay-1" }] });
}

async function scanNow(page: Page, image: string): Promise<void> {
  const { jobId } = await change<{ jobId: string }>(page, `${api}/scan-now`, { data: { image } });
  for (let left = 200; left > 0; left--) {
    const { state } = await (await page.context().request.get(`${api}/jobs/${jobId}`)).json();
    if (!["queued", "running"].includes(state)) return;
    await wait(200);
  }
}

type Shot = readonly [name: string, path: string, sign: string | RegExp];

async function shotsOf(harbour: Harbour, page: Page): Promise<readonly Shot[]> {
  type Rows = { data: readonly { resultId: string }[] };
  const [worst] = (await harbour.api<Rows>(page, `${api}/pipeline-results?sort=risk`)).data;
  const result = `results/${worst?.resultId}`;
  // One that names no file of this machine.
  const [pulled] = (await harbour.api<Rows>(page, `${api}/registry-results`)).data;
  type Found = { vulnerabilities: Record<string, { name: string; severity: string }> };
  const { vulnerabilities } = await harbour.api<Found>(page, `${api}/${result}`);
  const [open, finding] = Object.entries(vulnerabilities).find(([, { severity }]) => severity === "critical") ?? [];
  const settings = ["registries", "users", "teams", "roles", "zones", "tokens", "feeds", "jobs", "audit", "account"];
  return [
    ["home", "", "Newest scans"],
    ["pipeline", "pipeline", "registry.example/shop/web:1.4.2"],
    ["registry", "registry", "shop/web:1"],
    ["runtime", "runtime", "harbour-west"],
    ["search", "search?q=django", "Packages"],
    ["vulnerability", `vulnerabilities/${finding?.name}`, finding?.name ?? ""],
    ["result", result, "Do this first"],
    ["result-vulnerabilities", `${result}?tab=vulnerabilities`, "Fixed in"],
    ["result-finding", `${result}?tab=vulnerabilities&open=${open}`, "See all of them"],
    ["result-packages", `${result}?tab=packages`, "Licence"],
    ["result-layers", `${result}?tab=layers`, "brought the worst finding"],
    ["result-layer-table", `${result}?tab=layers&as=table`, "diffID"],
    ["result-policies", `${result}?tab=policies`, "Plimsoll Default"],
    ["result-detail", `results/${pulled?.resultId}?tab=detail`, "Download the SBOM"],
    ["result-now", `${result}/now`, "then and today"],
    ["scan", "scan", "shop/gone"],
    ...settings.map((name): Shot => [`settings-${name}`, `settings/${name}`, /./]),
  ];
}
