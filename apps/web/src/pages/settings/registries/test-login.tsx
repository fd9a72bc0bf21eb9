import { Button, TextInput } from "@mantine/core";
import type { RegistryCredentialTest } from "@plimsoll/contract";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { type CredentialToKeep, testKept, testNew } from "../../../api/credentials.ts";
import { plain } from "../../../ui/plain.ts";
import { Failed } from "../../../ui/states/failed.tsx";
import styles from "../settings.module.css";

/** Tries what is typed, before it is kept. */
export function TestTyped({ credential, image }: { readonly credential: CredentialToKeep; readonly image: string }) {
  const test = useMutation({ mutationFn: () => testNew(credential, image) });
  return (
    <>
      <Outcome test={test} />
      <Button
        variant="default"
        loading={test.isPending}
        disabled={credential.registry === ""}
        onClick={() => test.mutate()}
      >
        Test
      </Button>
    </>
  );
}

/** Tries what is kept, at its door or for one image. */
export function TestKept({ id }: { readonly id: number }) {
  const [image, setImage] = useState("");
  const test = useMutation({ mutationFn: () => testKept(id, image.trim()) });
  return (
    <section className={styles.section} aria-label="Test">
      <h2>Test what is kept</h2>
      <form
        className={styles.line}
        onSubmit={(event) => {
          event.preventDefault();
          test.mutate();
        }}
      >
        <TextInput
          label="Image"
          description="Below its path; empty: only whether the registry takes the login"
          value={image}
          onChange={(event) => setImage(event.currentTarget.value)}
          maxLength={1024}
          spellCheck={false}
        />
        <Button type="submit" variant="default" loading={test.isPending}>
          Test
        </Button>
      </form>
      <Outcome test={test} />
    </section>
  );
}

interface Tried {
  readonly data: RegistryCredentialTest | undefined;
  readonly error: Error | null;
  readonly isPending: boolean;
}

/** What the registry said, precisely. */
function Outcome({ test: { data, error, isPending } }: { readonly test: Tried }) {
  if (isPending) return null;
  if (error !== null) return <Failed error={error} what="It was not tried" />;
  if (data === undefined) return null;
  if (data.error !== null) {
    return (
      <div role="alert" style={{ flexBasis: "100%", overflowWrap: "anywhere" }}>
        <strong>The registry does not let it in</strong>
        <div>{plain(data.error.message)}</div>
        {data.error.details.map((line) => (
          <div key={line}>{plain(line)}</div>
        ))}
      </div>
    );
  }
  return (
    <div role="status" className={styles.good} style={{ flexBasis: "100%", overflowWrap: "anywhere" }}>
      {data.hasLoggedIn
        ? "The registry takes this login."
        : "The registry answers, and lets everybody in: the login was not tried."}
      {data.digest !== null && (
        <>
          {" "}
          The image is there: <code>{plain(data.digest)}</code>
        </>
      )}
    </div>
  );
}
