import { Textarea, TextInput } from "@mantine/core";

interface NameFieldProps {
  readonly value: string;
  readonly onChange: (name: string) => void;
  readonly description?: string;
  readonly error?: string;
}

/** The name of what is made here, ready to be typed into. */
export function NameField({ onChange, ...rest }: NameFieldProps) {
  return (
    <TextInput
      {...rest}
      data-autofocus
      label="Name"
      onChange={(event) => onChange(event.currentTarget.value)}
      maxLength={200}
      required
      withAsterisk={false}
    />
  );
}

interface NameFieldsProps {
  readonly values: { readonly name: string; readonly description: string };
  readonly set: (field: "name" | "description", text: string) => void;
  readonly fault: (field: string) => { readonly error?: string };
}

/** Name and About, with which forms begin. */
export function NameFields({ values, set, fault }: NameFieldsProps) {
  return (
    <>
      <NameField value={values.name} onChange={(name) => set("name", name)} {...fault("name")} />
      <Textarea
        label="About"
        value={values.description}
        onChange={(event) => set("description", event.currentTarget.value)}
        maxLength={2000}
        autosize
        maxRows={4}
        {...fault("description")}
      />
    </>
  );
}
