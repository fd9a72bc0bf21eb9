import { inventorySamples } from "./samples/inventory.ts";
import { jobSamples } from "./samples/job.ts";
import { registryCredentialSamples } from "./samples/registry-credential.ts";
import { resultSamples } from "./samples/result.ts";
import { roleSamples } from "./samples/role.ts";
import type { Samples } from "./samples/sample.ts";
import { scanSamples } from "./samples/scan.ts";
import { searchSamples } from "./samples/search.ts";
import { serviceAccountSamples } from "./samples/service-account.ts";
import { sessionSamples } from "./samples/session.ts";
import { teamSamples } from "./samples/team.ts";
import { tokenSamples } from "./samples/token.ts";
import { userSamples } from "./samples/user.ts";
import { vulnerabilitySamples } from "./samples/vulnerability.ts";
import { zoneSamples } from "./samples/zone.ts";

/** A sample of every route: the only file that knows all of them. */
export const samples: Samples = {
  ...scanSamples,
  ...resultSamples,
  ...sessionSamples,
  ...tokenSamples,
  ...vulnerabilitySamples,
  ...roleSamples,
  ...serviceAccountSamples,
  ...teamSamples,
  ...userSamples,
  ...zoneSamples,
  ...registryCredentialSamples,
  ...searchSamples,
  ...jobSamples,
  ...inventorySamples,
};
