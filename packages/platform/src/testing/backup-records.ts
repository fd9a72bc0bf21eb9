import type { BackupRecord } from "../store/backup/backup-file.ts";

interface Header {
  readonly migrations: readonly unknown[];
  readonly tables: readonly { readonly name: string }[];
}

function isHeader(value: unknown): value is Header {
  return typeof value === "object" && value !== null && "migrations" in value;
}

export function isEnd(record: BackupRecord): boolean {
  return (
    record.kind === "document" && typeof record.value === "object" && record.value !== null && "rows" in record.value
  );
}

export function named(record: BackupRecord, name: string): BackupRecord {
  if (record.kind !== "document" || !isHeader(record.value)) return record;
  return { kind: "document", value: { ...record.value, tables: [{ name, columns: ["x"] }] } };
}

export function from(record: BackupRecord, migration: object): BackupRecord {
  if (record.kind !== "document" || !isHeader(record.value)) return record;
  return { kind: "document", value: { ...record.value, migrations: [migration] } };
}
