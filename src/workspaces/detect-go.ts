import type { RepoCommand } from "../domain/gate/evidence.ts";
import { detected, type RepoTree } from "./repo-tree.ts";

/** Every Go module on its own: `./...` never crosses into another module, with or without a workspace file. */
export async function detectGo(tree: RepoTree): Promise<RepoCommand[]> {
  const commands: RepoCommand[] = [];
  for (const dir of tree.foldersWith("go.mod")) {
    const text = (await tree.read(dir, "go.mod")) ?? "";
    const hasDependencies = /^\s*require\b/m.test(text);
    if (hasDependencies && !tree.has(dir, "vendor/modules.txt")) {
      commands.push(detected("setup", "go mod download", dir));
    }
    commands.push(
      detected("build", "go build ./...", dir),
      detected("lint", "go vet ./...", dir),
      detected("test", "go test -v ./...", dir),
    );
  }
  return commands;
}
