import { Readable } from "node:stream";
import { apiError, sbomAnswer, sbomQuery } from "@plimsoll/contract";
import { sbomFormats } from "@plimsoll/formats";
import { readSbom } from "@plimsoll/platform";
import { z } from "zod";
import { mediaTypeOf, negotiate, type Offer } from "../../negotiate.ts";
import { route } from "../../route.ts";
import { tool } from "../../tool.ts";
import { wholeAnswer } from "../../whole-answer.ts";

type FormatName = (typeof sbomFormats)[number]["name"];
type Written = Offer & { readonly format: FormatName };

const json = "application/vnd.cyclonedx+json";
const xml = "application/vnd.cyclonedx+xml";

/** The first is given to who does not say. */
const offers: readonly Written[] = [
  { type: json, version: "1.5", format: "cyclonedx-json-1-5" },
  { type: json, version: "1.6", format: "cyclonedx-json" },
  { type: json, version: "1.7", format: "cyclonedx-json-1-7" },
  { type: "application/json", format: "cyclonedx-json-1-5" },
  { type: xml, version: "1.5", format: "cyclonedx-xml-1-5" },
  { type: xml, version: "1.6", format: "cyclonedx-xml" },
  { type: xml, version: "1.7", format: "cyclonedx-xml-1-7" },
  { type: "application/xml", format: "cyclonedx-xml-1-5" },
  { type: "text/xml", format: "cyclonedx-xml-1-5" },
];
const gives = offers.map(mediaTypeOf);

export const sboms = route({
  method: "GET",
  path: "/secure/vulnerability/v1beta1/sboms",
  permission: "results.read",
  summary: "The SBOM of an image or a host, as CycloneDX",
  description:
    "By `bomIdentifier`, or the newest one by `assetId` and `assetType`. The Accept header chooses format and version; without one it is CycloneDX JSON 1.5. Its serial number is `urn:uuid:` and the `bomIdentifier`.",
  schemas: { query: sbomQuery, answer: sbomAnswer },
  gives,
  errors: {
    404: apiError.describe("There is no such SBOM, or it is not the caller's to see"),
    406: z.string().describe("Which media types there are"),
  },
  handle: async (services, { query, actor, accept }) => {
    const offer = negotiate(accept, offers);
    // Clients read a text here, nothing else (contract 1.0).
    if (offer === null) {
      const text = JSON.stringify(`none of the media types in Accept can be given; these can: ${gives.join(", ")}`);
      return wholeAnswer({ status: 406, headers: { "content-type": "application/json; charset=utf-8" }, body: text });
    }
    const { id, name, sbom } = await readSbom(services, actor, query);
    const format = sbomFormats.find((candidate) => candidate.name === offer.format);
    const options = { tool, pullString: name, serial: id };
    const pieces = format !== undefined && "pieces" in format ? format.pieces(sbom, options) : [];
    const headers = { "content-type": mediaTypeOf(offer), vary: "Accept" };
    return wholeAnswer({ headers, body: Readable.from(inChunks(pieces), { objectMode: false }) });
  },
});

const chunkCharacters = 64 * 1024;

/** The same text in pieces that are worth sending. */
function* inChunks(pieces: Iterable<string>): Generator<string> {
  let waiting = "";
  for (const piece of pieces) {
    waiting += piece;
    if (waiting.length < chunkCharacters) continue;
    yield waiting;
    waiting = "";
  }
  if (waiting !== "") yield waiting;
}
