import { spawn } from "node:child_process";
import { messageOf } from "@plimsoll/kit";
import { sourceError } from "../errors.ts";
import { parseObject, textOf } from "../image/json.ts";
import type { Credentials } from "./credentials.ts";

/** Environment of the helper process (it needs PATH and HOME), passed in. */
export type HelperEnvironment = Readonly<Record<string, string | undefined>>;

const timeoutMs = 30_000;
const outputBytes = 1024 * 1024;
/** Time for what an ended helper printed to arrive, where something it started keeps its output open. */
const lastWordsMs = 500;

/**
 * Asks `docker-credential-NAME get` (docker-credential-helpers protocol) for a server's credentials; `null` when it has
 * none. Run without a shell, with a time and an output limit; what it prints is never shown. Throws CREDENTIAL_HELPER_FAILED.
 */
export async function runCredentialHelper(
  name: string,
  server: string,
  environment: HelperEnvironment,
): Promise<Credentials | null> {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)) throw failed(name, "its name is not a plain word");
  const { code, stdout } = await outputOf(`docker-credential-${name}`, server, environment).catch((cause: unknown) => {
    throw failed(name, faultOf(cause), cause);
  });
  if (code !== 0) {
    if (/credentials not found|no credentials/i.test(stdout.toString("utf8"))) return null;
    throw failed(name, code === null ? "it was killed" : `it ended with code ${code}`);
  }
  const answer = parseObject(stdout);
  const user = textOf(answer?.Username);
  const secret = textOf(answer?.Secret);
  if (answer === null) throw failed(name, "its answer is not JSON");
  if (secret === "") return null;
  return user === "<token>" ? { kind: "identity-token", token: secret } : { kind: "password", user, password: secret };
}

function faultOf(cause: unknown): string {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  return startFaults[code] ?? messageOf(cause);
}

const startFaults: Readonly<Record<string, string>> = {
  ENOENT: "it is not installed",
  EACCES: "it is not a program that this user may run",
  ELOOP: "it is a link in circles",
  ENOEXEC: "it is not a program",
};

type Output = { readonly code: number | null; readonly stdout: Buffer };

function outputOf(program: string, input: string, environment: HelperEnvironment): Promise<Output> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, ["get"], { env: { ...environment }, stdio: ["pipe", "pipe", "ignore"] });
    // What the helper itself started may hold its output open: nobody waits for that.
    const stop = (reason: string): void => {
      child.kill("SIGKILL");
      child.stdout.destroy();
      reject(new Error(reason));
    };
    let timer = setTimeout(() => stop("it did not answer in time"), timeoutMs);
    const chunks: Buffer[] = [];
    let size = 0;
    child.stdout.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > outputBytes) stop("it prints too much");
      else chunks.push(chunk);
    });
    child.on("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    const finish = (code: number | null): void => {
      clearTimeout(timer);
      child.stdout.destroy();
      resolve({ code, stdout: Buffer.concat(chunks) });
    };
    child.on("close", finish);
    child.on("exit", (code) => {
      clearTimeout(timer);
      timer = setTimeout(() => finish(code), lastWordsMs);
    });
    // A helper may end without reading: its exit code tells.
    child.stdin.on("error", () => undefined);
    child.stdin.end(`${oneLine(input)}\n`);
  });
}

/** One line: a server name comes from a reference and holds no line feed, but this is where it would matter. */
function oneLine(name: string): string {
  return name.replace(/[\r\n]/g, "");
}

function failed(name: string, reason: string, cause?: unknown): Error {
  return sourceError("CREDENTIAL_HELPER_FAILED", { fields: { name, reason }, cause });
}
