import { Table } from "@mantine/core";
import type { ResultNow } from "@plimsoll/contract";
import { Verdict } from "../../ui/verdict.tsx";
import { When } from "../../ui/when.tsx";
import { verdictOf } from "../result/model.ts";

/** Verdict, knowledge and totals of both. */
export function SideBySide({ now }: { readonly now: ResultNow }) {
  const { answeredThen: then, changes } = now;
  const { before, today } = countsIn(changes);
  return (
    <Table aria-label="Then and today" maw={640}>
      <Table.Thead>
        <Table.Tr>
          <Table.Td />
          <Table.Th scope="col">Answered then</Table.Th>
          <Table.Th scope="col">Today</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        <Table.Tr>
          <Table.Th scope="row">Verdict</Table.Th>
          <Table.Td>
            <Verdict word={then.verdict.status === "failed" ? "failed" : "passed"} complete={then.verdict.complete} />
          </Table.Td>
          <Table.Td>
            <Verdict word={verdictOf(now)} complete={now.complete ?? true} />
          </Table.Td>
        </Table.Tr>
        <Table.Tr>
          <Table.Th scope="row">Findings</Table.Th>
          <Table.Td>{before}</Table.Td>
          <Table.Td>{today}</Table.Td>
        </Table.Tr>
        <Table.Tr>
          <Table.Th scope="row">Judged</Table.Th>
          <Table.Td>
            <When at={then.evaluatedAt} />
          </Table.Td>
          <Table.Td>
            <When at={now.producer.producedAt} />
          </Table.Td>
        </Table.Tr>
        <Table.Tr>
          <Table.Th scope="row">Knowledge of</Table.Th>
          <Table.Td>
            <When at={then.knowledge.builtAt} />
          </Table.Td>
          <Table.Td>
            <When at={now.knowledge?.builtAt} />
          </Table.Td>
        </Table.Tr>
      </Table.Tbody>
    </Table>
  );
}

/** Findings of both sides: what neither came nor went is on both. */
function countsIn({ counts: { added, worsened, fixed, eased, unchanged } }: ResultNow["changes"]) {
  const total = (...groups: readonly (typeof added)[]) =>
    groups.flatMap((group) => Object.values(group)).reduce((sum, { total: count }) => sum + count, 0);
  const stays = total(eased, worsened, unchanged);
  return { before: stays + total(fixed), today: stays + total(added) };
}
