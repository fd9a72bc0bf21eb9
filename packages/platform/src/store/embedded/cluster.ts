import { chownSync, createReadStream, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { defaultLimits } from "@plimsoll/kit";
import { decompressed, TarReader } from "@plimsoll/source";
import { clusterTemplate } from "../../assets.ts";
import type { ServerUser } from "./server-user.ts";

/** Makes the cluster in `data` unless it is there. It appears whole or not at all. */
export async function ensureCluster(data: string, user: ServerUser): Promise<void> {
  if (existsSync(join(data, "PG_VERSION"))) return;
  const fresh = `${data}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true, mode: 0o700 });
  own(fresh, user);
  await unpack(fresh, user);
  rmSync(data, { recursive: true, force: true });
  renameSync(fresh, data);
}

async function unpack(folder: string, user: ServerUser): Promise<void> {
  const reader = new TarReader(
    {
      entry: ({ path, type }) => {
        if (type === "directory" && path !== "") makeFolder(join(folder, path), user);
        return "body";
      },
      claims: () => false,
      body: ({ path }, bytes) => writeOwned(join(folder, path), bytes, user),
      whiteout: () => undefined,
      problem: ({ message }) => {
        throw new Error(`the empty cluster cannot be unpacked: ${message}`);
      },
    },
    { limits: { ...defaultLimits, fileBytes: 32 * 2 ** 20 } },
  );
  for await (const chunk of decompressed(createReadStream(clusterTemplate))) reader.push(chunk);
  reader.finish();
}

function makeFolder(path: string, user: ServerUser): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  own(path, user);
}

function writeOwned(path: string, bytes: Uint8Array, user: ServerUser): void {
  if (!existsSync(dirname(path))) makeFolder(dirname(path), user);
  writeFileSync(path, bytes, { mode: 0o600 });
  own(path, user);
}

function own(path: string, user: ServerUser): void {
  if (user !== null) chownSync(path, user.uid, user.gid);
}
