import { Button, Checkbox, Popover, Stack } from "@mantine/core";
import { type Column, shownColumns } from "../ui/data-table/column.ts";
import type { ListView } from "./use-list-view.ts";

interface ColumnChoiceProps<Row> {
  readonly columns: readonly Column<Row>[];
  readonly list: ListView;
}

/** Ids of the columns that an address asks for; `undefined`: the usual ones. */
export function chosenColumns({ view }: ListView): readonly string[] | undefined {
  return view.columns?.split(",");
}

/** Which columns are shown; the first always is. */
export function ColumnChoice<Row>({ columns, list }: ColumnChoiceProps<Row>) {
  const shown = shownColumns(columns, chosenColumns(list)).map(({ id }) => id);
  const usual = shownColumns(columns, undefined).map(({ id }) => id);
  const choose = (chosen: readonly string[]) => {
    const inOrder = columns.map(({ id }) => id).filter((id, at) => at === 0 || chosen.includes(id));
    list.change({ columns: inOrder.join() === usual.join() ? undefined : inOrder.join() }, { replace: true });
  };
  return (
    <Popover trapFocus returnFocus position="bottom-end" shadow="md">
      <Popover.Target>
        <Button size="xs" variant="default">
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Columns">
        <Checkbox.Group value={[...shown]} onChange={choose} aria-label="Columns">
          <Stack gap="xs">
            {columns.slice(1).map(({ id, title }) => (
              <Checkbox key={id} size="xs" value={id} label={title} />
            ))}
          </Stack>
        </Checkbox.Group>
      </Popover.Dropdown>
    </Popover>
  );
}
