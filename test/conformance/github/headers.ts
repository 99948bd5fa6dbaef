import { expect } from "vitest";
import type { Exchange, Recorder, Values } from "./recorder.ts";

const PERMISSIONS =
  /^(?:allows_permissionless_access=true|[a-z_]+=(?:read|write|admin)(?:[,;] ?[a-z_]+=(?:read|write|admin))*)$/;

/** What docs.github.com ("Rate limits", "Troubleshooting the REST API") says that every answer tells. */
export function expectGitHubsHeaders(exchange: Exchange): void {
  const { told: headers, status, operation } = exchange;
  const what = `${exchange.as} ${operation.id} ${status}`;
  const [limit = 0, remaining = 0, used = 0, reset = 0] = [
    "limit",
    "remaining",
    "used",
    "reset",
  ].map((name) => Number(headers.get(`x-ratelimit-${name}`) ?? Number.NaN));
  expect([what, remaining + used], what).toEqual([what, limit]);
  const ahead = reset * 1_000 - Date.parse(headers.get("date") ?? "");
  expect(ahead > 0 && ahead <= 3_601_000, `${what}: resets in ${ahead} ms`).toBe(true);
  expect(headers.get("x-ratelimit-resource"), what).toBe("core");
  expect(headers.get("x-github-request-id"), what).toMatch(/^[0-9A-F:-]{20,}$/);
  expect(headers.get("x-github-media-type"), what).toMatch(/^github\.v3; format=json/);
  expect(headers.get("x-github-api-version-selected"), what).toBe("2022-11-28");
  // A bad token is refused before its request is looked at.
  if (status !== 401) expect(headers.get("x-accepted-github-permissions")).toMatch(PERMISSIONS);
  const isJson = exchange.contentType?.includes("json") === true;
  if (isJson) expect(exchange.contentType, what).toBe("application/json; charset=utf-8");
  if (isJson && status === 200 && operation.method === "GET") {
    expect(headers.get("etag"), what).toMatch(/^W\/"[0-9a-f]+"$/);
  }
}

/** The permissions of some operations by their own pages on docs.github.com: ";" is "or". */
export const ACCEPTED: Readonly<Record<string, string>> = {
  "checks/create": "checks=write",
  "checks/list-for-ref": "checks=read",
  "git/create-ref": "contents=write",
  "issues/create-comment": "issues=write; pull_requests=write",
  "issues/get": "issues=read; pull_requests=read",
  "pulls/create": "pull_requests=write",
  "pulls/list": "pull_requests=read",
  "pulls/request-reviewers": "pull_requests=write",
  "repos/get": "metadata=read",
  "repos/get-collaborator-permission-level": "metadata=read",
  "repos/get-content": "contents=read; single_file=read",
  "repos/update-branch-protection": "administration=write",
};

/** The elements of all pages, following `rel="next"` from a first page of two. */
export async function walk(recorder: Recorder, what: string, values: Values): Promise<unknown[]> {
  const elements: unknown[] = [];
  let page: Values = { per_page: 2 };
  for (;;) {
    const exchange = await recorder.call(what, { ...values, ...page });
    elements.push(...(exchange.body as unknown[]));
    const links = linksOf(exchange);
    for (const rel of ["prev", "first"]) expect(links.has(rel)).toBe(elements.length > 2);
    expect(links.has("last")).toBe(links.has("next"));
    const next = links.get("next");
    if (next === undefined) return elements;
    page = Object.fromEntries(next.searchParams);
  }
}

/** The addresses in the Link header, by relation. */
export function linksOf({ told: headers }: Exchange): Map<string, URL> {
  const found = (headers.get("link") ?? "").matchAll(/<([^>]+)>; rel="(\w+)"/g);
  return new Map([...found].map(([, address = "", rel = ""]) => [rel, new URL(address)]));
}
