import { Checkbox } from "@mantine/core";
import type { Permissions } from "@plimsoll/contract";

interface PermissionChoiceProps {
  readonly permissions: Permissions;
  readonly chosen: readonly string[];
  readonly onChange: (ids: string[]) => void;
  readonly error?: string;
}

/** Permissions to choose from; what a chosen one is useless without comes along and says why it is there. */
export function PermissionChoice({ permissions, chosen, onChange, error }: PermissionChoiceProps) {
  return (
    <Checkbox.Group
      label="Permissions"
      value={[...chosen]}
      onChange={(ids) => onChange(ids)}
      {...(error !== undefined && { error })}
    >
      {permissions.map(({ id, description, dependencies }) => {
        const needing = permissions.filter((other) => chosen.includes(other.id) && other.dependencies.includes(id));
        const words = [
          id,
          ...(dependencies.length === 0 ? [] : [`needs ${dependencies.join(", ")}`]),
          ...(needing.length === 0 || chosen.includes(id)
            ? []
            : [`comes with ${needing.map((one) => one.id).join(", ")}`]),
        ];
        return <Checkbox key={id} value={id} label={description} description={words.join(" · ")} mt={8} />;
      })}
    </Checkbox.Group>
  );
}
