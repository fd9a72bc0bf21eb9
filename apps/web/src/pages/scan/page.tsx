import { useView } from "../../frame/view.ts";
import { Follow } from "./follow.tsx";
import { RecentScans } from "./recent-scans.tsx";
import { ScanForm } from "./scan-form.tsx";

/** Scan Now: name an image, follow the server reading it, open what it found. The job is in the address. */
export function Page() {
  const [{ job, image = "" }] = useView();
  return (
    <>
      <h1>Scan now</h1>
      <ScanForm key={image} image={image} />
      {job !== undefined && <Follow key={job} id={job} />}
      <RecentScans />
    </>
  );
}
