import type { Sample, Samples } from "./sample.ts";

const v1 = "/secure/vulnerability/v1";

const plain = (url: string): Sample => ({ request: () => ({ url }) });

const shared = "what is public knowledge belongs to nobody; what is counted is what the caller sees";

export const searchSamples: Samples = {
  [`GET ${v1}/search`]: plain(`${v1}/search?q=zlib`),
  [`GET ${v1}/search/vulnerabilities`]: plain(`${v1}/search/vulnerabilities?q=CVE-2022`),
  [`GET ${v1}/search/packages`]: plain(`${v1}/search/packages?q=zlib`),
  [`GET ${v1}/search/assets`]: plain(`${v1}/search/assets?q=own`),
  [`GET ${v1}/blast-radius/vulnerabilities/:id`]: {
    ...plain(`${v1}/blast-radius/vulnerabilities/CVE-2022-37434`),
    shared,
  },
  [`GET ${v1}/blast-radius/packages`]: plain(`${v1}/blast-radius/packages?package=zlib`),
  [`GET ${v1}/blast-radius/revisions/:seq`]: { ...plain(`${v1}/blast-radius/revisions/newest`), shared },
};
