import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { tool } from "ai";
import { z } from "zod";
import { inside, shown } from "./paths.ts";

export function writeTool(root: string) {
  return tool({
    description:
      "Create a file or replace its whole content. Missing directories are made. Prefer edit for a small change.",
    inputSchema: z.object({ path: z.string(), content: z.string() }),
    execute: ({ path, content }) => write(root, path, content),
  });
}

export function editTool(root: string) {
  return tool({
    description:
      "Replace an exact piece of text in a file. old_text must occur exactly once, whitespace included, unless " +
      "replace_all is set. Read the file first.",
    inputSchema: z.object({
      path: z.string(),
      old_text: z.string().min(1),
      new_text: z.string(),
      replace_all: z.boolean().default(false),
    }),
    execute: (edit) => replace(root, edit),
  });
}

async function write(root: string, path: string, content: string): Promise<string> {
  const real = await inside(root, path);
  await mkdir(dirname(real), { recursive: true });
  await writeFile(real, content);
  return `Wrote ${await shown(root, real)} (${content.split("\n").length - 1} lines).`;
}

async function replace(
  root: string,
  edit: { path: string; old_text: string; new_text: string; replace_all: boolean },
): Promise<string> {
  const real = await inside(root, edit.path);
  const before = await readFile(real, "utf8");
  const count = before.split(edit.old_text).length - 1;
  if (count === 0) throw new Error(`old_text does not occur in ${edit.path}; read the file again.`);
  if (count > 1 && !edit.replace_all) {
    throw new Error(
      `old_text occurs ${count} times in ${edit.path}; give more of its surroundings.`,
    );
  }
  await writeFile(real, before.split(edit.old_text).join(edit.new_text));
  return `Replaced ${count} ${count === 1 ? "place" : "places"} in ${await shown(root, real)}.`;
}
