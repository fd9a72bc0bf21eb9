import { textIn, type XmlElement } from "../../oval/xml-elements.ts";

/** "Binary package `name` is vulnerable before `fixed`." */
export interface PackageFix {
  readonly name: string;
  readonly fixed: string;
}

/** The dpkg tests of an OVAL document, with the objects, states and variables they refer to. */
export class PackageTests {
  readonly #tests = new Map<string, { object: string; state: string }>();
  /** Object → variable with the names, or the name itself. */
  readonly #objects = new Map<string, { variable: string; name: string }>();
  readonly #states = new Map<string, string>();
  readonly #variables = new Map<string, readonly string[]>();

  add(element: XmlElement): void {
    const id = element.attributes.id ?? "";
    if (element.name === "dpkginfo_test") this.#tests.set(id, referencesOf(element));
    if (element.name === "dpkginfo_object") this.#objects.set(id, nameOf(element));
    if (element.name === "dpkginfo_state" && isLessThan(element)) this.#states.set(id, textIn(element, "evr"));
    if (element.name === "constant_variable")
      this.#variables.set(
        id,
        element.children.map(({ text }) => text),
      );
  }

  /** What a test says; nothing when it is about something else than dpkg packages. */
  fixesOf(test: string): PackageFix[] {
    const { object = "", state = "" } = this.#tests.get(test) ?? {};
    const fixed = this.#states.get(state)?.replace(/^0:/, "");
    const place = this.#objects.get(object);
    if (fixed === undefined || fixed === "" || place === undefined) return [];
    const names = this.#variables.get(place.variable) ?? [place.name];
    return names.filter((name) => name !== "").map((name) => ({ name, fixed }));
  }
}

function referencesOf(test: XmlElement): { object: string; state: string } {
  const find = (name: string) => test.children.find((child) => child.name === name);
  return {
    object: find("object")?.attributes.object_ref ?? "",
    state: find("state")?.attributes.state_ref ?? "",
  };
}

function nameOf(object: XmlElement): { variable: string; name: string } {
  const name = object.children.find((child) => child.name === "name");
  return { variable: name?.attributes.var_ref ?? "", name: name?.text ?? "" };
}

function isLessThan(state: XmlElement): boolean {
  return state.children.some((child) => child.name === "evr" && child.attributes.operation === "less than");
}
