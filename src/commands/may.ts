import { type CommandKind, rowOf } from "../domain/command/command.ts";
import { type Authorisation, authorise } from "../domain/command/permission.ts";
import type { RepoRef } from "../domain/ids.ts";
import type { Account } from "./event.ts";
import type { CommandPorts } from "./handle.ts";

/**
 * Whether a person may do what they did without writing a command: GitHub is asked at this moment, and it needs what
 * the command `as` needs. A refusal calls it `action`.
 */
export async function may(
  { github }: { readonly github: Pick<CommandPorts["github"], "permissionOf"> },
  { repo, sender }: { readonly repo: RepoRef; readonly sender: Account },
  act: { readonly as: CommandKind; readonly action: string },
): Promise<Authorisation> {
  const { login } = sender;
  return authorise({
    login,
    permission: await github.permissionOf(repo, login),
    required: rowOf(act.as).required,
    action: act.action,
  });
}
