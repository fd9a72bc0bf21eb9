import type { Page, PageQuery } from "@plimsoll/platform";

/** The contract's page of an offset list: where the pages beside it are. */
export function offsetPageOf(
  path: string,
  { offset, limit, filter, orderby }: PageQuery,
  { total }: Pick<Page<unknown>, "total">,
) {
  const at = (from: number) => {
    const query = new URLSearchParams({ offset: String(from), limit: String(limit) });
    for (const text of filter) query.append("filter", text);
    for (const text of orderby) query.append("orderby", text);
    return `${path}?${query}`;
  };
  return {
    total,
    next: offset + limit < total ? at(offset + limit) : null,
    previous: offset > 0 ? at(Math.max(0, offset - limit)) : null,
  };
}
