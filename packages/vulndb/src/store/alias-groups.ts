/** Two ids said to name one flaw; `own`: said by the document that bears one of them as its id. */
export interface AliasEdge {
  readonly a: string;
  readonly b: string;
  readonly own: boolean;
}

/**
 * Joins ids of one flaw into groups: id → name of its group, only for ids in a group of two or more. A group holds at
 * most one CVE (an edge that would bring a second one in is dropped; a document's word on its own id goes first) and is
 * named by it, else by its first id in order. The order of the edges does not matter.
 */
export function aliasGroups(edges: Iterable<AliasEdge>): ReadonlyMap<string, string> {
  const parent = new Map<string, string>();
  const sorted = [...new Map([...edges].map((edge) => [edgeKey(edge), edge])).entries()].sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  for (const [, edge] of sorted) unite(parent, edge);
  const roots = [...parent.keys()].map((id) => [id, rootOf(parent, id)] as const);
  const shared = new Set(roots.filter(([id, root]) => id !== root).map(([, root]) => root));
  return new Map(roots.filter(([, root]) => shared.has(root)));
}

/** Whether an id is a CVE number. */
export function isCve(id: string): boolean {
  return id.startsWith("CVE-");
}

function edgeKey({ a, b, own }: AliasEdge): string {
  return `${own ? 0 : 1} ${a < b ? `${a} ${b}` : `${b} ${a}`}`;
}

function unite(parent: Map<string, string>, { a, b }: AliasEdge): void {
  for (const id of [a, b]) if (!parent.has(id)) parent.set(id, id);
  const rootA = rootOf(parent, a);
  const rootB = rootOf(parent, b);
  if (rootA === rootB || (isCve(rootA) && isCve(rootB))) return;
  const [winner, loser] = namesBefore(rootA, rootB) ? [rootA, rootB] : [rootB, rootA];
  parent.set(loser, winner);
}

function namesBefore(a: string, b: string): boolean {
  return isCve(a) === isCve(b) ? a < b : isCve(a);
}

function rootOf(parent: Map<string, string>, id: string): string {
  let root = id;
  for (let up = parent.get(root); up !== undefined && up !== root; up = parent.get(root)) root = up;
  for (let at = id; at !== root; ) {
    const next = parent.get(at) ?? root;
    parent.set(at, root);
    at = next;
  }
  return root;
}
