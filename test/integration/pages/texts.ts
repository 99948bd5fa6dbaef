/** Texts of the seeded stage, in the manner of a real run's. */

export const README = `# Asset service

A small service that keeps **assets**. See the [service](src/service.js) and [tests](test/service.test.js).

| Method | Path | What |
| --- | --- | --- |
| \`GET\` | \`/api/assets\` | list |
| \`POST\` | \`/api/assets\` | create |

\`\`\`mermaid
sequenceDiagram
  client->>service: POST /api/assets
  service->>store: put
  store-->>client: 201
\`\`\`
`;

export const ISSUE = `The service can list assets but not create them.

- \`POST /api/assets\` with \`{ "name", "kind" }\` answers **201** and the asset
- a missing \`name\` answers **400** with a readable message
- unit, integration and acceptance tests

> [!NOTE]
> No new dependencies, please.
`;

const GRAPH = `\`\`\`mermaid
flowchart LR
  architecture["✔ architecture"]:::completed
  subgraph implementation["✔ implementation"]
    direction TB
    task_handler["✔ backend-developer"]:::accepted
  end
  architecture --> implementation
  subgraph testing["▶ testing"]
    direction TB
    task_unit["✔ backend-tester<br/>unit"]:::accepted
    task_integration["▶ backend-tester<br/>integration"]:::running
    task_acceptance["▶ acceptance-test-engineer<br/>acceptance"]:::running
  end
  implementation --> testing
  quality["○ quality"]:::pending
  testing --> quality
  classDef pending fill:#eaeef2,stroke:#8c959f,color:#1f2328
  classDef running fill:#ddf4ff,stroke:#0969da,color:#0a3069
  classDef accepted fill:#dafbe1,stroke:#1a7f37,color:#0d3d1a
  classDef completed fill:#dafbe1,stroke:#1a7f37,color:#0d3d1a
\`\`\``;

/** A status comment; the pull request's number and a commit stand in its text. */
export function statusText(state: string, refs: { pull: number; sha: string }): string {
  return `<!-- orchestrate:status:run-1 -->
### ${state}

**Task:** Implement POST /api/assets with validation, storage and tests
**Requested by:** @ada · **Pull request:** #${refs.pull} · **Head:** ${refs.sha}
**Spent:** 4 min 12 s so far · 182,400 tokens ($0.61) · 38 GitHub requests

${GRAPH}

- [x] **architecture** (completed)
  - [x] Service boundaries and contract — \`backend-lead\` · accepted
- [x] **implementation** (completed)
  - [x] Handler, validation and store — \`backend-developer\` · accepted
- [ ] **testing** (running)
  - [x] Unit tests — \`backend-tester\`, unit · accepted
  - [ ] Integration tests — \`backend-tester\`, integration · running
  - [ ] Acceptance tests — \`acceptance-test-engineer\`, acceptance · running

| Command | Exit | Commit | Took |
| --- | ---: | --- | ---: |
| \`node --test\` | 0 | ${refs.sha.slice(0, 10)} | 1.8 s |
| \`node --check src/service.js\` | 0 | ${refs.sha.slice(0, 10)} | 0.1 s |

<details><summary>Status report (JSON)</summary>

\`\`\`json
{
  "status": "in_progress",
  "summary": "Testing: two of three test tasks are running.",
  "skills_invoked": ["calibrating-time-estimates", "gateway-backend"],
  "verification": { "all_tests_passed": null, "build_success": true }
}
\`\`\`

</details>
`;
}

export const QUESTION = `### Question 1 of 1: how should a duplicate name be treated?

@ada, the plan cannot settle this by itself. Tick one, or answer in words.

- [ ] **A. Refuse with 409** (recommended): the client learns of the duplicate.
- [ ] **B. Return the existing asset with 200**: creating becomes idempotent.
- [ ] **C. Allow duplicates**: names stay free text.

Until then the run waits; nothing else is started.
`;

export const SERVICE_BEFORE = `import { createServer } from "node:http";

const assets = [];

export function handle(request, response) {
  if (request.method === "GET" && request.url === "/api/assets") {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(assets));
    return;
  }
  response.writeHead(404).end();
}

export function start(port) {
  return createServer(handle).listen(port);
}
`;

export const SERVICE_AFTER = `import { createServer } from "node:http";
import { validate } from "./validate.js";

const assets = [];

export async function handle(request, response) {
  if (request.method === "GET" && request.url === "/api/assets") {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(assets));
    return;
  }
  if (request.method === "POST" && request.url === "/api/assets") {
    const asset = validate(await read(request));
    assets.push(asset);
    response.writeHead(201, { "content-type": "application/json" });
    response.end(JSON.stringify(asset));
    return;
  }
  response.writeHead(404).end();
}

async function read(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString());
}

export function start(port) {
  return createServer(handle).listen(port);
}
`;

export const VALIDATE = `const KINDS = ["host", "domain"];

export function validate({ name, kind }) {
  if (typeof name !== "string" || name === "") throw new TypeError("name is missing");
  if (!KINDS.includes(kind)) throw new TypeError("kind must be host or domain");
  return { name, kind };
}
`;
