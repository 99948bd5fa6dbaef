import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The sample service's files by path: what the demo's repository begins with. */
export async function sampleFiles(
  name: "sample" | "sample-go" | "sample-service-go" = "sample",
): Promise<Record<string, string>> {
  const root = fileURLToPath(new URL(`./${name}/`, import.meta.url));
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files: Record<string, string> = {};
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files[path.slice(root.length)] = await readFile(path, "utf8");
  }
  return files;
}
