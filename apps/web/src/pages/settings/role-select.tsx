import { NativeSelect } from "@mantine/core";
import type { Role } from "@plimsoll/contract";
import { useQuery } from "@tanstack/react-query";
import { rolesQuery, standardRoles } from "../../api/roles.ts";
import { useMay } from "../../frame/me.ts";
import { plain } from "../../ui/plain.ts";

/** Custom roles, for who may see them. */
export function useCustomRoles(): readonly Role[] {
  const mayRead = useMay("team.read");
  return useQuery({ ...rolesQuery, enabled: mayRead }).data ?? [];
}

/** A role in words: a standard one's label, a custom one's name. */
export function roleLabel(role: string, custom: readonly Role[]): string {
  if (role === "ROLE_ADMIN") return "Administrator";
  const id = role.replace(/^role:/, "");
  const own = custom.find((known) => String(known.id) === id);
  return own?.name ?? standardRoles.find((known) => known.id === role)?.label ?? role;
}

interface RoleSelectProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (role: string) => void;
  /** Says the label to who hears it only. */
  readonly isBare?: boolean;
  readonly withAdmin?: boolean;
  readonly disabled?: boolean;
}

/** Chooses among standard roles and those that were made here. */
export function RoleSelect({ label, value, onChange, isBare = false, withAdmin = false, disabled }: RoleSelectProps) {
  const custom = useCustomRoles();
  const groups = [
    { group: "Standard roles", items: standardRoles.map(({ id, label: text }) => ({ value: id, label: text })) },
    ...(custom.length === 0
      ? []
      : [
          { group: "Your own roles", items: custom.map(({ id, name }) => ({ value: String(id), label: plain(name) })) },
        ]),
    ...(withAdmin ? [{ group: "Everything", items: [{ value: "ROLE_ADMIN", label: "Administrator" }] }] : []),
  ];
  return (
    <NativeSelect
      {...(isBare ? { "aria-label": label, size: "xs" } : { label })}
      data={groups}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      {...(disabled !== undefined && { disabled })}
    />
  );
}
