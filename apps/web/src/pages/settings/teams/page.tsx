import { Button } from "@mantine/core";
import type { Team } from "@plimsoll/contract";
import { useQuery } from "@tanstack/react-query";
import { membersQuery, teamsQuery } from "../../../api/people.ts";
import { useMay } from "../../../frame/me.ts";
import { useView } from "../../../frame/view.ts";
import type { Column } from "../../../ui/data-table/column.ts";
import { shortened } from "../../../ui/plain.ts";
import { When } from "../../../ui/when.tsx";
import { ListPage } from "../list-page.tsx";
import { TeamDrawer } from "./team-drawer.tsx";

export function Page() {
  const list = useQuery(teamsQuery);
  const members = useQuery(membersQuery).data ?? [];
  const mayMake = useMay("users.edit");
  const [{ open }, change] = useView();
  const team = list.data?.find(({ id }) => String(id) === open);
  const count = (id: number) => members.find((known) => known.id === id)?.userRoles.length;
  const columns: readonly Column<Team>[] = [
    { id: "name", title: "Team", width: "26%", cell: ({ name }) => shortened(name, 50) },
    { id: "about", title: "About", width: "30%", cell: ({ description }) => shortened(description ?? "", 70) },
    { id: "members", title: "Members", width: "12%", align: "right", cell: ({ id }) => count(id) ?? "unknown" },
    { id: "sees", title: "Sees", width: "18%", cell: seenBy },
    { id: "made", title: "Made", width: "14%", cell: ({ dateCreated }) => <When at={dateCreated} /> },
  ];
  return (
    <ListPage<Team>
      title="Teams"
      intro="A team sees its own scans and what lies in its zones. People and programs get their roles in teams."
      rows={list}
      columns={columns}
      keyOf={({ id }) => String(id)}
      onOpen={({ id }) => change({ open: String(id) })}
      openKey={open}
      action={mayMake && <Button onClick={() => change({ open: "new" })}>Add a team</Button>}
      emptyTitle="There is no team"
      empty="Add one to let people see a part of what there is."
    >
      {(team !== undefined || (open === "new" && mayMake)) && <TeamDrawer key={open} team={team ?? null} />}
    </ListPage>
  );
}

function seenBy({ isAllZones, zoneIds }: Team): string {
  if (isAllZones) return "everything";
  return zoneIds.length === 0 ? "its own scans" : `${zoneIds.length} ${zoneIds.length === 1 ? "zone" : "zones"}`;
}
