import { type Expression, type SqlBool, sql } from "kysely";
import { platformError } from "../../errors.ts";
import type { Comparison, Filter } from "../../filter/parse-filter.ts";
import { type ComponentConditions, componentFields } from "./component-filter.ts";
import {
  allOf,
  anyOf,
  compared,
  type FilterField,
  type FilterFields,
  labelField,
  textField,
  yesField,
} from "./filter-fields.ts";

/** A filter as a condition on assets; `components` are those of its comparisons that ask for packages or flaws. Throws UNKNOWN_FIELD, BAD_FILTER. */
export function filtered(filter: Filter, fields: FilterFields, components: ComponentConditions): Expression<SqlBool> {
  if (filter.kind !== "comparison") {
    const parts = filter.parts.map((part) => filtered(part, fields, components));
    return filter.kind === "and" ? allOf(parts) : anyOf(parts);
  }
  const resolved = components.get(filter);
  if (resolved !== undefined) return resolved;
  const all = { ...commonFields, ...fields };
  const field = Object.hasOwn(all, filter.field) ? all[filter.field] : undefined;
  if (field === undefined) {
    const known = [...Object.keys(commonFields), ...componentFields, ...Object.keys(fields)].join(", ");
    throw platformError("UNKNOWN_FIELD", { fields: { field: filter.field, fields: known } });
  }
  return field(filter);
}

/**
 * A filter as two that must both hold: `inside` asks for nothing but some fields, `outside` is the rest.
 */
export function splitFilter(
  filter: Filter | null,
  fields: FilterFields,
): { readonly inside: Filter | null; readonly outside: Filter | null } {
  const parts = filter === null ? [] : filter.kind === "and" ? filter.parts : [filter];
  const asksOnly = (part: Filter): boolean =>
    part.kind === "comparison" ? Object.hasOwn(fields, part.field) : part.parts.every(asksOnly);
  const [inside, outside] = [parts.filter(asksOnly), parts.filter((part) => !asksOnly(part))].map(
    (some): Filter | null => (some.length === 0 ? null : { kind: "and", parts: some }),
  );
  return { inside: inside ?? null, outside: outside ?? null };
}

/** Whether a filter asks for one of these fields anywhere. */
export function asksSome(filter: Filter, fields: FilterFields): boolean {
  return filter.kind === "comparison"
    ? Object.hasOwn(fields, filter.field)
    : filter.parts.some((part) => asksSome(part, fields));
}

const assetName = sql<string>`asset.name`;
/** What stands behind the last colon, if it is no port. */
export const tagOfName = sql<string>`substring(asset.name from ':([^/:@]+)(?:@[^/]*)?$')`;

function isTagged(comparison: Comparison): Expression<SqlBool> {
  const { operator, values } = comparison;
  if (operator !== "in" || values.some((value) => /[/:@]/.test(value))) return compared(tagOfName, comparison);
  const ends = values.map(
    (value) =>
      sql`(right(asset.name, ${value.length + 1}::integer) = ${`:${value}`} or strpos(asset.name, ${`:${value}@`}) > 0)`,
  );
  return anyOf(ends);
}
const digest = sql<string>`(select encode(i.image_id, 'hex') from image i where i.id = asset.image_id)`;

/** What every list can be filtered by. */
const commonFields: FilterFields = {
  freeText,
  zone: inZone(sql<string>`z.name`),
  "zone.name": inZone(sql<string>`z.name`),
  "zone.id": inZone(sql<string>`z.id::text`),
  name: textField(assetName),
  pullString: textField(assetName),
  "image.digest": ({ values, ...rest }) =>
    compared(digest, { ...rest, values: values.map((value) => value.replace(/^sha256:/, "")) }),
  tag: isTagged,
};

/** Where an image lies: the labels, by their long and short names. */
export const imagePlaceFields: FilterFields = Object.fromEntries(
  ["registry.vendor", "registry.name", "repository.name"].flatMap((name): [string, FilterField][] => {
    const short = name === "registry.vendor" ? "vendor" : name.split(".")[0];
    return [
      [name, labelField(name)],
      [short ?? name, labelField(name)],
    ];
  }),
);

/** In one of the zones that the values name; a system zone holds everything. */
function inZone(column: Expression<string>): FilterField {
  return (comparison) => {
    const { operator } = comparison;
    const named = compared(column, operator === "not-in" ? { ...comparison, operator: "in" } : comparison);
    const inside = sql<SqlBool>`asset.audience in (
      select u.id from audience u join zone z on z.of_team is null and (z.is_system or z.id = any (u.zones)) where ${named})`;
    return operator === "not-in" ? sql<SqlBool>`not ${inside}` : inside;
  };
}

/** Part of the name, or the image's digest. */
function freeText({ operator, values }: Comparison): Expression<SqlBool> {
  const hits = values.map((value) => {
    const hex = /^(?:sha256:)?([0-9a-f]{64})$/.exec(value)?.[1];
    const byName = sql<SqlBool>`strpos(lower(asset.name), lower(${value})) > 0`;
    if (hex === undefined) return byName;
    return sql<SqlBool>`(${byName} or asset.image_id in (select id from image where image_id = decode(${hex}, 'hex')))`;
  });
  const any = anyOf(hits);
  return operator === "not-in" ? sql<SqlBool>`not ${any}` : any;
}

/** Whether the newest verdict could not be wrong. `which`: condition on the verdict, as v. */
export function completeField(which: Expression<unknown>): FilterField {
  return yesField(
    sql<SqlBool>`not exists (select from verdict v where v.asset_id = asset.id and ${which} and not v.complete)`,
  );
}

/** Something that is known of packages that are loaded; of what nobody looks at, nothing is. */
export const inUseField = yesField(sql<SqlBool>`asset.in_use in (select u.id from running_set u where u.rank > 0)`);
