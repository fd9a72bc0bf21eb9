import { Checkbox, NativeSelect, PasswordInput, Textarea, TextInput } from "@mantine/core";
import type { Draft } from "../../../ui/form/draft.ts";
import { type CredentialDraft, loginFields, loginTypes } from "./model.ts";

interface LoginFieldsProps {
  readonly draft: Draft<CredentialDraft>;
  /** There is a login already, which stays unless another is entered. */
  readonly isKept: boolean;
  readonly fault: (field: string) => { readonly error?: string };
}

/** What opens the registry; a secret that is kept is never shown, only replaced. */
export function LoginFields({ draft: { values, set }, isKept, fault }: LoginFieldsProps) {
  const { user, secret } = loginFields(values.type);
  const secretProps = {
    label: secret,
    value: values.secret,
    required: true,
    withAsterisk: false,
    ...fault("login.password"),
    ...fault("login.token"),
    ...fault("login.jsonKey"),
  };
  return (
    <>
      {isKept && (
        <Checkbox
          label="Enter another login"
          description="The one that is kept stays otherwise; it cannot be shown"
          checked={values.isNewLogin}
          onChange={(event) => set("isNewLogin", event.currentTarget.checked)}
        />
      )}
      {values.isNewLogin && (
        <>
          <NativeSelect
            label="Kind of login"
            data={[...loginTypes]}
            value={values.type}
            onChange={({ currentTarget: { value } }) =>
              set("type", loginTypes.find((known) => known.value === value)?.value ?? "docker")
            }
          />
          {user !== undefined && (
            <TextInput
              label={user}
              value={values.user}
              onChange={(event) => set("user", event.currentTarget.value)}
              autoComplete="off"
              maxLength={300}
              required
              withAsterisk={false}
              {...fault("login.username")}
            />
          )}
          {values.type === "gcr" ? (
            <Textarea
              {...secretProps}
              onChange={(event) => set("secret", event.currentTarget.value)}
              rows={4}
              spellCheck={false}
            />
          ) : (
            <PasswordInput
              {...secretProps}
              onChange={(event) => set("secret", event.currentTarget.value)}
              autoComplete="new-password"
              visibilityToggleButtonProps={{ "aria-label": `Show or hide what you type as ${secret}` }}
            />
          )}
        </>
      )}
    </>
  );
}
