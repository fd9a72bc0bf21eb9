import { Table } from "@mantine/core";
import type { ResultVulnerability } from "@plimsoll/contract";
import { plain } from "../../../ui/plain.ts";

/** Every source's severity and score, side by side. */
export function AsKnown({ known: { sources, aliases, disclosed } }: { readonly known: ResultVulnerability }) {
  return (
    <section aria-labelledby="sources">
      <h3 id="sources">What each source says</h3>
      <Table aria-labelledby="sources" fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Source</Table.Th>
            <Table.Th>Severity</Table.Th>
            <Table.Th>CVSS</Table.Th>
            <Table.Th>Published</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {sources.map(({ provider, feed, id, severity, cvss, published, isWithdrawn }) => (
            <Table.Tr key={`${provider} ${feed} ${id}`}>
              <Table.Td>
                {plain(provider)}
                {isWithdrawn && " (withdrawn)"}
              </Table.Td>
              <Table.Td>{severity ?? "unknown"}</Table.Td>
              <Table.Td>
                {cvss.map(({ version, score }) => `${score.toFixed(1)} (${plain(version)})`).join(", ") || "unknown"}
              </Table.Td>
              <Table.Td>{published?.slice(0, 10) ?? "unknown"}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <p>
        Disclosed {disclosed.date}
        {disclosed.estimated && " (estimated)"}.{" "}
        {aliases.length > 0 && `Also known as ${aliases.map(plain).join(", ")}.`}
      </p>
    </section>
  );
}
