/** Global ids: a kind and a number, opaque to clients (GraphQL reads them back). */
export type NodeKind =
  | "U"
  | "BOT"
  | "O"
  | "A"
  | "MDI"
  | "R"
  | "I"
  | "PR"
  | "IC"
  | "REA"
  | "LA"
  | "PRR"
  | "PRRC"
  | "PRRT"
  | "CS"
  | "CR"
  | "SC"
  | "IE";

export function nodeId(kind: NodeKind, id: number): string {
  return `${kind}_${Buffer.from(String(id)).toString("base64url")}`;
}

export function gitNodeId(
  kind: "C" | "T" | "B" | "REF" | "TAG",
  repoId: number,
  name: string,
): string {
  return `${kind}_${Buffer.from(`${repoId}:${name}`).toString("base64url")}`;
}

/** Kind and number of a global id; undefined when it is none of ours. */
export function readNodeId(text: string): { kind: NodeKind; id: number } | undefined {
  const match = /^([A-Z]+)_([\w-]+)$/.exec(text);
  const id = Number(Buffer.from(match?.[2] ?? "", "base64url").toString());
  return match?.[1] !== undefined && Number.isSafeInteger(id) && id > 0
    ? { kind: match[1] as NodeKind, id }
    : undefined;
}
