import type { Role } from "@plimsoll/contract";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { deleteRole, permissionsQuery, rolesQuery, saveRole } from "../../../api/roles.ts";
import { Danger } from "../../../ui/form/danger.tsx";
import { useDraft } from "../../../ui/form/draft.ts";
import { EntityForm } from "../../../ui/form/entity-form.tsx";
import { FormDrawer } from "../../../ui/form/form-drawer.tsx";
import { NameFields } from "../../../ui/form/name-fields.tsx";
import { plain } from "../../../ui/plain.ts";
import { Failed } from "../../../ui/states/failed.tsx";
import { LoadingRows } from "../../../ui/states/loading-rows.tsx";
import { PermissionChoice } from "./permission-choice.tsx";

interface CustomRoleDrawerProps {
  readonly role: Role | null;
  readonly onClose: () => void;
}

/** A role of one's own, from permissions. */
export function CustomRoleDrawer({ role, onClose }: CustomRoleDrawerProps) {
  const queries = useQueryClient();
  const done = () => {
    void queries.invalidateQueries({ queryKey: rolesQuery.queryKey });
    onClose();
  };
  const name = plain(role?.name ?? "");
  return (
    <FormDrawer title={role === null ? "Make a role" : name} onClose={onClose}>
      <RoleForm role={role} onSaved={done} onClose={onClose} />
      {role !== null && (
        <Danger verb="Delete" title={`Delete the role ${name}?`} act={() => deleteRole(role.id)} onDone={done}>
          It is refused as long as somebody has this role; give them another first. Nothing else goes with it.
        </Danger>
      )}
    </FormDrawer>
  );
}

const fields = ["name", "description", "securePermissions"];

function RoleForm({ role, onSaved, onClose }: CustomRoleDrawerProps & { readonly onSaved: () => void }) {
  const permissions = useQuery(permissionsQuery);
  const draft = useDraft({
    name: role?.name ?? "",
    description: role?.description ?? "",
    securePermissions: role?.securePermissions ?? [],
  });
  const { values, set } = draft;
  return (
    <EntityForm
      verb={role === null ? "Make it" : "Save"}
      isChanged={draft.isChanged}
      canSave={role === null || draft.isChanged}
      fields={fields}
      faultFields={{ NAME_TAKEN: "name" }}
      save={() => saveRole(role?.id ?? null, values)}
      onSaved={onSaved}
      onClose={onClose}
    >
      {(fault) => (
        <>
          <NameFields values={values} set={set} fault={fault} />
          {permissions.isPending && <LoadingRows rows={6} />}
          {permissions.error && (
            <Failed
              error={permissions.error}
              what="What there is to choose could not be loaded"
              onRetry={() => void permissions.refetch()}
            />
          )}
          {permissions.data && (
            <PermissionChoice
              permissions={permissions.data}
              chosen={values.securePermissions}
              onChange={(ids) => set("securePermissions", ids)}
              {...fault("securePermissions")}
            />
          )}
        </>
      )}
    </EntityForm>
  );
}
