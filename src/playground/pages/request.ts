import type { IncomingMessage } from "node:http";

/** What a browser asked for. */
export interface PageRequest {
  method: "GET" | "POST";
  /** Decoded, without a trailing slash ("/" stays). */
  path: string;
  query: URLSearchParams;
  /** Path and query as asked, to come back to. */
  address: string;
  cookies: ReadonlyMap<string, string>;
  /** Fields of a posted form. */
  form: URLSearchParams;
}

/** Bytes of a posted form: a comment of 65,536 characters, each percent-encoded at its longest, fits. */
const FORM_LIMIT = 1_000_000;

/** A mistake of the person or the browser, shown as a page. */
export class PageError extends Error {
  override readonly name = "PageError";
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** undefined when the request is none that a page could answer (another method, a broken path). */
export function readHead(req: IncomingMessage): PageRequest | undefined {
  const method = req.method === "HEAD" ? "GET" : req.method;
  if (method !== "GET" && method !== "POST") return undefined;
  const url = URL.parse(req.url ?? "/", "http://pages.invalid");
  const path = url === null ? undefined : decoded(url.pathname);
  if (url === null || path === undefined) return undefined;
  return {
    method,
    path: path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path,
    query: url.searchParams,
    address: url.pathname + url.search,
    cookies: readCookies(req.headers.cookie ?? ""),
    form: new URLSearchParams(),
  };
}

/** Reads a posted form; throws PageError when it is none, too big, or comes from another site. */
export async function readForm(req: IncomingMessage, hubUrl: string): Promise<URLSearchParams> {
  refuseForeign(req, hubUrl);
  const type = (req.headers["content-type"] ?? "").split(";")[0]?.trim();
  if (type !== "application/x-www-form-urlencoded") {
    throw new PageError(415, "Send this form as a browser does (urlencoded).");
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > FORM_LIMIT) throw new PageError(413, "Shorten the text: it is over one megabyte.");
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString("utf8"));
}

/**
 * Forms act as the signed-in person, so only these pages may post them: the Origin that every browser
 * sends with a form must be the address asked, and that address a number, localhost or the hub's own
 * (a foreign name pointed at this machine is refused).
 */
function refuseForeign(req: IncomingMessage, hubUrl: string): void {
  const host = req.headers.host ?? "";
  const origin = URL.parse(req.headers.origin ?? "");
  const site = req.headers["sec-fetch-site"];
  const foreign = origin === null || origin.host !== host;
  if (foreign || !isOwnHost(host, hubUrl) || (site !== undefined && site !== "same-origin")) {
    throw new PageError(403, "Post forms from these pages only: this one came from another site.");
  }
}

function isOwnHost(host: string, hubUrl: string): boolean {
  const name = URL.parse(`http://${host}`)?.hostname ?? "";
  const local = name === "localhost" || name.endsWith(".localhost");
  const numeric = /^[\d.]+$/.test(name) || name.startsWith("[");
  return local || numeric || name === new URL(hubUrl).hostname;
}

function readCookies(header: string): ReadonlyMap<string, string> {
  const pairs = header.split(";").map((part) => part.trim().split("="));
  return new Map(pairs.map(([name = "", value = ""]) => [name, decoded(value) ?? ""]));
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
