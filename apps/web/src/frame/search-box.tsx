import { Kbd, TextInput } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useRef, useState } from "react";
import styles from "./shell.module.css";

/** Search for an image, a CVE or a package, from anywhere: `/` puts the cursor here. */
export function SearchBox() {
  const box = useRef<HTMLInputElement>(null);
  const [text, setText] = useState("");
  const navigate = useNavigate();
  useHotkeys([["/", () => box.current?.focus()]]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() !== "") void navigate({ to: "/search", search: { q: text.trim() } });
  };
  return (
    <search className={styles.search}>
      <form onSubmit={submit}>
        <TextInput
          ref={box}
          size="xs"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          placeholder="Search images, CVEs, packages"
          aria-label="Search images, CVEs, packages"
          maxLength={500}
          rightSection={<Kbd size="xs">/</Kbd>}
        />
      </form>
    </search>
  );
}
