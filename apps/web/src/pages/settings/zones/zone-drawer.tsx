import { Button, NativeSelect, Textarea } from "@mantine/core";
import type { Zone } from "@plimsoll/contract";
import { useQueryClient } from "@tanstack/react-query";
import { deleteZone, saveZone, zonesQuery } from "../../../api/zones.ts";
import { useMay } from "../../../frame/me.ts";
import { useView } from "../../../frame/view.ts";
import { Danger } from "../../../ui/form/danger.tsx";
import { useDraft } from "../../../ui/form/draft.ts";
import { EntityForm } from "../../../ui/form/entity-form.tsx";
import { FormDrawer } from "../../../ui/form/form-drawer.tsx";
import { NameFields } from "../../../ui/form/name-fields.tsx";
import { plain } from "../../../ui/plain.ts";
import styles from "../settings.module.css";

const types = ["kubernetes", "image", "host", "aws", "azure", "gcp", "ibm", "oci", "git"];

/** One zone: an asset lies in it when one of its rules holds. */
export function ZoneDrawer({ zone }: { readonly zone: Zone | null }) {
  const mayEdit = useMay("zones.edit");
  const queries = useQueryClient();
  const [, change] = useView();
  const close = () => change({ open: undefined });
  const done = () => {
    void queries.invalidateQueries({ queryKey: zonesQuery.queryKey });
    close();
  };
  const name = plain(zone?.name ?? "");
  const isOpen = mayEdit && zone?.isSystem !== true;
  return (
    <FormDrawer title={zone === null ? "Add a zone" : name} onClose={close}>
      {isOpen && <ZoneForm zone={zone} onSaved={done} onClose={close} />}
      {zone !== null && !isOpen && <Rules zone={zone} />}
      {zone !== null && isOpen && (
        <Danger verb="Delete" title={`Delete the zone ${name}?`} act={() => deleteZone(zone.id)} onDone={done}>
          Teams that see through it lose what lies in it alone. No result goes.
        </Danger>
      )}
    </FormDrawer>
  );
}

function Rules({ zone }: { readonly zone: Zone }) {
  return (
    <>
      <p className={styles.quiet}>{plain(zone.description ?? "")}</p>
      <ul className={styles.plainList}>
        {zone.scopes.map(({ id, targetType, rules }) => (
          <li key={id}>
            <span>{plain(targetType)}</span>
            <code>{plain(rules) || "all"}</code>
          </li>
        ))}
      </ul>
    </>
  );
}

interface ZoneFormProps {
  readonly zone: Zone | null;
  readonly onSaved: () => void;
  readonly onClose: () => void;
}

interface Rule {
  readonly key: string;
  readonly targetType: string;
  readonly rules: string;
}

function draftOf(zone: Zone | null) {
  const rules: readonly Rule[] = zone?.scopes.map(({ id, targetType, rules: text }) => ({
    key: String(id),
    targetType,
    rules: text,
  })) ?? [{ key: "first", targetType: "kubernetes", rules: "" }];
  return { name: zone?.name ?? "", description: zone?.description ?? "", rules };
}

function ZoneForm({ zone, onSaved, onClose }: ZoneFormProps) {
  const draft = useDraft(draftOf(zone));
  const { values, set } = draft;
  const save = () => {
    const scopes = values.rules.map(({ targetType, rules }) => ({ targetType, rules: rules.trim() }));
    return saveZone(zone?.id ?? null, { name: values.name, description: values.description, scopes });
  };
  const replace = (key: string, part: globalThis.Partial<Rule>) =>
    set(
      "rules",
      values.rules.map((rule) => (rule.key === key ? { ...rule, ...part } : rule)),
    );
  return (
    <EntityForm
      verb={zone === null ? "Add" : "Save"}
      isChanged={draft.isChanged}
      canSave={zone === null || draft.isChanged}
      fields={["name", "description"]}
      faultFields={{ NAME_TAKEN: "name" }}
      save={save}
      onSaved={onSaved}
      onClose={onClose}
    >
      {(fault) => (
        <>
          <NameFields values={values} set={set} fault={fault} />
          {values.rules.map((rule, index) => (
            <RuleFields
              key={rule.key}
              rule={rule}
              number={index + 1}
              onChange={(part) => replace(rule.key, part)}
              onDrop={() =>
                set(
                  "rules",
                  values.rules.filter(({ key }) => key !== rule.key),
                )
              }
            />
          ))}
          <Button
            variant="default"
            onClick={() =>
              set("rules", [...values.rules, { key: crypto.randomUUID(), targetType: "kubernetes", rules: "" }])
            }
          >
            Add a rule
          </Button>
        </>
      )}
    </EntityForm>
  );
}

interface RuleFieldsProps {
  readonly rule: Rule;
  readonly number: number;
  readonly onChange: (part: globalThis.Partial<Rule>) => void;
  readonly onDrop: () => void;
}

function RuleFields({ rule, number, onChange, onDrop }: RuleFieldsProps) {
  return (
    <fieldset className={styles.rule}>
      <legend>Rule {number}</legend>
      <div className={styles.line}>
        <NativeSelect
          label="About"
          data={types.includes(rule.targetType) ? types : [rule.targetType, ...types]}
          value={rule.targetType}
          onChange={(event) => onChange({ targetType: event.currentTarget.value })}
        />
        <Button variant="default" onClick={onDrop} aria-label={`Take out rule ${number}`}>
          Take out
        </Button>
      </div>
      <Textarea
        label="Holds where"
        description={'For example clusterId in ("a", "b") and not namespace contains "test"; empty: all of that kind'}
        value={rule.rules}
        onChange={(event) => onChange({ rules: event.currentTarget.value })}
        maxLength={10_000}
        autosize
        maxRows={6}
        spellCheck={false}
      />
    </fieldset>
  );
}
