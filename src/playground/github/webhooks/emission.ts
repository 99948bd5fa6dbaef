import type { Account, Installation, Repository } from "../store/records.ts";

/** Something happened that webhooks hear of. */
export interface Emission {
  /** Name of the event, as "issue_comment". */
  event: string;
  action?: string;
  sender: Account;
  /** The event's own fields; repository, sender, organization and installation are added. */
  payload: Readonly<Record<string, unknown>>;
  repo?: Repository;
  /** Only this app hears it (buttons of its check runs, its own installation). */
  onlyAppId?: number;
  /** The installation concerned, for events without a repository. */
  installation?: Installation;
}
