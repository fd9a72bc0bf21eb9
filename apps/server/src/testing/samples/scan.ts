import { alpineWith, apk, uploadOf } from "../send-scan.ts";
import type { Caller, World } from "../walk-world.ts";
import type { SampleRequest, Samples } from "./sample.ts";

const uploads = "/secure/vulnerability/v1/uploads";
const scans = "/secure/vulnerability/v1/scans";

function freshUpload(world: World) {
  return uploadOf(alpineWith(apk(world.fresh(), "1-r0")));
}

const octets = { "content-type": "application/octet-stream" };

async function uploaded(world: World, headers: Readonly<Record<string, string>>): Promise<string> {
  const { bytes, sha256 } = freshUpload(world);
  const sent = {
    method: "PUT",
    url: `${uploads}/${sha256}`,
    headers: { ...headers, ...octets },
    payload: bytes,
  } as const;
  const answer = await world.server.app.inject(sent);
  return answer.statusCode === 200 ? sha256 : "0".repeat(64);
}

const progressOf = async (world: World, caller: Caller): Promise<SampleRequest> => ({
  url: `${uploads}/${await uploaded(world, caller.token)}`,
});

export const scanSamples: Samples = {
  [`PUT ${uploads}/:sha256`]: {
    request: (world) => {
      const { bytes, sha256 } = freshUpload(world);
      return { url: `${uploads}/${sha256}`, body: bytes };
    },
    shared: "an upload belongs to the token that sends it, whatever its name",
    unaudited: "a piece of an analysis is nothing yet; the scan made of it is told",
  },
  [`GET ${uploads}/:sha256`]: {
    request: progressOf,
    shared: "others' uploads are not there: 0 bytes of them came",
  },
  [`POST ${scans}`]: {
    request: async (world, caller) => ({ url: scans, body: { upload: await uploaded(world, caller.token) } }),
    foreign: async (world) => ({ url: scans, body: { upload: await uploaded(world, world.otherScanner) } }),
  },
  "POST /secure/vulnerability/v1/layers/known": {
    request: () => ({
      url: "/secure/vulnerability/v1/layers/known",
      body: { shaping: "a".repeat(64), layers: [] },
    }),
    unaudited: "it only asks, and its question is too long for an address",
  },
};
