import type { XmlElement } from "./xml-elements.ts";

/** What an rpm test says of one package. */
export interface RpmTest {
  readonly name: string;
  /** The version it is compared to, as written; absent where the test asks for any version. */
  readonly evr?: string;
  readonly operation?: string;
}

/** The elements that {@link RpmTests} reads. */
export const rpmTestElements = ["rpminfo_test", "rpminfo_object", "rpminfo_state"] as const;

/** The rpm tests of an OVAL document (OVAL linux definitions schema, `rpminfo_test`), with the objects and states they refer to. */
export class RpmTests {
  readonly #tests = new Map<string, { object: string; state: string }>();
  readonly #names = new Map<string, string>();
  readonly #states = new Map<string, { evr: string; operation: string } | null>();

  add(element: XmlElement): void {
    const id = element.attributes.id ?? "";
    const child = (name: string) => element.children.find((candidate) => candidate.name === name);
    if (element.name === "rpminfo_object") this.#names.set(id, child("name")?.text ?? "");
    if (element.name === "rpminfo_test") {
      const object = child("object")?.attributes.object_ref ?? "";
      this.#tests.set(id, { object, state: child("state")?.attributes.state_ref ?? "" });
    }
    if (element.name !== "rpminfo_state") return;
    const evr = child("evr");
    const operation = evr?.attributes.operation ?? "equals";
    this.#states.set(id, evr === undefined ? null : { evr: evr.text, operation });
  }

  /** What a test says; `null` for an unknown one, or one about something else than a version (signatures, architectures). */
  testOf(id: string): RpmTest | null {
    const test = this.#tests.get(id);
    const name = this.#names.get(test?.object ?? "") ?? "";
    if (test === undefined || name === "") return null;
    if (test.state === "") return { name };
    const state = this.#states.get(test.state) ?? null;
    return state === null ? null : { name, ...state };
  }
}
