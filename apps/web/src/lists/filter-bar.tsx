import { NativeSelect, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useEffect, useRef, useState } from "react";
import { AddFilter } from "./add-filter.tsx";
import { addressNameOf, type FilterField, fieldsOf, type Stage } from "./filters.ts";
import styles from "./lists.module.css";
import type { ListView } from "./use-list-view.ts";

const always = ["severity", "fix", "exploit", "inuse", "policy"];

/** The conditions that are asked for most, and a way to every other. */
export function FilterBar({ stage, list }: { readonly stage: Stage; readonly list: ListView }) {
  const fields = fieldsOf(stage);
  const free = fields.find(({ kind }) => kind === "free");
  return (
    <search className={styles.bar} aria-label="Narrow the list">
      {free && <FreeText field={free} list={list} />}
      {fields
        .filter(({ id }) => always.includes(id))
        .map((field) => (
          <Choice key={field.id} field={field} list={list} />
        ))}
      <AddFilter stage={stage} list={list} />
    </search>
  );
}

function Choice({ field, list: { view, set } }: { readonly field: FilterField; readonly list: ListView }) {
  const { title, kind, options = [] } = field;
  const named = options.map(({ value, label }) => ({
    value,
    label: kind === "least" ? (value === "critical" ? "critical" : `${label} and worse`) : label,
  }));
  const value = view[addressNameOf(field, false)] ?? "";
  return (
    <NativeSelect
      size="xs"
      aria-label={title}
      data={[{ value: "", label: `${title}: any` }, ...named]}
      value={named.some((option) => option.value === value) ? value : ""}
      onChange={(event) => set(field, event.currentTarget.value)}
    />
  );
}

function FreeText({ field, list: { view, change } }: { readonly field: FilterField; readonly list: ListView }) {
  const asked = view[field.id] ?? "";
  const [text, setText] = useState(asked);
  const sent = useRef(asked);
  const settle = useDebouncedCallback((wanted: string) => {
    sent.current = wanted;
    change({ [field.id]: wanted || undefined }, { replace: true });
  }, 150);
  // Somebody else changed it: a chip that was taken away, the way back.
  useEffect(() => {
    if (asked !== sent.current) setText(asked);
    sent.current = asked;
  }, [asked]);
  return (
    <TextInput
      size="xs"
      placeholder="Part of the name, or a digest"
      aria-label="Part of the name, or a digest"
      value={text}
      maxLength={2000}
      onChange={(event) => {
        setText(event.currentTarget.value);
        settle(event.currentTarget.value);
      }}
    />
  );
}
