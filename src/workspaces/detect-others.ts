import type { RepoCommand } from "../domain/gate/evidence.ts";
import { contains, detected, outermost, type RepoTree } from "./repo-tree.ts";

export async function detectCargo(tree: RepoTree): Promise<RepoCommand[]> {
  const commands: RepoCommand[] = [];
  for (const dir of outermost(tree.foldersWith("Cargo.toml"))) {
    if (await hasCrates(tree, dir)) commands.push(detected("setup", "cargo fetch", dir));
    commands.push(
      detected("build", "cargo build --workspace --all-targets", dir),
      detected("test", "cargo test --workspace", dir),
    );
  }
  return commands;
}

/** The lock file names crates from outside, or without a lock file a manifest has dependencies. */
async function hasCrates(tree: RepoTree, dir: string): Promise<boolean> {
  const lock = await tree.read(dir, "Cargo.lock");
  if (lock !== undefined) return lock.includes('source = "');
  const manifests = tree.foldersWith("Cargo.toml").filter((each) => contains(dir, each));
  const texts = await Promise.all(manifests.map((each) => tree.read(each, "Cargo.toml")));
  return texts.some((text) => /^\[[^\]]*dependencies[^\]]*\]\s*\n\s*[^\s[#]/m.test(text ?? ""));
}

export async function detectMaven(tree: RepoTree): Promise<RepoCommand[]> {
  return outermost(tree.foldersWith("pom.xml")).flatMap((dir) => [
    detected("build", "mvn -B -ntp test-compile", dir),
    detected("test", "mvn -B -ntp test", dir),
  ]);
}

export async function detectGradle(tree: RepoTree): Promise<RepoCommand[]> {
  const markers = ["settings.gradle", "settings.gradle.kts", "build.gradle", "build.gradle.kts"];
  const dirs = [...new Set(markers.flatMap((marker) => tree.foldersWith(marker)))];
  return outermost(dirs).flatMap((dir) => {
    const gradle = tree.has(dir, "gradlew") ? "./gradlew" : "gradle";
    return [
      detected("build", `${gradle} --no-daemon testClasses`, dir),
      detected("test", `${gradle} --no-daemon test`, dir),
    ];
  });
}

/** The targets `build`, `lint` and `test` of a Makefile at the root. */
export async function detectMake(tree: RepoTree): Promise<RepoCommand[]> {
  for (const name of ["GNUmakefile", "makefile", "Makefile"]) {
    const text = await tree.read(".", name);
    if (text === undefined) continue;
    return (["build", "lint", "test"] as const)
      .filter((kind) => new RegExp(`^${kind}\\s*:(?!=)`, "m").test(text))
      .map((kind) => detected(kind, `make ${kind}`, "."));
  }
  return [];
}
