import { Button } from "@mantine/core";
import type { Role } from "@plimsoll/contract";
import { useQuery } from "@tanstack/react-query";
import { rolesQuery, standardRoles } from "../../../api/roles.ts";
import { useMay } from "../../../frame/me.ts";
import { useView } from "../../../frame/view.ts";
import type { Column } from "../../../ui/data-table/column.ts";
import { shortened } from "../../../ui/plain.ts";
import { ListPage } from "../list-page.tsx";
import { CustomRoleDrawer } from "./custom-role-drawer.tsx";
import { StandardRoleDrawer } from "./standard-role-drawer.tsx";

/** A standard role or one that was made here. */
interface RoleRow {
  readonly key: string;
  readonly name: string;
  readonly about: string;
  readonly kind: string;
  readonly own: Role | null;
}

const standard: readonly RoleRow[] = standardRoles.map(({ id, label, does }) => ({
  key: id,
  name: label,
  about: does,
  kind: "standard",
  own: null,
}));

const columns: readonly Column<RoleRow>[] = [
  { id: "name", title: "Role", width: "26%", cell: ({ name }) => shortened(name, 50) },
  { id: "about", title: "About", width: "48%", cell: ({ about }) => shortened(about, 110) },
  { id: "kind", title: "Kind", width: "12%", cell: ({ kind }) => kind },
  {
    id: "count",
    title: "Permissions",
    width: "14%",
    align: "right",
    cell: ({ own }) => (own === null ? "" : own.securePermissions.length),
  },
];

export function Page() {
  const list = useQuery(rolesQuery);
  const mayEdit = useMay("users.edit");
  const [{ open }, change] = useView();
  const own = list.data?.map((role) => ({
    key: String(role.id),
    name: role.name,
    about: role.description,
    kind: "your own",
    own: role,
  }));
  const row = [...standard, ...(own ?? [])].find(({ key }) => key === open);
  const close = () => change({ open: undefined });
  return (
    <ListPage<RoleRow>
      title="Roles"
      intro="What people and programs may do in a team. Standard roles stay as they are; make your own from single permissions."
      rows={{ ...list, data: own && [...standard, ...own] }}
      columns={columns}
      keyOf={({ key }) => key}
      onOpen={({ key }) => change({ open: key })}
      openKey={open}
      action={mayEdit && <Button onClick={() => change({ open: "new" })}>Make a role</Button>}
      emptyTitle="There are no roles"
      empty="Make one from permissions."
    >
      {row !== undefined && (row.own === null || !mayEdit) && (
        <StandardRoleDrawer name={row.name} about={row.about} word={row.key} own={row.own} onClose={close} />
      )}
      {mayEdit && (open === "new" || (row !== undefined && row.own !== null)) && (
        <CustomRoleDrawer key={open} role={row?.own ?? null} onClose={close} />
      )}
    </ListPage>
  );
}
