import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Html } from "./html.ts";

export type Reply =
  | { kind: "page"; status: number; html: Html }
  | { kind: "redirect"; to: string; cookie?: string }
  | {
      kind: "file";
      type: string;
      body: Buffer;
      /** Seconds that a browser may keep it; 0 = ask each time. */
      maxAge: number;
    };

/**
 * Scripts come from this address only and never stand in a page. Styles may stand in a page because
 * Mermaid draws with them; the Markdown sanitiser lets none through.
 */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Repository files are other people's: they may not run, embed or fetch anything. */
const FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

export function page(html: Html, status = 200): Reply {
  return { kind: "page", status, html };
}

export function redirect(to: string): Reply {
  return { kind: "redirect", to };
}

export function send(req: IncomingMessage, res: ServerResponse, reply: Reply): void {
  res.setHeader("x-content-type-options", "nosniff");
  res.setHeader("referrer-policy", "same-origin");
  if (reply.kind === "redirect") {
    if (reply.cookie !== undefined) res.setHeader("set-cookie", reply.cookie);
    res.writeHead(303, { location: reply.to, "cache-control": "no-store" }).end();
    return;
  }
  const isPage = reply.kind === "page";
  const body = isPage ? Buffer.from(`<!doctype html>\n${reply.html.text}\n`) : reply.body;
  const tag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 24)}"`;
  res.setHeader("etag", tag);
  res.setHeader("content-security-policy", isPage ? PAGE_POLICY : FILE_POLICY);
  res.setHeader(
    "cache-control",
    isPage || reply.maxAge === 0 ? "private, no-cache" : `max-age=${reply.maxAge}`,
  );
  if (req.headers["if-none-match"] === tag) {
    res.writeHead(304).end();
    return;
  }
  res.setHeader("content-type", isPage ? "text/html; charset=utf-8" : reply.type);
  res.setHeader("content-length", body.length);
  res.writeHead(isPage ? reply.status : 200);
  res.end(req.method === "HEAD" ? undefined : body);
}
