import { NativeSelect, TextInput } from "@mantine/core";
import type { TokenWanted } from "../../../api/tokens.ts";
import { useMay, useMe } from "../../../frame/me.ts";
import { useDraft } from "../../../ui/form/draft.ts";
import { EntityForm } from "../../../ui/form/entity-form.tsx";
import { NameField } from "../../../ui/form/name-fields.tsx";
import { plain } from "../../../ui/plain.ts";
import { RoleSelect } from "../role-select.tsx";
import { dayIn, endOf } from "./expiry.ts";

interface TokenFormProps {
  readonly verb: string;
  readonly make: (wanted: TokenWanted) => Promise<string>;
  readonly onMade: (token: string) => void;
  readonly onClose: () => void;
  /** One's own, with one's own role unless another is chosen; else a program's. */
  readonly isOwn?: boolean;
}

const fields = ["name", "role", "expiresAt", "expirationDate", "teamRole"];
const faultFields = { BAD_EXPIRY: "expiresAt", BAD_ROLE: "role", CANNOT_GRANT: "role" };

export function TokenForm({ verb, make, onMade, onClose, isOwn = false }: TokenFormProps) {
  const { teams, currentTeam } = useMe();
  const isAdmin = useMay("users.edit");
  const draft = useDraft({
    name: "",
    team: String(currentTeam ?? teams[0]?.id ?? ""),
    role: isAdmin || !isOwn ? "ROLE_TEAM_SCANNER" : "",
    day: dayIn(90, Date.now()),
  });
  const { values, set } = draft;
  const places = [
    ...teams.map(({ id, name }) => ({ value: String(id), label: plain(name) })),
    ...(isAdmin ? [{ value: "", label: "all teams" }] : []),
  ];
  const wanted = (): TokenWanted => ({
    name: values.name.trim(),
    team: values.team === "" ? null : Number(values.team),
    ...(values.role !== "" && { role: values.role }),
    expiresAt: endOf(values.day),
  });
  return (
    <EntityForm
      verb={verb}
      isChanged={draft.isChanged}
      fields={fields}
      faultFields={faultFields}
      save={() => make(wanted())}
      onSaved={onMade}
      onClose={onClose}
    >
      {(fault) => (
        <>
          <NameField
            description="What it is for: you will want to know when you revoke it"
            value={values.name}
            onChange={(name) => set("name", name)}
            {...fault("name")}
          />
          <NativeSelect
            label="For"
            data={places}
            value={values.team}
            onChange={(event) => set("team", event.currentTarget.value)}
          />
          <TokenRole isOwn={isOwn} value={values.role} onChange={(role) => set("role", role)} {...fault("role")} />
          <TextInput
            label="Ends after"
            description={isOwn ? "Within a year" : "Within ten years"}
            type="date"
            value={values.day}
            min={dayIn(0, Date.now())}
            onChange={(event) => set("day", event.currentTarget.value)}
            required
            withAsterisk={false}
            {...fault("expiresAt")}
            {...fault("expirationDate")}
          />
        </>
      )}
    </EntityForm>
  );
}

interface TokenRoleProps {
  readonly isOwn: boolean;
  readonly value: string;
  readonly onChange: (role: string) => void;
  readonly error?: string;
}

function TokenRole({ isOwn, value, onChange, error }: TokenRoleProps) {
  const isAdmin = useMay("users.edit");
  const mayChoose = useMay("scans.send");
  // Who may not even send scans has nothing to choose: the token can do what they can.
  if (isOwn && !mayChoose) return null;
  if (isOwn && !isAdmin) {
    return (
      <NativeSelect
        label="As"
        data={[
          { value: "", label: "what you are in that team" },
          { value: "ROLE_TEAM_SCANNER", label: "Scanner: sends scans, nothing else" },
        ]}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        error={error}
      />
    );
  }
  return (
    <>
      <RoleSelect label="As" value={value} onChange={onChange} withAdmin={isAdmin && isOwn} />
      {error !== undefined && <div role="alert">{error}</div>}
    </>
  );
}
