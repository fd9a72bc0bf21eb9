import { Alert, Button, PasswordInput, Stack, TextInput, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { signIn } from "../api/session.ts";
import { plain } from "../ui/plain.ts";
import styles from "./door.module.css";

/** The door: name and password. */
export function SignIn({ onDone }: { readonly onDone: () => void }) {
  return (
    <main className={styles.door}>
      <div className={styles.panel}>
        <img src="mark.svg" alt="" width={48} height={48} />
        <Title order={1} size="h3">
          Sign in to Plimsoll
        </Title>
        <SignInForm onDone={onDone} />
        <p className={styles.hint}>
          The first time: the name is <code>admin</code>, and the server printed its one-time password when it started.
        </p>
      </div>
    </main>
  );
}

interface SignInFormProps {
  readonly onDone: () => void;
  /** A name that may not be changed: somebody signs in again. */
  readonly username?: string;
}

export function SignInForm({ onDone, username }: SignInFormProps) {
  const [name, setName] = useState(username ?? "");
  const [password, setPassword] = useState("");
  const attempt = useMutation({ mutationFn: () => signIn(name, password), onSuccess: onDone });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    attempt.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        {attempt.error && (
          <Alert color="var(--fail)" variant="outline" role="alert" title="That did not work">
            {plain(attempt.error.message)}
          </Alert>
        )}
        <TextInput
          label="Name"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          autoComplete="username"
          disabled={username !== undefined}
          required
          withAsterisk={false}
          autoFocus={username === undefined}
        />
        <PasswordInput
          label="Password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          autoComplete="current-password"
          required
          withAsterisk={false}
          autoFocus={username !== undefined}
          visibilityToggleButtonProps={{ "aria-label": "Show or hide the password" }}
        />
        <Button type="submit" loading={attempt.isPending}>
          Sign in
        </Button>
      </Stack>
    </form>
  );
}
