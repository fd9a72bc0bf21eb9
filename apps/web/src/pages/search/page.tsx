import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useEffect, useState } from "react";
import { useView } from "../../frame/view.ts";
import { shortened } from "../../ui/plain.ts";
import { Empty } from "../../ui/states/empty.tsx";
import { FoundAssets } from "./found-assets.tsx";
import { FoundPackages, FoundVulnerabilities } from "./found-names.tsx";
import styles from "./search.module.css";

/** Everything that is called like what was typed. */
export function Page() {
  const [view] = useView();
  const text = (view.q ?? "").trim().slice(0, 500);
  return (
    <>
      <h1>{text === "" ? "Search" : `Search: ${shortened(text, 80)}`}</h1>
      <SearchForm />
      {text === "" ? (
        <Empty title="What are you looking for?">
          A CVE or another id, a package (<code>openssl</code>, <code>openssl@3.1.0</code>, a purl), part of an image's
          or workload's name, or a digest.
        </Empty>
      ) : (
        <div className={styles.groups}>
          <FoundVulnerabilities text={text} />
          <FoundPackages text={text} />
          <FoundAssets text={text} />
        </div>
      )}
    </>
  );
}

function SearchForm() {
  const [view, change] = useView();
  const asked = view.q ?? "";
  const [text, setText] = useState(asked);
  useEffect(() => setText(asked), [asked]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change({ q: text.trim() || undefined });
  };
  return (
    <form onSubmit={submit} style={{ display: "flex", gap: 8, maxWidth: 640 }}>
      <TextInput
        style={{ flex: 1 }}
        size="xs"
        value={text}
        maxLength={500}
        aria-label="Image, CVE, package, workload or digest"
        placeholder="Image, CVE, package, workload or digest"
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Button size="xs" type="submit">
        Search
      </Button>
    </form>
  );
}
