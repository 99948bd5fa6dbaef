const ENDINGS = [
  "",
  ".ts",
  ".tsx",
  ".js",
  ".jsx",
  ".mjs",
  ".cjs",
  ".mts",
  ".cts",
  ".json",
  ".vue",
  ".svelte",
];
const MAX_TEXT = 262_144;

/**
 * What a test file refers to that is not in the tree: relative imports of JavaScript, TypeScript and Python that lead
 * nowhere, and a Go test beside no production code that imports none of the module's packages. A test of nothing is
 * refused before it is counted. `files` are all files at the commit.
 */
export function missingTargets(path: string, text: string, files: ReadonlySet<string>): string[] {
  const code = text.slice(0, MAX_TEXT);
  if (/\.[cm]?[jt]sx?$/.test(path)) return missingScripts(path, code, files);
  if (path.endsWith(".py")) return missingPython(path, code, files);
  return path.endsWith("_test.go") ? missingGo(path, code, files) : [];
}

function missingScripts(path: string, code: string, files: ReadonlySet<string>): string[] {
  const found = code.matchAll(
    /(?:\bfrom|\bimport|\brequire|\bmock)\s*\(?\s*["'](\.{1,2}\/[^"'\n]{1,300})["']/g,
  );
  const targets = [...new Set([...found].map((match) => match[1] ?? ""))];
  return targets.filter((target) => {
    const full = resolve(path, target);
    if (full === undefined) return true;
    const bare = full.replace(/\.[cm]?js$/, "");
    return ![full, bare].some((base) =>
      ENDINGS.some(
        (ending) => files.has(`${base}${ending}`) || files.has(`${base}/index${ending}`),
      ),
    );
  });
}

function missingPython(path: string, code: string, files: ReadonlySet<string>): string[] {
  const found = code.matchAll(/^\s*from (\.+)([\w.]*) import /gm);
  return [...found].flatMap(([whole, dots = ".", module = ""]) => {
    const up = "../".repeat(dots.length - 1) || "./";
    const full = resolve(path, `${up}${module.replaceAll(".", "/")}`);
    const there =
      full !== undefined &&
      (module === "" ||
        files.has(`${full}.py`) ||
        files.has(`${full}/__init__.py`) ||
        isFolder(full, files));
    return there ? [] : [whole.trim()];
  });
}

function missingGo(path: string, code: string, files: ReadonlySet<string>): string[] {
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  for (const file of files)
    if (file.startsWith(folder) && isProductionGo(file) && !file.slice(folder.length).includes("/"))
      return [];
  const imports = [...code.matchAll(/"([\w./-]+\/[\w./-]+)"/g)].map((match) => match[1] ?? "");
  const own = imports.some((name) => suffixes(name).some((part) => hasGo(part, files)));
  return own ? [] : [`production code in ${folder === "" ? "the root" : folder}`];
}

function suffixes(name: string): string[] {
  const parts = name.split("/");
  return parts.map((_, index) => parts.slice(index).join("/"));
}

function hasGo(folder: string, files: ReadonlySet<string>): boolean {
  for (const file of files) if (file.startsWith(`${folder}/`) && isProductionGo(file)) return true;
  return false;
}

function isProductionGo(file: string): boolean {
  return file.endsWith(".go") && !file.endsWith("_test.go");
}

function isFolder(path: string, files: ReadonlySet<string>): boolean {
  for (const file of files) if (file.startsWith(`${path}/`)) return true;
  return false;
}

/** `target` seen from the folder of `path`; undefined when it leaves the repository. */
function resolve(path: string, target: string): string | undefined {
  const parts = path.split("/").slice(0, -1);
  for (const step of target.split("/")) {
    if (step === "" || step === ".") continue;
    if (step !== "..") parts.push(step);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join("/");
}
