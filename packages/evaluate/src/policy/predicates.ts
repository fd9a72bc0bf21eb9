import type { PredicateDefinition } from "./predicate.ts";
import { imageConfigCreationDateWithAge } from "./rules/creation-date.ts";
import {
  imageConfigDefaultUserIsNot,
  imageConfigDefaultUserIsRoot,
  imageConfigDefaultUserList,
} from "./rules/default-user.ts";
import { denyCve, denyPkg } from "./rules/deny-list.ts";
import { vulnAge, vulnDisclosureRange } from "./rules/disclosure.ts";
import {
  imageConfigEnvVariableContains,
  imageConfigEnvVariableExists,
  imageConfigEnvVariableNotExists,
} from "./rules/environment.ts";
import { vulnEpssPercentileGte, vulnEpssScoreGte } from "./rules/epss.ts";
import {
  vulnExploitable,
  vulnExploitableNoAdmin,
  vulnExploitableNoUser,
  vulnExploitableViaNetwork,
  vulnExploitableWithAge,
} from "./rules/exploit.ts";
import { vulnIsFixable, vulnIsFixableWithAge } from "./rules/fix.ts";
import { imageConfigInstructionIsPkgManager, imageConfigInstructionNotRecommended } from "./rules/instructions.ts";
import { cisaKevAvailableSince, cisaKevDueDateIn, cisaKevKnownRansomwareCampaignUse } from "./rules/known-exploited.ts";
import {
  imageConfigLabelExists,
  imageConfigLabelNotContains,
  imageConfigLabelNotExists,
  imageConfigLabelWithValueAndLabelsExist,
} from "./rules/labels.ts";
import { imageConfigSensitiveInformationAndSecrets } from "./rules/metadata-secrets.ts";
import { vulnIsInUse, vulnPkgType } from "./rules/package-class.ts";
import { vulnCvss, vulnCvssEquals, vulnSeverity, vulnSeverityEquals } from "./rules/severity.ts";

/** Every predicate of a policy rule (contract 3.6): the only file that knows all of them. */
export const predicates = [
  // how bad it is
  vulnSeverity,
  vulnSeverityEquals,
  vulnCvss,
  vulnCvssEquals,
  vulnEpssScoreGte,
  vulnEpssPercentileGte,
  // since when
  vulnAge,
  vulnDisclosureRange,
  vulnIsFixable,
  vulnIsFixableWithAge,
  // how it can be used
  vulnExploitable,
  vulnExploitableWithAge,
  vulnExploitableNoAdmin,
  vulnExploitableNoUser,
  vulnExploitableViaNetwork,
  cisaKevKnownRansomwareCampaignUse,
  cisaKevAvailableSince,
  cisaKevDueDateIn,
  // where it is
  vulnPkgType,
  vulnIsInUse,
  // by name
  denyCve,
  denyPkg,
  // the image's configuration and history
  imageConfigDefaultUserIsRoot,
  imageConfigDefaultUserIsNot,
  imageConfigDefaultUserList,
  imageConfigLabelExists,
  imageConfigLabelNotExists,
  imageConfigLabelNotContains,
  imageConfigLabelWithValueAndLabelsExist,
  imageConfigEnvVariableExists,
  imageConfigEnvVariableNotExists,
  imageConfigEnvVariableContains,
  imageConfigInstructionNotRecommended,
  imageConfigInstructionIsPkgManager,
  imageConfigCreationDateWithAge,
  imageConfigSensitiveInformationAndSecrets,
] as const satisfies readonly PredicateDefinition[];

const byType: ReadonlyMap<string, PredicateDefinition> = new Map(predicates.map((row) => [row.type, row]));

/** The predicate of that type; `null` when there is none. */
export function predicateOf(type: string): PredicateDefinition | null {
  return byType.get(type) ?? null;
}

/** The rule types of the contract (3.6) with the predicates each may hold. */
export const ruleTypes: Readonly<Record<string, readonly string[]>> = {
  vulnSeverityAndThreats: typesOf((row) => row.appliesTo === "finding" && row.type !== "denyCVE"),
  vulnDenyList: ["denyCVE"],
  pkgDenyList: ["denyPkg"],
  imageConfigDefaultUser: typesOf(({ type }) => type.startsWith("imageConfigDefaultUser")),
  imageConfigLabel: typesOf(({ type }) => type.startsWith("imageConfigLabel")),
  imageConfigEnvVariable: typesOf(({ type }) => type.startsWith("imageConfigEnvVariable")),
  imageConfigInstructionNotRecommended: ["imageConfigInstructionNotRecommended"],
  imageConfigInstructionIsPkgManager: ["imageConfigInstructionIsPkgManager"],
  imageConfigCreationDate: ["imageConfigCreationDateWithAge"],
  imageConfigSensitiveInformationAndSecrets: ["imageConfigSensitiveInformationAndSecrets"],
};

function typesOf(belongs: (row: PredicateDefinition) => boolean): string[] {
  return predicates.filter((row) => belongs(row)).map(({ type }) => type);
}
