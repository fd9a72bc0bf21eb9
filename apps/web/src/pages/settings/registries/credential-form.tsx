import { Checkbox, Textarea, TextInput } from "@mantine/core";
import type { RegistryCredential } from "@plimsoll/contract";
import { saveCredential } from "../../../api/credentials.ts";
import { useView } from "../../../frame/view.ts";
import { useDraft } from "../../../ui/form/draft.ts";
import { EntityForm } from "../../../ui/form/entity-form.tsx";
import { LoginFields } from "./login-fields.tsx";
import { draftOf, toKeep } from "./model.ts";
import { TestTyped } from "./test-login.tsx";

interface CredentialFormProps {
  readonly credential: RegistryCredential | null;
  readonly onSaved: () => void;
  readonly onClose: () => void;
}

const fields = [
  "name",
  "registry",
  "login.username",
  "login.password",
  "login.token",
  "login.jsonKey",
  "caCertificate",
];
const faultFields = { CREDENTIAL_EXISTS: "registry" };

export function CredentialForm({ credential, onSaved, onClose }: CredentialFormProps) {
  const [view] = useView();
  const draft = useDraft(draftOf(credential, view.registry ?? ""));
  const { values, set } = draft;
  return (
    <EntityForm
      verb={credential === null ? "Add it" : "Save"}
      isChanged={draft.isChanged}
      canSave={credential === null || draft.isChanged}
      fields={fields}
      faultFields={faultFields}
      save={() => saveCredential(credential?.id ?? null, toKeep(values))}
      onSaved={onSaved}
      onClose={onClose}
      beside={values.isNewLogin && <TestTyped credential={toKeep(values)} image={view.image ?? ""} />}
    >
      {(fault) => (
        <>
          <TextInput
            data-autofocus
            label="Registry"
            description="HOST or HOST:PORT, or with a path: all repositories at and below it"
            value={values.registry}
            onChange={(event) => set("registry", event.currentTarget.value)}
            maxLength={1000}
            required
            withAsterisk={false}
            spellCheck={false}
            {...fault("registry")}
          />
          <TextInput
            label="Name"
            description="Empty: the registry and path"
            value={values.name}
            onChange={(event) => set("name", event.currentTarget.value)}
            maxLength={300}
            {...fault("name")}
          />
          <LoginFields draft={draft} isKept={credential !== null} fault={fault} />
          <Textarea
            label="Certificate of the registry's own authority"
            description="PEM; empty where it is a public one"
            value={values.caCertificate}
            onChange={(event) => set("caCertificate", event.currentTarget.value)}
            autosize
            minRows={2}
            maxRows={6}
            spellCheck={false}
            {...fault("caCertificate")}
          />
          <Checkbox
            label="Do not check certificates, and speak http where there is no https"
            checked={values.skipTlsVerify}
            onChange={(event) => set("skipTlsVerify", event.currentTarget.checked)}
          />
        </>
      )}
    </EntityForm>
  );
}
