import { join } from "node:path";
import type { Engines } from "@plimsoll/testkit";

/** Every way to name the image that the daemon holds as `image`: archive, both OCI layouts, registry, socket. */
export async function referencesTo(image: string, { folder, registry, run }: Engines): Promise<Record<string, string>> {
  const place = join(folder, image.replaceAll(/[^\w.-]/g, "-"));
  const saved = `${place}.tar`;
  await run("docker", ["save", "-o", saved, image]);
  const copy = (target: string) =>
    run("skopeo", ["copy", "-q", "--dest-tls-verify=false", `docker-archive:${saved}`, target]);
  await copy(`oci:${place}-layout:it`);
  await copy(`oci-archive:${place}-layout.tar:it`);
  await copy(`docker://${registry}/${image}`);
  return {
    archive: `file://${saved}`,
    layout: `oci:${place}-layout:it`,
    layoutArchive: `oci-archive:${place}-layout.tar:it`,
    registry: `pull://${registry}/${image}`,
    daemon: `docker://${image}`,
  };
}
