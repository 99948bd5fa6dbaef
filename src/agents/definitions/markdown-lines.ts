/** A line of Markdown outside code fences; `number` counts from 1 within the file. */
export interface TextLine {
  readonly number: number;
  readonly text: string;
}

/** A table row with the names of its columns, lower case. */
export interface TableRow {
  readonly line: number;
  readonly heading: string;
  readonly columns: readonly string[];
  readonly cells: readonly string[];
}

/** The lines that are not inside a code fence. `firstLine` is the number of the body's first line in its file. */
export function textLines(body: string, firstLine: number): TextLine[] {
  const lines: TextLine[] = [];
  let fence: string | undefined;
  body.split("\n").forEach((text, index) => {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(text)?.[1];
    if (fence !== undefined) {
      if (mark?.startsWith(fence)) fence = undefined;
    } else if (mark === undefined) lines.push({ number: firstLine + index, text });
    else fence = mark;
  });
  return lines;
}

/** The rows of every table in the lines, each with the heading it stands under. */
export function tableRows(lines: readonly TextLine[]): TableRow[] {
  const rows: TableRow[] = [];
  let heading = "";
  let columns: string[] | undefined;
  lines.forEach((line, index) => {
    const title = /^#{1,6}\s+(.*)$/.exec(line.text)?.[1];
    if (title !== undefined) heading = title.trim();
    if (!line.text.trim().startsWith("|")) {
      columns = undefined;
      return;
    }
    if (columns === undefined) {
      const next = lines[index + 1];
      const isHeader = next !== undefined && /^\s*\|?[\s:|-]*-[\s:|-]*$/.test(next.text);
      columns = isHeader ? splitRow(line.text).map((cell) => plain(cell).toLowerCase()) : [];
      if (isHeader) return;
    }
    if (/^[\s:|-]+$/.test(line.text)) return;
    rows.push({ line: line.number, heading, columns, cells: splitRow(line.text) });
  });
  return rows;
}

/** A cell without emphasis and code marks. */
export function plain(cell: string): string {
  return cell.replace(/[`*]/g, "").trim();
}

function splitRow(line: string): string[] {
  const inner = line.trim().replace(/^\|/, "").replace(/\|$/, "");
  return inner.split(/(?<!\\)\|/).map((cell) => cell.replaceAll("\\|", "|").trim());
}
