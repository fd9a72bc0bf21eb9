import { existsSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { messageOf } from "@plimsoll/kit";
import { envelopeFile, serveRepository } from "@plimsoll/vulndb";
import type { CliCommand } from "../command.ts";
import { cliError } from "../errors.ts";
import { newCommand, parseArguments } from "../parse-arguments.ts";
import { openScanLog } from "../scan-log.ts";
import type { World } from "../world.ts";

interface ServeOptions {
  readonly listen: string;
  readonly logfile?: string;
  readonly consoleLog?: true;
}

/** `plimsoll db serve FOLDER`: runs until it is stopped. */
export const dbServe = {
  name: "serve",
  run: async (args, world) => {
    const parsed = await parseArguments<ServeOptions>(serveCommand(), args, world);
    if (parsed === null) return 0;
    const [folder, ...others] = parsed.operands;
    if (folder === undefined || others.length > 0) {
      throw cliError("BAD_ARGUMENTS", { fields: { reason: "name one folder to serve", help: "plimsoll db serve" } });
    }
    if (!existsSync(join(folder, envelopeFile))) {
      const next = "make it with plimsoll db export FOLDER --sign-key KEY";
      throw cliError("BAD_OPTION_VALUE", {
        fields: { option: "FOLDER", value: `${folder}, which is no repository`, next },
      });
    }
    const { host, port } = addressOf(parsed.options.listen);
    using logs = openScanLog({ ...parsed.options, loglevel: "info" }, world);
    const server = openServer(serveRepository(resolve(folder), logs.log));
    await listening(server, { host, port, listen: parsed.options.listen });
    const bound = server.address() as AddressInfo;
    const name = bound.family === "IPv6" ? `[${bound.address}]` : bound.address;
    await world.stdout.write(`Serving ${resolve(folder)} at http://${name}:${bound.port}/ (Ctrl-C stops it)\n`);
    await stopped(world);
    await closed(server);
    return 0;
  },
} satisfies CliCommand;

function serveCommand() {
  return newCommand("plimsoll db serve")
    .usage("[options] FOLDER")
    .description(
      "Serves a repository of signed databases over HTTP, for reading. What it serves is signed: it needs no TLS to be trusted.",
    )
    .option("--listen <address>", "HOST:PORT to listen on; 0.0.0.0:PORT for all", "127.0.0.1:8321")
    .option("-o, --logfile <file>", "write the log to a file")
    .option("--console-log", "write the log to stderr")
    .addHelpText("after", examples);
}

const examples = `
Examples:
  plimsoll db serve /srv/vulndb --listen 0.0.0.0:8321
  plimsoll db update --from http://mirror.example:8321 --db-key harbour.pub
`;

/** Throws BAD_OPTION_VALUE. */
function addressOf(listen: string): { readonly host: string; readonly port: number } {
  const [, bracketed, plain, port = ""] = /^(?:\[([0-9a-fA-F:.]+)\]|([^:\s]*)):(\d{1,5})$/.exec(listen) ?? [];
  const host = bracketed ?? (plain || "127.0.0.1");
  if (port !== "" && Number(port) <= 65_535) return { host, port: Number(port) };
  const fields = { option: "--listen", value: listen, next: "write HOST:PORT, for example 0.0.0.0:8321" };
  throw cliError("BAD_OPTION_VALUE", { fields });
}

/** Requests here are short and have no body: who takes longer to ask is no client. */
function openServer(listener: Parameters<typeof import("node:http").createServer>[1]): Server {
  const { createServer } = process.getBuiltinModule("node:http");
  const limits = { headersTimeout: 10_000, requestTimeout: 10_000, keepAliveTimeout: 5_000, maxHeaderSize: 8192 };
  const server = createServer(limits, listener ?? (() => undefined));
  server.maxConnections = 512;
  // A reader that takes nothing for so long is gone.
  server.timeout = 120_000;
  return server;
}

type Wish = { readonly host: string; readonly port: number; readonly listen: string };

async function listening(server: Server, { host, port, listen }: Wish): Promise<void> {
  await new Promise<void>((done, failed) => {
    server.once("error", (cause) => {
      const fields = { option: "--listen", value: listen, next: `choose another address (${messageOf(cause)})` };
      failed(cliError("BAD_OPTION_VALUE", { fields, cause }));
    });
    server.listen(port, host, done);
  });
}

function stopped({ signal }: World): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) done();
    signal.addEventListener("abort", () => done(), { once: true });
  });
}

/** Answers on their way are ended well, as long as that takes no more than two seconds. */
async function closed(server: Server): Promise<void> {
  const ended = new Promise<void>((done) => server.close(() => done()));
  server.closeIdleConnections();
  const late = setTimeout(() => server.closeAllConnections(), 2000);
  await ended;
  clearTimeout(late);
}
