import { Alert, Button, PasswordInput, Stack, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { changePassword } from "../api/session.ts";
import { plain } from "../ui/plain.ts";
import styles from "./door.module.css";

/** A one-time password opens this page only: it is changed before anything else. */
export function ChangePassword({ onDone }: { readonly onDone: () => void }) {
  return (
    <main className={styles.door}>
      <div className={styles.panel}>
        <Title order={1} size="h3">
          Choose a password
        </Title>
        <p className={styles.hint}>The one you signed in with holds only once. Long beats complicated.</p>
        <ChangePasswordForm onDone={onDone} />
      </div>
    </main>
  );
}

export function ChangePasswordForm({ onDone }: { readonly onDone: () => void }) {
  const [old, setOld] = useState("");
  const [chosen, setChosen] = useState("");
  const [again, setAgain] = useState("");
  const attempt = useMutation({ mutationFn: () => changePassword(old, chosen), onSuccess: onDone });
  const differs = again !== "" && again !== chosen;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (chosen === again) attempt.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        {attempt.error && (
          <Alert color="var(--fail)" variant="outline" role="alert" title="That did not work">
            {plain(attempt.error.message)}
          </Alert>
        )}
        <Secret label="Password now" value={old} onChange={setOld} autoComplete="current-password" />
        <Secret label="New password" value={chosen} onChange={setChosen} autoComplete="new-password" />
        <Secret
          label="New password, once more"
          value={again}
          onChange={setAgain}
          autoComplete="new-password"
          {...(differs && { error: "It is not the same" })}
        />
        <Button type="submit" loading={attempt.isPending}>
          Change it
        </Button>
      </Stack>
    </form>
  );
}

interface SecretProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly autoComplete: string;
  readonly error?: string;
}

function Secret({ onChange, ...rest }: SecretProps) {
  return (
    <PasswordInput
      {...rest}
      onChange={(event) => onChange(event.currentTarget.value)}
      visibilityToggleButtonProps={{ "aria-label": "Show or hide it" }}
      required
      withAsterisk={false}
    />
  );
}
