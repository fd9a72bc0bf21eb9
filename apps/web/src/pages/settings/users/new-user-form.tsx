import { Checkbox, TextInput } from "@mantine/core";
import { createUser } from "../../../api/people.ts";
import { useDraft } from "../../../ui/form/draft.ts";
import { EntityForm } from "../../../ui/form/entity-form.tsx";
import { PersonFields } from "./person-fields.tsx";
import type { Told } from "./told.ts";

interface NewUserFormProps {
  readonly onMade: (told: Told) => void;
  readonly onClose: () => void;
}

const fields = ["email", "firstName", "lastName"];

export function NewUserForm({ onMade, onClose }: NewUserFormProps) {
  const draft = useDraft({ email: "", firstName: "", lastName: "", isAdmin: false });
  const { values, set } = draft;
  return (
    <EntityForm
      verb="Add"
      isChanged={draft.isChanged}
      fields={fields}
      faultFields={{ NAME_TAKEN: "email" }}
      save={() => createUser(values)}
      onSaved={({ id, email, oneTimePassword = "" }) => onMade({ id, email, password: oneTimePassword })}
      onClose={onClose}
    >
      {(fault) => (
        <>
          <TextInput
            data-autofocus
            label="User name"
            description="What they sign in with, mostly an e-mail address"
            value={values.email}
            onChange={(event) => set("email", event.currentTarget.value)}
            maxLength={200}
            autoComplete="off"
            required
            withAsterisk={false}
            {...fault("email")}
          />
          <PersonFields values={values} set={set} fault={fault} />
          <Checkbox
            label="Administrator"
            description="May do everything, for all teams. Others get their roles in teams, next"
            checked={values.isAdmin}
            onChange={(event) => set("isAdmin", event.currentTarget.checked)}
          />
        </>
      )}
    </EntityForm>
  );
}
