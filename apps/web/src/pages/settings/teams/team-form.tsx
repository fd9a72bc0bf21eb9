import { Checkbox } from "@mantine/core";
import type { Team } from "@plimsoll/contract";
import { useQuery } from "@tanstack/react-query";
import { saveTeam } from "../../../api/people.ts";
import { zonesQuery } from "../../../api/zones.ts";
import { useDraft } from "../../../ui/form/draft.ts";
import { EntityForm } from "../../../ui/form/entity-form.tsx";
import { NameFields } from "../../../ui/form/name-fields.tsx";
import { useSeenVersion } from "../../../ui/form/seen-version.ts";
import { plain } from "../../../ui/plain.ts";
import { RoleSelect } from "../role-select.tsx";

interface TeamFormProps {
  readonly team: Team | null;
  readonly onSaved: (team: Team) => void;
  /** Somebody else changed it meanwhile. */
  readonly onStale: () => void;
  readonly onClose: () => void;
}

const fields = ["name", "description", "zoneIds"];

function draftOf(team: Team | null) {
  return {
    name: team?.name ?? "",
    description: team?.description ?? "",
    isAllZones: team?.isAllZones ?? false,
    zoneIds: team?.zoneIds ?? [],
    role: team?.customTeamRoleId?.toString() ?? team?.standardTeamRole ?? "ROLE_TEAM_READ",
  };
}

export function TeamForm({ team, onSaved, onStale, onClose }: TeamFormProps) {
  const draft = useDraft(draftOf(team));
  const { values, set } = draft;
  const saving = useSeenVersion(team?.version ?? 0);
  return (
    <EntityForm
      verb={team === null ? "Add" : "Save"}
      isChanged={draft.isChanged}
      canSave={team === null || draft.isChanged}
      fields={fields}
      faultFields={{ NAME_TAKEN: "name" }}
      save={() => saving((version) => saveTeam(team && { ...team, version }, values), onStale)}
      onSaved={(saved) => {
        draft.keep();
        onSaved(saved);
      }}
      onClose={onClose}
    >
      {(fault) => (
        <>
          <NameFields values={values} set={set} fault={fault} />
          <RoleSelect label="Role of who is let in" value={values.role} onChange={(role) => set("role", role)} />
          <Checkbox
            label="Sees everything there is"
            checked={values.isAllZones}
            onChange={(event) => set("isAllZones", event.currentTarget.checked)}
          />
          {!values.isAllZones && <ZoneChoice chosen={values.zoneIds} onChange={(ids) => set("zoneIds", ids)} />}
        </>
      )}
    </EntityForm>
  );
}

interface ZoneChoiceProps {
  readonly chosen: readonly number[];
  readonly onChange: (ids: number[]) => void;
}

function ZoneChoice({ chosen, onChange }: ZoneChoiceProps) {
  const zones = useQuery(zonesQuery).data ?? [];
  if (zones.length === 0) return null;
  return (
    <Checkbox.Group
      label="Zones"
      description="Beside its own scans the team sees what lies in these"
      value={chosen.map(String)}
      onChange={(ids) => onChange(ids.map(Number))}
    >
      {zones.map(({ id, name }) => (
        <Checkbox key={id} value={String(id)} label={plain(name)} mt={6} />
      ))}
    </Checkbox.Group>
  );
}
