import { type JsonObject, memberOf, objectsOf, textOf } from "../records/json-value.ts";

/** A product of a CSAF document, as far as it says what it is. */
export interface CsafProduct {
  readonly name: string;
  readonly cpe: string;
  readonly purl: string;
}

/** "This component of that platform": what one product id means. */
export interface CsafPlace {
  readonly component: CsafProduct;
  readonly platform: CsafProduct;
  /** What stands between the two: the module of the platform that an rpm is a component of. */
  readonly part?: CsafProduct;
}

/** Nesting of branches beyond this is an attack; real documents have five levels. */
const deepest = 30;
/** More products than this are not read; the largest real documents have 20,000. */
const mostProducts = 500_000;

/** The products of a CSAF 2.0 document (section 3.2.2, `product_tree`). */
export class ProductTree {
  readonly #products = new Map<string, CsafProduct>();
  readonly #places = new Map<string, { component: string; platform: string }>();

  constructor(document: unknown) {
    this.#branches(memberOf(document, "product_tree", "branches"), 0);
    for (const relationship of objectsOf(memberOf(document, "product_tree", "relationships"))) {
      const id = textOf(memberOf(relationship, "full_product_name", "product_id"));
      const component = textOf(relationship.product_reference);
      const platform = textOf(relationship.relates_to_product_reference);
      if (id !== null && component !== null && platform !== null) this.#places.set(id, { component, platform });
    }
  }

  /** What a product id of a status list means; `null` for products without platform (containers, text-only), or unknown ones. */
  placeOf(id: string): CsafPlace | null {
    const place = this.#places.get(id);
    const component = this.#products.get(place?.component ?? "");
    const outer = this.#places.get(place?.platform ?? "");
    const platform = this.#products.get(outer?.platform ?? place?.platform ?? "");
    const part = this.#products.get(outer?.component ?? "");
    if (component === undefined || platform === undefined) return null;
    return { component, platform, ...(part !== undefined && { part }) };
  }

  #branches(value: unknown, depth: number): void {
    if (depth > deepest) return;
    for (const branch of objectsOf(value)) {
      this.#product(branch);
      this.#branches(branch.branches, depth + 1);
    }
  }

  #product(branch: JsonObject): void {
    const id = textOf(memberOf(branch, "product", "product_id"));
    if (id === null || this.#products.size >= mostProducts) return;
    const helper = memberOf(branch, "product", "product_identification_helper");
    this.#products.set(id, {
      name: textOf(memberOf(branch, "product", "name")) ?? "",
      cpe: textOf(memberOf(helper, "cpe")) ?? "",
      purl: textOf(memberOf(helper, "purl")) ?? "",
    });
  }
}
