import type { Advisory } from "@plimsoll/model";
import type { FeedFile } from "../../feed.ts";
import { readJson } from "../../records/json-text.ts";
import { memberOf, objectsOf, textOf } from "../../records/json-value.ts";
import { Fault, type FeedItem, readEach } from "../../records/read-each.ts";
import { secdbPackage } from "../../secdb/secdb-package.ts";

const feed = "alpine-secdb";

/** One repository of one branch: packages → fixed version → ids. Version "0": the package never had the flaw. */
export async function* parseSecdb(file: FeedFile): AsyncGenerator<FeedItem> {
  yield* readEach({ feed, path: file.path }, [await readJson(file)], readDocument);
}

function readDocument(document: unknown): Iterable<Advisory | Fault> | Fault {
  const version = textOf(memberOf(document, "distroversion")) ?? "";
  const branch = /^(?:v(\d+\.\d+)|(edge))$/.exec(version);
  const release = branch?.[1] ?? branch?.[2];
  if (release === undefined) return new Fault(`an unknown branch: ${version}`);
  const profile = { feed, provider: "alpine", ecosystem: `alpine:${release}` };
  return objectsOf(memberOf(document, "packages")).flatMap((entry) => secdbPackage(entry.pkg, profile));
}
