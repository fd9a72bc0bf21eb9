import { Autocomplete, Button, NativeSelect, Popover } from "@mantine/core";
import { useDebouncedValue, useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { groupsQuery } from "../api/results.ts";
import { zonesQuery } from "../api/zones.ts";
import { canBeNot, type FilterField, fieldsOf, type Stage } from "./filters.ts";
import styles from "./lists.module.css";
import type { ListView } from "./use-list-view.ts";

interface AddFilterProps {
  readonly stage: Stage;
  readonly list: ListView;
}

/** Any condition that the list knows, by name. */
export function AddFilter({ stage, list }: AddFilterProps) {
  const [isOpen, { toggle, close }] = useDisclosure(false);
  return (
    <Popover opened={isOpen} onChange={close} trapFocus returnFocus position="bottom-start" shadow="md">
      <Popover.Target>
        <Button size="xs" variant="default" onClick={toggle}>
          Add a filter
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Add a filter">
        <FilterForm stage={stage} list={list} onDone={close} />
      </Popover.Dropdown>
    </Popover>
  );
}

function FilterForm({ stage, list, onDone }: AddFilterProps & { readonly onDone: () => void }) {
  const fields = fieldsOf(stage).filter(({ kind }) => kind !== "free");
  const [id, setId] = useState(fields.find(({ kind }) => kind === "text")?.id ?? "");
  const [isNot, setIsNot] = useState(false);
  const [value, setValue] = useState("");
  const field = fields.find((known) => known.id === id);
  if (field === undefined) return null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const wanted = field.options === undefined ? value.trim() : value || (field.options[0]?.value ?? "");
    if (wanted === "") return;
    list.set(field, wanted, { isNot: isNot && canBeNot(field) });
    onDone();
  };
  return (
    <form onSubmit={submit} className={styles.form}>
      <NativeSelect
        size="xs"
        label="What"
        data-autofocus
        data={fields.map((known) => ({ value: known.id, label: known.title }))}
        value={id}
        onChange={(event) => {
          setId(event.currentTarget.value);
          setValue("");
        }}
      />
      {canBeNot(field) && (
        <NativeSelect
          size="xs"
          label="How"
          data={[
            { value: "is", label: "is" },
            { value: "not", label: "is not" },
          ]}
          value={isNot ? "not" : "is"}
          onChange={(event) => setIsNot(event.currentTarget.value === "not")}
        />
      )}
      {field.options === undefined ? (
        <TextValue stage={stage} list={list} field={field} value={value} onChange={setValue} />
      ) : (
        <NativeSelect
          size="xs"
          label="Which"
          data={[...field.options]}
          value={value || field.options[0]?.value}
          onChange={(event) => setValue(event.currentTarget.value)}
        />
      )}
      <Button size="xs" type="submit">
        Apply
      </Button>
    </form>
  );
}

interface TextValueProps extends AddFilterProps {
  readonly field: FilterField;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A text, with what the list has of it to choose from. */
function TextValue({ stage, list, field, value, onChange }: TextValueProps) {
  const [like] = useDebouncedValue(value, 150);
  const { grouping, id, hint } = field;
  const asked = { stage, by: grouping, filter: list.expression, like: like.slice(0, 500), limit: 20 };
  const groups = useQuery({ ...groupsQuery(asked), enabled: grouping !== undefined });
  const zones = useQuery({ ...zonesQuery, enabled: id === "zone" });
  const known = id === "zone" ? zones.data?.map(({ name }) => name) : groups.data?.data.map((group) => group.value);
  const suggested = [...new Set((known ?? []).filter((name) => name !== null && name !== ""))].map(String);
  return (
    <Autocomplete
      size="xs"
      label="Which"
      placeholder={hint ?? ""}
      data={suggested}
      value={value}
      maxLength={9000}
      onChange={onChange}
      comboboxProps={{ withinPortal: false }}
    />
  );
}
