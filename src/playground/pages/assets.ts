import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Reply } from "./reply.ts";

const FOLDER = new URL("./assets/", import.meta.url);
const FILES: Readonly<Record<string, { type: string; parts: readonly string[] }>> = {
  "pages.css": {
    type: "text/css; charset=utf-8",
    parts: [
      "colours.css",
      "frame.css",
      "boxes.css",
      "controls.css",
      "marks.css",
      "markdown.css",
      "posts.css",
      "reviews.css",
      "code.css",
    ],
  },
  "icon.svg": { type: "image/svg+xml", parts: ["icon.svg"] },
  "page.js": { type: "text/javascript; charset=utf-8", parts: ["page.js"] },
  "diagrams.js": { type: "text/javascript; charset=utf-8", parts: ["diagrams.js"] },
};

/** A file of `/_assets/`, read anew each time so that an edit shows on reload; undefined = no such file. */
export async function asset(name: string): Promise<Reply | undefined> {
  if (name === "mermaid.js") {
    const path = fileURLToPath(import.meta.resolve("mermaid/dist/mermaid.min.js"));
    const type = "text/javascript; charset=utf-8";
    return { kind: "file", type, body: await readFile(path), maxAge: 86_400 };
  }
  const file = Object.hasOwn(FILES, name) ? FILES[name] : undefined;
  if (file === undefined) return undefined;
  const parts = await Promise.all(file.parts.map((part) => readFile(new URL(part, FOLDER))));
  return { kind: "file", type: file.type, body: Buffer.concat(parts), maxAge: 0 };
}
