import type { RepoCommand } from "../domain/gate/evidence.ts";
import { detectGo } from "./detect-go.ts";
import { detectNode } from "./detect-node.ts";
import { detectCargo, detectGradle, detectMake, detectMaven } from "./detect-others.ts";
import { detectPython } from "./detect-python.ts";
import { createTree, type ReadFile } from "./repo-tree.ts";

/** Setup first, then builds, then lint, then tests: each kind for all modules before the next kind. */
const ORDER: readonly RepoCommand["kind"][] = ["setup", "build", "lint", "test"];

/**
 * The build and test commands that a repository's files give away, for each module in its own folder. Make is asked
 * only when no other tool is recognised. Empty when nothing is recognised.
 */
export async function detectCommands(
  files: readonly string[],
  read: ReadFile,
): Promise<RepoCommand[]> {
  const tree = createTree(files, read);
  const found = (
    await Promise.all(
      [detectGo, detectNode, detectPython, detectCargo, detectMaven, detectGradle].map((detect) =>
        detect(tree),
      ),
    )
  ).flat();
  const commands = found.length > 0 ? found : await detectMake(tree);
  return ORDER.flatMap((kind) => commands.filter((command) => command.kind === kind));
}
