import type { World } from "../walk-world.ts";
import type { Sample, SampleRequest, Samples } from "./sample.ts";

function ofResult(url: (id: string, results: World["results"]) => string): Sample {
  return {
    request: ({ results }) => ({ url: url(results.own, results) }),
    foreign: ({ results }) => ({ url: url(results.other, results) }),
  };
}

const v1 = "/secure/vulnerability/v1";

const sboms = "/secure/vulnerability/v1beta1/sboms";

async function sbomOf({ server, readers }: World, name: "own" | "other"): Promise<SampleRequest> {
  const filter = `filter=${encodeURIComponent(`pullString = "${name}"`)}`;
  const answer = await server.app.inject({ url: `${v1}/pipeline-results?${filter}`, headers: { ...readers[name] } });
  const { imageId } = answer.json().data[0];
  return { url: `${sboms}?assetType=container-image&assetId=${encodeURIComponent(imageId)}` };
}

export const resultSamples: Samples = {
  [`GET ${v1}/result-groups`]: {
    request: () => ({ url: `${v1}/result-groups?stage=pipeline&by=registry` }),
    shared: "it has no ids",
  },
  [`GET ${sboms}`]: {
    request: (world) => sbomOf(world, "own"),
    foreign: (world) => sbomOf(world, "other"),
  },
  [`GET ${v1}/results/:resultId`]: ofResult((id) => `${v1}/results/${id}`),
  "GET /secure/vulnerability/v1beta1/results/:resultId": ofResult(
    (id) => `/secure/vulnerability/v1beta1/results/${id}`,
  ),
  [`GET ${v1}/results/:resultId/now`]: ofResult((id) => `${v1}/results/${id}/now`),
  [`GET ${v1}/results/:resultId/recommendations`]: ofResult((id) => `${v1}/results/${id}/recommendations`),
  [`GET ${v1}/results/:resultId/diff/:laterId`]: ofResult((id, { own }) => `${v1}/results/${own}/diff/${id}`),
};
