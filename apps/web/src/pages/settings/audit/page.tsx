import { Button, TextInput } from "@mantine/core";
import type { AuditEvent } from "@plimsoll/contract";
import { useInfiniteQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { auditQuery } from "../../../api/audit.ts";
import { useView } from "../../../frame/view.ts";
import type { Column } from "../../../ui/data-table/column.ts";
import { FormDrawer } from "../../../ui/form/form-drawer.tsx";
import { plain, shortened } from "../../../ui/plain.ts";
import { When } from "../../../ui/when.tsx";
import { ListPage } from "../list-page.tsx";
import styles from "../settings.module.css";
import { auditFilter } from "./audit-filter.ts";

const columns: readonly Column<AuditEvent>[] = [
  { id: "when", title: "When", width: "16%", cell: ({ timestamp }) => <When at={timestamp} /> },
  { id: "who", title: "Who", width: "24%", cell: ({ actorName, actor }) => shortened(actorName || actor, 50) },
  { id: "what", title: "Did", width: "20%", cell: ({ action }) => shortened(action, 40) },
  { id: "whom", title: "To", width: "22%", cell: ({ subject }) => shortened(subject, 50) },
  { id: "where", title: "From", width: "18%", cell: ({ address }) => plain(address ?? "the server") },
];

export function Page() {
  const [{ open, who, action, subject, from, to }, change] = useView();
  const filter = auditFilter({ who, action, subject });
  const query = {
    filter: filter || undefined,
    from: from && `${from}T00:00:00Z`,
    to: to && `${to}T23:59:59Z`,
  };
  const list = useInfiniteQuery(auditQuery(query));
  const rows = list.data?.pages.flatMap(({ data }) => data);
  const event = rows?.find(({ id }) => String(id) === open);
  return (
    <ListPage<AuditEvent>
      title="Audit log"
      intro="Who did what, the newest first. It is written with every change, and nobody can change it here."
      rows={{ ...list, data: rows }}
      columns={columns}
      keyOf={({ id }) => String(id)}
      onOpen={({ id }) => change({ open: String(id) })}
      openKey={open}
      onEnd={list.hasNextPage && !list.isFetching ? () => void list.fetchNextPage() : undefined}
      filters={<AuditFilters key={JSON.stringify([who, action, subject, from, to])} />}
      emptyTitle="Nobody did anything like that"
      empty="Take something out of the filter."
    >
      {event !== undefined && (
        <FormDrawer title={plain(event.action)} onClose={() => change({ open: undefined })}>
          <Detail event={event} />
        </FormDrawer>
      )}
    </ListPage>
  );
}

function AuditFilters() {
  const [view, change] = useView();
  const [typed, setTyped] = useState(view);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { who, action, subject, from, to } = typed;
    change({ who, action, subject, from, to });
  };
  const field = (name: "who" | "action" | "subject" | "from" | "to") => ({
    value: typed[name] ?? "",
    maxLength: 300,
    onChange: ({ currentTarget: { value } }: { currentTarget: HTMLInputElement }) =>
      setTyped((known) => ({ ...known, [name]: value || undefined })),
  });
  return (
    <search aria-label="Narrow the log">
      <form className={styles.line} onSubmit={submit}>
        <TextInput size="xs" label="Who" placeholder="ann@" {...field("who")} />
        <TextInput size="xs" label="Did" placeholder="token." {...field("action")} />
        <TextInput size="xs" label="To" placeholder="team:1" {...field("subject")} />
        <TextInput size="xs" label="From day" type="date" {...field("from")} />
        <TextInput size="xs" label="To day" type="date" {...field("to")} />
        <Button size="xs" variant="default" type="submit">
          Show
        </Button>
      </form>
    </search>
  );
}

function Detail({ event }: { readonly event: AuditEvent }) {
  return (
    <dl className={styles.facts}>
      <dt>When</dt>
      <dd>{plain(event.timestamp)}</dd>
      <dt>Who</dt>
      <dd>
        {plain(event.actorName)} <span className={styles.quiet}>{plain(event.actor)}</span>
      </dd>
      <dt>From</dt>
      <dd>{plain(event.address ?? "the server itself")}</dd>
      <dt>To</dt>
      <dd>{plain(event.subject)}</dd>
      {Object.entries(event.detail).map(([name, value]) => [
        <dt key={`${name} `}>{plain(name)}</dt>,
        <dd key={name}>{plain(typeof value === "string" ? value : JSON.stringify(value)).slice(0, 2000)}</dd>,
      ])}
    </dl>
  );
}
