import { Alert, Button, Group, Stack } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useEffect, useRef } from "react";
import { plain } from "../plain.ts";
import { type Faults, faultsOf, noFaults } from "./field-faults.ts";
import { LeaveGuard } from "./leave-guard.tsx";

interface EntityFormProps<Saved> {
  /** On the button: "Add it", "Save". */
  readonly verb: string;
  readonly isChanged: boolean;
  /** Whether there is anything to send; a form that changes something waits for a change. */
  readonly canSave?: boolean;
  /** Names that the API's faults may speak of. */
  readonly fields: readonly string[];
  /** Types of errors that speak of one field. */
  readonly faultFields?: Readonly<Record<string, string>>;
  readonly save: () => Promise<Saved>;
  readonly onSaved: (saved: Saved) => void;
  readonly onClose: () => void;
  /** The fields; `fault` gives a field's fault, ready to be spread into an input. */
  readonly children: (fault: (field: string) => { readonly error?: string }) => ReactNode;
  /** Further buttons, such as one that tests. */
  readonly beside?: ReactNode;
}

/** A form that loses nothing: faults stand at their fields, what was typed stays whatever happens. */
export function EntityForm<Saved>(props: EntityFormProps<Saved>) {
  const { verb, isChanged, canSave = true, save, onSaved, onClose, children, beside } = props;
  const isKept = useRef(false);
  const saving = useMutation({
    mutationFn: save,
    onSuccess: (saved) => {
      isKept.current = true;
      onSaved(saved);
    },
  });
  // A form that stays open is guarded again from its next change on.
  useEffect(() => {
    if (!isChanged) isKept.current = false;
  }, [isChanged]);
  const faults = saving.error ? faultsOf(saving.error, props.fields, props.faultFields) : noFaults;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    if (!saving.isPending) saving.mutate();
  };
  const fault = (field: string) => {
    const why = faults.fields[field];
    return why === undefined ? {} : { error: plain(why) };
  };
  return (
    <form onSubmit={submit} noValidate={false}>
      <LeaveGuard mustAsk={() => isChanged && !isKept.current} />
      <Stack gap="sm">
        {children(fault)}
        {saving.error && <NotSaved faults={faults} />}
        <Group justify="flex-end" gap="xs">
          {beside}
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={saving.isPending} disabled={!canSave}>
            {verb}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function NotSaved({ faults }: { readonly faults: Faults }) {
  return (
    <Alert color="var(--fail)" variant="outline" role="alert" title="That was not saved">
      {Object.keys(faults.fields).length > 0 && <div>Look at what is marked above. What you typed is still here.</div>}
      {faults.rest.map((line) => (
        <div key={line}>{plain(line)}</div>
      ))}
    </Alert>
  );
}
