import { Button } from "@mantine/core";
import type { Zone } from "@plimsoll/contract";
import { useQuery } from "@tanstack/react-query";
import { zonesQuery } from "../../../api/zones.ts";
import { useMay } from "../../../frame/me.ts";
import { useView } from "../../../frame/view.ts";
import type { Column } from "../../../ui/data-table/column.ts";
import { plain, shortened } from "../../../ui/plain.ts";
import { ListPage } from "../list-page.tsx";
import { ZoneDrawer } from "./zone-drawer.tsx";

const columns: readonly Column<Zone>[] = [
  { id: "name", title: "Zone", width: "22%", cell: ({ name }) => shortened(name, 50) },
  { id: "about", title: "About", width: "24%", cell: ({ description }) => shortened(description ?? "", 60) },
  {
    id: "holds",
    title: "Holds",
    width: "40%",
    cell: (zone) => <span title={plain(rulesOf(zone))}>{shortened(rulesOf(zone), 90)}</span>,
  },
  { id: "by", title: "Changed by", width: "14%", cell: ({ lastModifiedBy }) => shortened(lastModifiedBy, 30) },
];

function rulesOf({ scopes }: Zone): string {
  return scopes
    .map(({ targetType, rules }) => (rules === "" ? `every ${targetType}` : `${targetType}: ${rules}`))
    .join("; ");
}

export function Page() {
  const list = useQuery(zonesQuery);
  const mayEdit = useMay("zones.edit");
  const [{ open }, change] = useView();
  const zone = list.data?.find(({ id }) => String(id) === open);
  return (
    <ListPage<Zone>
      title="Zones"
      intro="Parts of what there is, by rules: what a team sees, and what lists can be narrowed to."
      rows={list}
      columns={columns}
      keyOf={({ id }) => String(id)}
      onOpen={({ id }) => change({ open: String(id) })}
      openKey={open}
      action={mayEdit && <Button onClick={() => change({ open: "new" })}>Add a zone</Button>}
      emptyTitle="There is no zone yet"
      empty="Add one for what belongs together: a cluster, a namespace, a registry."
    >
      {(zone !== undefined || (open === "new" && mayEdit)) && <ZoneDrawer key={open} zone={zone ?? null} />}
    </ListPage>
  );
}
