const MAX_BODY_BYTES = 16 * 1024;

/** A failure that the client is told about: its status, a code for programs and a sentence for people. */
export class HttpError extends Error {
  details = {};

  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }

  /** Adds fields to the `error` that the client gets. */
  with(details) {
    this.details = details;
    return this;
  }
}

export function sendJson(response, status, body) {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(text),
  });
  response.end(text);
}

/** Answers with an `HttpError` as it stands; anything else is our own fault and tells the client nothing. */
export function sendError(response, error) {
  if (error instanceof HttpError) {
    const { status, code, message, details } = error;
    sendJson(response, status, { error: { code, message, ...details } });
    return;
  }
  console.error(error);
  sendJson(response, 500, { error: { code: "internal", message: "Something went wrong here." } });
}

/** The JSON a client sent, of at most 16 KiB. Throws an `HttpError` for anything else. */
export async function readJson(request) {
  const type = request.headers["content-type"] ?? "";
  if (type.split(";")[0].trim().toLowerCase() !== "application/json") {
    throw new HttpError(415, "unsupported_media_type", "Send application/json.");
  }
  const bytes = await readBytes(request);
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new HttpError(400, "malformed_json", "The body is not valid JSON.");
  }
}

async function readBytes(request) {
  const chunks = [];
  let size = 0;
  // Ending the loop early must not close the connection: the client is still to be told why.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) {
      throw new HttpError(413, "body_too_large", `Send at most ${MAX_BODY_BYTES} bytes.`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
