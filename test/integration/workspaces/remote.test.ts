import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { RepoRef } from "../../../src/domain/ids.ts";
import { Secret } from "../../../src/domain/secret.ts";
import type { Workspaces } from "../../../src/ports/workspaces.ts";
import { createWorkspaces } from "../../../src/workspaces/workspaces.ts";
import { plainProcesses } from "./jail-run.ts";
import { IDENTITY, PATH, temporaryDirectory } from "./world.ts";

const REPO: RepoRef = { id: 7, owner: "octo", name: "service", installationId: 3 };
/** As long as the tokens of 2026 are. */
const TOKEN = `ghs_123456_${"a".repeat(500)}.b.c`;

interface Server {
  readonly url: string;
  readonly requests: IncomingMessage[];
}

async function serve(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Server> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`, requests };
}

function workspacesAt(gitBaseUrl: string): Workspaces {
  return createWorkspaces({
    dataDir: join(temporaryDirectory("remote"), "data"),
    gitBaseUrl,
    tokens: { withToken: (_repo, _permissions, use) => use(new Secret(TOKEN)) },
    jail: plainProcesses(),
    identity: IDENTITY,
    env: { PATH },
  });
}

describe("talking to GitHub's git", () => {
  test("S-14: the token goes to the repository's own address, in a header", async () => {
    const server = await serve((_request, response) => response.writeHead(404).end());
    const fetching = workspacesAt(`${server.url}/`).fetchBranch(REPO, "main");
    await expect(fetching).rejects.toMatchObject({ name: "WorldError", failureClass: "stop" });
    const [first] = server.requests;
    expect(first?.url).toBe("/octo/service.git/info/refs?service=git-upload-pack");
    const basic = Buffer.from(`x-access-token:${TOKEN}`).toString("base64");
    expect(first?.headers.authorization).toBe(`Basic ${basic}`);
  });

  test("S-12: no error says the token", async () => {
    const server = await serve((request, response) =>
      response.writeHead(500).end(request.headers.authorization),
    );
    const error: unknown = await workspacesAt(server.url)
      .fetchBranch(REPO, "main")
      .catch((e: unknown) => e);
    const text = `${String(error)} ${JSON.stringify(error)}`;
    expect(text).toMatch(/git fetch failed/);
    expect(text).not.toContain(TOKEN.slice(0, 12));
    expect(text).not.toContain(
      Buffer.from(`x-access-token:${TOKEN}`).toString("base64").slice(0, 24),
    );
  });

  test.each([
    [401, "escalate"],
    [403, "escalate"],
    [404, "stop"],
    [429, "retry"],
    [500, "retry"],
    [503, "retry"],
  ])("F: the answer %i is a failure of class %s", async (status, failureClass) => {
    const server = await serve((_request, response) => response.writeHead(status).end());
    await expect(workspacesAt(server.url).fetchBranch(REPO, "main")).rejects.toMatchObject({
      failureClass,
    });
  });

  test("nobody there is worth trying again", async () => {
    const fetching = workspacesAt("http://127.0.0.1:1").fetchBranch(REPO, "main");
    await expect(fetching).rejects.toMatchObject({ failureClass: "retry" });
  });

  test("G-06: a redirect is not followed, so the token cannot be led away", async () => {
    const thief = await serve((_request, response) => response.writeHead(404).end());
    const server = await serve((request, response) => {
      response.writeHead(302, { location: `${thief.url}${request.url}` }).end();
    });
    await expect(workspacesAt(server.url).fetchBranch(REPO, "main")).rejects.toThrow(
      /git fetch failed/,
    );
    expect(thief.requests).toEqual([]);
  });

  test.each(["../../etc", "a/b", "", "..", "a b"])(
    "G-08: the name %j never becomes an address",
    async (name) => {
      const server = await serve((_request, response) => response.writeHead(404).end());
      const fetching = workspacesAt(server.url).fetchBranch({ ...REPO, name }, "main");
      await expect(fetching).rejects.toThrow("not a name GitHub gives");
      expect(server.requests).toEqual([]);
    },
  );

  test("only web addresses and files are served at all", () => {
    expect(() => workspacesAt("ssh://git@host")).toThrow("only https, http and file");
    expect(() => workspacesAt("ext::sh -c true")).toThrow();
  });
});
