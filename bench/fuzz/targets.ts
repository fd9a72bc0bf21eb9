import type { FuzzTarget } from "./target.ts";
import { catalogerTargets } from "./targets/cataloger-targets.ts";
import { databaseTargets } from "./targets/database-targets.ts";
import { engineTargets } from "./targets/engine-targets.ts";
import { feedTargets } from "./targets/feed-targets.ts";
import { knowledgeTargets } from "./targets/knowledge-targets.ts";
import { registryTargets } from "./targets/registry-targets.ts";
import { reportTargets } from "./targets/report-targets.ts";
import { rpmTargets } from "./targets/rpm-targets.ts";
import { sbomTargets } from "./targets/sbom-targets.ts";
import { sourceTargets } from "./targets/source-targets.ts";
import { versionTargets } from "./targets/version-targets.ts";
import { wordsTargets } from "./targets/words-targets.ts";

/** Every parser that meets bytes from outside. */
export const targets: readonly FuzzTarget[] = [
  ...sourceTargets,
  ...registryTargets,
  ...engineTargets,
  ...catalogerTargets,
  ...rpmTargets,
  ...sbomTargets,
  ...reportTargets,
  ...feedTargets,
  ...databaseTargets,
  ...knowledgeTargets,
  ...wordsTargets,
  ...versionTargets,
];
