import { TextInput } from "@mantine/core";

interface PersonFieldsProps {
  readonly values: { readonly firstName: string; readonly lastName: string };
  readonly set: (field: "firstName" | "lastName", text: string) => void;
  readonly fault: (field: string) => { readonly error?: string };
}

const labels = { firstName: "First name", lastName: "Last name" } as const;

/** What somebody is called beside the name they sign in with. */
export function PersonFields({ values, set, fault }: PersonFieldsProps) {
  return (["firstName", "lastName"] as const).map((field) => (
    <TextInput
      key={field}
      // Of several in a form the first is where typing begins.
      data-autofocus
      label={labels[field]}
      value={values[field]}
      onChange={(event) => set(field, event.currentTarget.value)}
      maxLength={200}
      autoComplete="off"
      {...fault(field)}
    />
  ));
}
