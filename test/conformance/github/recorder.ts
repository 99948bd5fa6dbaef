import { type Operation, official } from "./official/document.ts";
import { pathOf } from "./official/routes.ts";

/** One request and what came back. */
export interface Exchange {
  readonly operation: Operation;
  readonly as: string;
  /** With query. */
  readonly path: string;
  readonly status: number;
  readonly headers: Headers;
  /** What was asked for. */
  readonly accept: string;
  /** undefined: there was no body. */
  readonly contentType: string | undefined;
  readonly body: unknown;
}

export interface CallOptions {
  /** Default: any 2xx. */
  readonly expect?: number | "any";
  readonly headers?: Readonly<Record<string, string>>;
}

export type Values = Readonly<Record<string, unknown>>;

/** Calls operations by their official id over HTTP and keeps what was answered. */
export class Recorder {
  readonly exchanges: Exchange[] = [];
  /** Of each caller; one who is not here calls without a token. */
  readonly tokens: Record<string, () => string> = {};
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /**
   * `what` is "<caller> <operation>". Sends values to where the description puts them: path, query, else body. Throws on
   * an unexpected status.
   */
  async call(what: string, values: Values = {}, options: CallOptions = {}): Promise<Exchange> {
    const [as = "", id = ""] = what.split(" ");
    const operation = official().operations.get(id);
    if (operation === undefined) throw new Error(`Call ${id}: GitHub has no such operation.`);
    const { path, json } = placed(operation, values);
    const token = this.tokens[as]?.();
    const accept = options.headers?.["accept"] ?? "application/vnd.github+json";
    const response = await fetch(this.#url + path, {
      method: operation.method,
      redirect: "manual",
      headers: {
        accept,
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(json === undefined ? {} : { "content-type": "application/json" }),
        ...options.headers,
      },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    });
    const exchange = await exchangeOf(response, { operation, as, path, accept });
    this.exchanges.push(exchange);
    const { status, body } = exchange;
    const { expect = status < 300 ? status : "2xx" } = options;
    if (expect === "any" || expect === status) return exchange;
    throw new Error(`${what} ${path}: ${status} instead of ${expect}: ${JSON.stringify(body)}`);
  }
}

function placed(operation: Operation, values: Values): { path: string; json: unknown } {
  const query = new URLSearchParams();
  const body: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values)) {
    const parameter = operation.parameters.find((p) => p.name === name);
    if (parameter?.in === "query") query.set(name, String(value));
    else if (parameter?.in !== "path") body[name] = value;
  }
  const path = pathOf(operation, values) + (query.size === 0 ? "" : `?${query.toString()}`);
  const json = Object.keys(body).length === 0 ? undefined : body;
  return { path, json };
}

async function exchangeOf(
  response: Response,
  what: Pick<Exchange, "operation" | "as" | "path" | "accept">,
): Promise<Exchange> {
  const { status, headers } = response;
  const text = await response.text();
  const contentType = text === "" ? undefined : (headers.get("content-type") ?? "");
  const isJson = contentType !== undefined && /\bjson\b/.test(contentType);
  const body = text === "" ? undefined : isJson ? (JSON.parse(text) as unknown) : text;
  return { ...what, status, headers, contentType, body };
}
