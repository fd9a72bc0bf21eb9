import { Checkbox, Group } from "@mantine/core";
import type { User } from "@plimsoll/contract";
import { useQueryClient } from "@tanstack/react-query";
import { deleteUser, renewPassword, updateUser } from "../../../api/people.ts";
import { useMe } from "../../../frame/me.ts";
import { Danger } from "../../../ui/form/danger.tsx";
import { useDraft } from "../../../ui/form/draft.ts";
import { EntityForm } from "../../../ui/form/entity-form.tsx";
import { FormDrawer } from "../../../ui/form/form-drawer.tsx";
import { useSeenVersion } from "../../../ui/form/seen-version.ts";
import { plain } from "../../../ui/plain.ts";
import { Memberships } from "./memberships.tsx";
import { PersonFields } from "./person-fields.tsx";
import type { Told } from "./told.ts";

interface UserDrawerProps {
  readonly user: User;
  readonly onTell: (told: Told) => void;
  readonly onClose: () => void;
}

/** One user: name, whether they may sign in, roles in teams. */
export function UserDrawer({ user, onTell, onClose }: UserDrawerProps) {
  const queries = useQueryClient();
  const isSelf = useMe().id === user.id;
  const refresh = () => void queries.invalidateQueries({ queryKey: ["people"] });
  const name = plain(user.email);
  const renew = async () => {
    const { oneTimePassword = "" } = await renewPassword(user.id);
    onTell({ id: user.id, email: user.email, password: oneTimePassword });
  };
  return (
    <FormDrawer title={name} onClose={onClose}>
      <UserForm user={user} isSelf={isSelf} onSaved={refresh} onClose={onClose} />
      <Memberships user={user} onChange={refresh} />
      {!isSelf && (
        <Group mt="lg" gap="xs">
          <Danger
            verb="New one-time password"
            title={`Take away the password of ${name}?`}
            act={renew}
            onDone={refresh}
          >
            The password they have stops working and they are signed out everywhere. You are shown another, which holds
            once.
          </Danger>
          <Danger
            verb="Delete"
            title={`Delete ${name}?`}
            act={() => deleteUser(user.id)}
            onDone={() => {
              refresh();
              onClose();
            }}
          >
            Their roles in teams, their API tokens and their sessions go; programs that use those tokens are refused
            from now on. The audit log still names them. To keep them, take away the tick at “May sign in” instead.
          </Danger>
        </Group>
      )}
    </FormDrawer>
  );
}

interface UserFormProps {
  readonly user: User;
  readonly isSelf: boolean;
  readonly onSaved: () => void;
  readonly onClose: () => void;
}

const fields = ["firstName", "lastName"];

function UserForm({ user, isSelf, onSaved, onClose }: UserFormProps) {
  const { firstName, lastName, isAdmin, isEnabled } = user;
  const draft = useDraft({ firstName: firstName ?? "", lastName: lastName ?? "", isAdmin, isEnabled });
  const { values, set } = draft;
  const saving = useSeenVersion(user.version);
  return (
    <EntityForm
      verb="Save"
      isChanged={draft.isChanged}
      canSave={draft.isChanged}
      fields={fields}
      save={() => saving((version) => updateUser({ id: user.id, version }, values), onSaved)}
      onSaved={() => {
        draft.keep();
        onSaved();
      }}
      onClose={onClose}
    >
      {(fault) => (
        <>
          <PersonFields values={values} set={set} fault={fault} />
          {!isSelf && (
            <Checkbox
              label="May sign in"
              description="Without it they are signed out at once, and their tokens are refused"
              checked={values.isEnabled}
              onChange={(event) => set("isEnabled", event.currentTarget.checked)}
            />
          )}
          {!isSelf && (
            <Checkbox
              label="Administrator"
              checked={values.isAdmin}
              onChange={(event) => set("isAdmin", event.currentTarget.checked)}
            />
          )}
        </>
      )}
    </EntityForm>
  );
}
