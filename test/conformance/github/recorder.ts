import { type Operation, official } from "./official/document.ts";
import { pathOf } from "./official/routes.ts";

/** A request of somebody to an operation. */
export interface Asked {
  readonly operation: Operation;
  readonly as: string;
  /** Values of the path's parameters. */
  readonly values: Values;
  readonly query: URLSearchParams;
  /** undefined: no body. */
  readonly json: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

/** One request and what came back. */
export interface Exchange extends Asked {
  readonly status: number;
  /** Of the answer. */
  readonly told: Headers;
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
    const token = this.tokens[as]?.();
    const asked = { operation, as, ...placed(operation, values) };
    const headers = {
      accept: "application/vnd.github+json",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(asked.json === undefined ? {} : { "content-type": "application/json" }),
      ...options.headers,
    };
    const exchange = await this.send({ ...asked, headers });
    const { status, body } = exchange;
    const { expect = status < 300 ? status : "2xx" } = options;
    if (expect === "any" || expect === status) return exchange;
    const sent = JSON.stringify(values);
    throw new Error(`${what} ${sent}: ${status} instead of ${expect}: ${JSON.stringify(body)}`);
  }

  async send(asked: Asked): Promise<Exchange> {
    const { operation, values, query, json, headers } = asked;
    const path = pathOf(operation, values) + (query.size === 0 ? "" : `?${query.toString()}`);
    const response = await fetch(this.#url + path, {
      method: operation.method,
      redirect: "manual",
      headers,
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    });
    const exchange = await exchangeOf(response, asked);
    this.exchanges.push(exchange);
    return exchange;
  }
}

function placed(operation: Operation, given: Values): Pick<Asked, "values" | "query" | "json"> {
  const query = new URLSearchParams();
  const values: Record<string, unknown> = {};
  const body: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    const parameter = operation.parameters.find((p) => p.name === name);
    if (parameter?.in === "query") query.set(name, String(value));
    else if (parameter?.in === "path") values[name] = value;
    else body[name] = value;
  }
  return { values, query, json: Object.keys(body).length === 0 ? undefined : body };
}

async function exchangeOf(response: Response, asked: Asked): Promise<Exchange> {
  const { status, headers: told } = response;
  const text = await response.text();
  const contentType = text === "" ? undefined : (told.get("content-type") ?? "");
  const isJson = contentType !== undefined && /\bjson\b/.test(contentType);
  const body = text === "" ? undefined : isJson ? (JSON.parse(text) as unknown) : text;
  return { ...asked, status, told, contentType, body };
}
