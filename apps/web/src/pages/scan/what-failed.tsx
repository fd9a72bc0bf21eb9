import type { Job } from "@plimsoll/contract";
import { Link } from "@tanstack/react-router";
import { useMay } from "../../frame/me.ts";
import { imageOf, placeOf } from "../../ui/image-of.ts";
import { plain } from "../../ui/plain.ts";
import styles from "./scan.module.css";

/** What failed, and the way to mend it: most often a login that is missing. */
export function WhatFailed({ job }: { readonly job: Job }) {
  const image = imageOf(job);
  return (
    <div className={styles.failed} role="alert">
      <strong>
        {job.state === "dead" ? `It was tried ${job.attempts} times and given up` : "It could not be scanned"}
      </strong>
      <div>{plain(job.error?.message ?? "The server does not say why.")}</div>
      {job.error?.details.map((line) => (
        <div key={line}>{plain(line)}</div>
      ))}
      <div className={styles.next}>
        <Remedy type={job.error?.type ?? ""} image={image} />
        <Link to="/scan" search={{ image }}>
          Try it again
        </Link>
      </div>
    </div>
  );
}

function Remedy({ type, image }: { readonly type: string; readonly image: string }) {
  const mayEdit = useMay("credentials.edit");
  const mayRead = useMay("credentials.read");
  const place = placeOf(image);
  if (type === "REGISTRY_LOGIN_MISSING" || type === "REGISTRY_CERTIFICATE") {
    if (!mayEdit) return <span>Somebody who may change registry credentials can add one for {plain(place)}.</span>;
    return (
      <Link to="/settings/registries" search={{ open: "new", registry: place, image }}>
        Add a credential for {plain(place)}
      </Link>
    );
  }
  if (type !== "REGISTRY_LOGIN_REFUSED" || !mayRead) return null;
  return <Link to="/settings/registries">Look at the registry credentials</Link>;
}
