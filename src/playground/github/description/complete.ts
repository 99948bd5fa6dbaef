/** A required field that the hub has no truth for and filled from GitHub's description. */
export interface InventedField {
  /** Operation id ("issues/get") or webhook ("issue_comment.created"). */
  where: string;
  /** Dotted path in the reply; "[]" for any element of a list. */
  field: string;
}
