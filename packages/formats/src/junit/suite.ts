import { plainText } from "@plimsoll/kit";
import { element, textElement, type XmlElement } from "../xml.ts";

export interface TestCase {
  readonly name: string;
  readonly classname: string;
  readonly outcome: "passed" | "failure" | "error" | "skipped";
  readonly message: string;
  readonly text: string;
}

export interface Suite {
  readonly name: string;
  readonly cases: readonly TestCase[];
}

/** The document's root, with every member that the strictest known schema (Apache Ant's) demands. */
export function suitesElement(
  suites: readonly Suite[],
  { timestamp, seconds }: { readonly timestamp: string; readonly seconds: number },
): XmlElement {
  return element(
    "testsuites",
    {},
    suites.map(({ name, cases }, index) => {
      const count = (outcome: TestCase["outcome"]): string =>
        String(cases.filter((one) => one.outcome === outcome).length);
      const attributes = {
        package: "plimsoll",
        id: String(index),
        name: token(name),
        timestamp,
        hostname: "localhost",
        tests: String(cases.length),
        failures: count("failure"),
        errors: count("error"),
        skipped: count("skipped"),
        // The scan is one run; its time is told once.
        time: (index === 0 ? seconds : 0).toFixed(3),
      };
      const members = [
        element("properties", {}),
        ...cases.map(caseElement),
        element("system-out", {}),
        element("system-err", {}),
      ];
      return element("testsuite", attributes, members);
    }),
  );
}

function caseElement({ name, classname, outcome, message, text }: TestCase): XmlElement {
  const attributes = { name: token(name), classname: token(classname), time: "0" };
  if (outcome === "passed") return element("testcase", attributes);
  const told = plainText(message, 300);
  if (outcome === "skipped") return element("testcase", attributes, [element("skipped", { message: told })]);
  const type = outcome === "failure" ? "violation" : "incomplete";
  return element("testcase", attributes, [{ ...textElement(outcome, text), attributes: { message: told, type } }]);
}

/** Never empty. */
function token(text: string): string {
  return plainText(text, 300).trim() || "-";
}
