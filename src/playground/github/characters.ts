/** Length as GitHub's limits and JSON Schema's `maxLength` count it: an emoji is one character, not two. */
export function characters(text: string): number {
  return Array.from(text).length;
}
