import { Checkbox, NativeSelect, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useState } from "react";
import { useView } from "../../frame/view.ts";
import styles from "./result.module.css";

const least = [
  { value: "", label: "any severity" },
  { value: "critical", label: "critical" },
  { value: "high", label: "high and worse" },
  { value: "medium", label: "medium and worse" },
  { value: "low", label: "low and worse" },
];
const marks = [
  ["fix", "has a fix"],
  ["exploit", "has an exploit"],
  ["running", "in use"],
] as const;

/** What narrows the findings; all of it is in the address. */
export function Filters({ marked }: { readonly marked: boolean }) {
  const [view, change] = useView();
  return (
    <search className={styles.filters} aria-label="Narrow the list">
      <TextFilter />
      {marked && (
        <NativeSelect
          size="xs"
          aria-label="Least severity"
          data={least}
          value={view.severity ?? ""}
          onChange={(event) => change({ severity: event.currentTarget.value || undefined }, { replace: true })}
        />
      )}
      {marked &&
        marks.map(([name, label]) => (
          <Checkbox
            key={name}
            size="xs"
            label={label}
            checked={view[name] !== undefined}
            onChange={(event) => change({ [name]: event.currentTarget.checked ? "1" : undefined }, { replace: true })}
          />
        ))}
    </search>
  );
}

function TextFilter() {
  const [view, change] = useView();
  const [text, setText] = useState(view.text ?? "");
  const settle = useDebouncedCallback(
    (wanted: string) => change({ text: wanted || undefined }, { replace: true }),
    150,
  );
  return (
    <TextInput
      size="xs"
      placeholder="CVE, package, version, path"
      aria-label="CVE, package, version or path"
      value={text}
      maxLength={300}
      onChange={(event) => {
        setText(event.currentTarget.value);
        settle(event.currentTarget.value);
      }}
    />
  );
}
