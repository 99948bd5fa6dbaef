import type { GatewayRoute, Trigger } from "../../domain/skill/definition.ts";
import { plain, type TableRow, type TextLine, tableRows, textLines } from "./markdown-lines.ts";

const MAX_ROUTES = 500;
const SKILL_PATH = /(?:[\w.@-]+\/)+SKILL\.md/i;

/**
 * Reads the routes of a gateway from its Markdown. Tables are read by the names of their columns (`Skill | Path |
 * Triggers | Mandatory for` in any order); other tables and lists of paths give routes whose trigger is the skill's
 * folder name. Rows under a heading that says mandatory, or always, are mandatory for everyone. At most 500 routes.
 */
export function readRoutes(gateway: string, body: string, firstLine: number): GatewayRoute[] {
  const lines = textLines(body, firstLine);
  const rows = tableRows(lines);
  const inTables = new Set(rows.map((row) => row.line));
  const routes = [
    ...rows.flatMap((row) => rowRoute(gateway, row)),
    ...proseRoutes(
      gateway,
      lines.filter((line) => !inTables.has(line.number)),
    ),
  ];
  const seen = new Set<string>();
  return routes
    .toSorted((a, b) => a.line - b.line)
    .filter((route) => !seen.has(route.path) && seen.add(route.path))
    .slice(0, MAX_ROUTES);
}

function rowRoute(gateway: string, row: TableRow): GatewayRoute[] {
  const path =
    pathOf(cell(row, /^(path|file|location)/) ?? "") ?? row.cells.map(pathOf).find(Boolean);
  if (path === undefined) return [];
  const skill = plain(cell(row, /^(skill|name|library skill)/) ?? "");
  const name = skill && !SKILL_PATH.test(skill) && /^[\w.-]+$/.test(skill) ? skill : folderOf(path);
  const triggers = cell(row, /(trigger|keyword)/);
  const mandatory = cell(row, /(mandatory|required)/);
  return [
    {
      gateway,
      skill: name,
      path,
      triggers: triggers === undefined ? impliedTriggers(path) : readTriggers(triggers),
      mandatoryFor: mandatory === undefined ? byHeading(row.heading) : readRoles(mandatory),
      line: row.line,
    },
  ];
}

function cell(row: TableRow, column: RegExp): string | undefined {
  const index = row.columns.findIndex((name) => column.test(name));
  return index === -1 ? undefined : row.cells[index];
}

function proseRoutes(gateway: string, lines: readonly TextLine[]): GatewayRoute[] {
  const routes: GatewayRoute[] = [];
  let heading = "";
  for (const line of lines) {
    const title = /^#{1,6}\s+(.*)$/.exec(line.text)?.[1];
    if (title !== undefined) heading = title;
    for (const match of line.text.matchAll(new RegExp(SKILL_PATH, "gi"))) {
      const path = match[0];
      if (isPlaceholder(path)) continue;
      const mandatoryFor = byHeading(heading);
      routes.push({
        gateway,
        skill: folderOf(path),
        path,
        triggers: impliedTriggers(path),
        mandatoryFor,
        line: line.number,
      });
    }
  }
  return routes;
}

function pathOf(text: string): string | undefined {
  const path = SKILL_PATH.exec(text)?.[0];
  return path === undefined || isPlaceholder(path) ? undefined : path;
}

/** Paths that show the form instead of naming a file. */
function isPlaceholder(path: string): boolean {
  return path.includes("path/from/gateway") || path.includes("...");
}

function folderOf(path: string): string {
  return path.split("/").at(-2) ?? path;
}

function impliedTriggers(path: string): Trigger[] {
  return [{ kind: "words", words: folderOf(path).replace(/[-_.]+/g, " ") }];
}

/** Triggers of a table's cell: words, `path:<glob>` or `label:<name>`, separated by commas outside braces. */
function readTriggers(text: string): Trigger[] {
  return text
    .split(/,(?![^{]*\})/)
    .map((part) => part.trim().replace(/^[`"'“”]+|[`"'“”]+$/g, ""))
    .filter((part) => part !== "" && part !== "-" && part !== "—")
    .map(readTrigger);
}

function readTrigger(text: string): Trigger {
  const [, kind, value = ""] = /^(path|label)\s*:\s*(.+)$/i.exec(text) ?? [];
  if (kind?.toLowerCase() === "path") return { kind: "path", glob: value };
  if (kind?.toLowerCase() === "label") return { kind: "label", label: value };
  return { kind: "words", words: text };
}

function readRoles(text: string): string[] {
  return plain(text)
    .split(/[,;]/)
    .map((role) => role.trim().toLowerCase())
    .filter((role) => role !== "" && role !== "-" && role !== "—" && role !== "none");
}

function byHeading(heading: string): string[] {
  return /\b(mandatory|always)\b/i.test(heading) ? ["*"] : [];
}
