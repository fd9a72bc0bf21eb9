import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, describe, expect, it } from "vitest";
import { guardedDestinations } from "./destinations.ts";
import type { HttpConfig } from "./http.ts";
import { createHttpClient } from "./http-client.ts";

const stack = new AsyncDisposableStack();
afterAll(() => stack.disposeAsync());

/** A server that counts who came. */
async function serve(listener: RequestListener) {
  let visits = 0;
  const server = createServer((...pair) => {
    visits++;
    listener(...pair);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  stack.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { port, visits: () => visits };
}

function client(allowed: readonly string[], config: Partial<HttpConfig> = {}) {
  const sleep = async () => undefined;
  return stack.use(
    createHttpClient({ userAgent: "test", sleep, destinations: guardedDestinations(allowed), ...config }),
  );
}

const here = [{ address: "127.0.0.1", family: 4 }];
const refused = (kind: string) => ({ code: "ADDRESS_REFUSED", fields: expect.objectContaining({ kind }) });

describe("a guarded client", () => {
  it.each(["127.0.0.1", "127.1", "2130706433", "0x7f.1", "0177.0.0.1", "localhost", "[::ffff:127.0.0.1]", "[::1]"])(
    "does not ask this machine under the name %s",
    async (name) => {
      const inner = await serve((_, response) => response.end("secret"));
      const http = client([]);
      await expect(http.request({ url: `http://${name}:${inner.port}/` })).rejects.toMatchObject(
        refused("this machine"),
      );
      expect(inner.visits()).toBe(0);
    },
  );

  it("does not ask a cloud's metadata service, not even where all else is allowed", async () => {
    const http = client(["0.0.0.0/0"]);
    const url = "http://169.254.169.254/latest/meta-data/";
    await expect(http.request({ url })).rejects.toMatchObject(refused("a cloud's metadata service"));
  });

  it("judges a name by what it stands for", async () => {
    const inner = await serve((_, response) => response.end("secret"));
    const http = client([], { lookup: async () => here });
    await expect(http.request({ url: `http://evil.test:${inner.port}/` })).rejects.toMatchObject({
      code: "ADDRESS_REFUSED",
      message: `evil.test:${inner.port} is this machine, which is not asked from here`,
    });
    expect(inner.visits()).toBe(0);
  });

  it("goes on to the allowed ones of a name's addresses", async () => {
    const inner = await serve((_, response) => response.end("hello"));
    const both = [{ address: "127.0.0.2", family: 4 }, ...here];
    const http = client(["127.0.0.1"], { lookup: async () => both });
    const response = await http.request({ url: `http://registry.test:${inner.port}/` });
    expect(await response.text(100)).toBe("hello");
  });

  it("judges redirects again", async () => {
    const inner = await serve((_, response) => response.end("secret"));
    const outer = await serve((request, response) => {
      const target = request.url === "/name" ? "inner.test" : "127.0.0.2";
      response.writeHead(302, { location: `http://${target}:${inner.port}/` }).end();
    });
    const lookup = async (host: string) => (host === "outer.test" ? here : [{ address: "127.0.0.3", family: 4 }]);
    const http = client(["outer.test"], { lookup });
    for (const path of ["name", "address"]) {
      const asked = http.request({ url: `http://outer.test:${outer.port}/${path}` });
      await expect(asked).rejects.toMatchObject(refused("this machine"));
    }
    expect([inner.visits(), outer.visits()]).toEqual([0, 2]);
  });

  it("connects to the address that was checked when a name changes its mind (DNS rebinding)", async () => {
    const inner = await serve((_, response) => response.writeHead(200, { connection: "close" }).end("hello"));
    const answers = [here, [{ address: "127.0.0.9", family: 4 }]];
    const asked: string[] = [];
    const lookup = async (host: string) => {
      asked.push(host);
      return answers.shift() ?? [];
    };
    const http = client(["127.0.0.1"], { lookup });
    const url = `http://rebind.test:${inner.port}/`;
    expect(await (await http.request({ url })).text(100)).toBe("hello");
    // One look for each connection, and none between the look and the connection.
    expect(asked).toEqual(["rebind.test"]);
    await expect(http.request({ url })).rejects.toMatchObject(refused("this machine"));
    expect(asked).toHaveLength(2);
  });

  it("says that a name has no address", async () => {
    const fail = async () => {
      throw Object.assign(new Error("no"), { code: "ENOTFOUND" });
    };
    const asked = client([], { lookup: fail }).request({ url: "http://nowhere.test/" });
    await expect(asked).rejects.toMatchObject({ code: "HOST_UNREACHABLE", fields: { reason: "no such host" } });
  });
});
