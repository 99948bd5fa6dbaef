/** Ways to make git run a program that were planted by whoever could write a clone. */

export interface Vector {
  readonly name: string;
  /** Run by the agent in its clone; `$TRIP` is a program that leaves a trace. */
  readonly plant: string;
  /** What an unguarded orchestrator would run there afterwards; `$SINK` is an HTTP server that wants a password. */
  readonly unguarded: string;
}

const CHANGE = "echo changed >> file.txt; echo new > new.txt;";

export const VECTORS: readonly Vector[] = [
  {
    name: "core.fsmonitor",
    plant: `git config core.fsmonitor "$TRIP"; ${CHANGE}`,
    unguarded: "git status",
  },
  {
    name: "core.hooksPath",
    plant: `mkdir evil; cp "$TRIP" evil/pre-commit; git config core.hooksPath "$PWD/evil"; ${CHANGE}`,
    unguarded: "git add -A && git commit -m x",
  },
  {
    name: "hooks/pre-commit",
    plant: `mkdir -p .git/hooks; cp "$TRIP" .git/hooks/pre-commit; ${CHANGE}`,
    unguarded: "git add -A && git commit -m x",
  },
  {
    name: "hooks/pre-push",
    plant: `mkdir -p .git/hooks; cp "$TRIP" .git/hooks/pre-push; ${CHANGE}`,
    unguarded: 'git push "$REMOTE" HEAD:refs/heads/stolen',
  },
  {
    name: "hooks/post-checkout",
    plant: `mkdir -p .git/hooks; cp "$TRIP" .git/hooks/post-checkout; ${CHANGE}`,
    unguarded: "git checkout -b other",
  },
  {
    name: "filter clean",
    plant: `git config filter.x.clean "$TRIP"; echo '* filter=x' > .gitattributes; ${CHANGE}`,
    unguarded: "git add -A",
  },
  {
    name: "filter smudge",
    plant: `git config filter.x.smudge "$TRIP"; echo '* filter=x' > .gitattributes; rm file.txt; echo new > new.txt`,
    unguarded: "git checkout -- file.txt",
  },
  {
    name: "info/attributes",
    plant: `mkdir -p .git/info; echo '* filter=x' > .git/info/attributes; git config filter.x.clean "$TRIP"; ${CHANGE}`,
    unguarded: "git add -A",
  },
  {
    name: "merge driver",
    plant: `git config merge.x.driver "$TRIP"; echo 'file.txt merge=x' > .gitattributes; git checkout -q -b theirs; echo a > file.txt; git add -A; git commit -qm a; git checkout -q -b ours HEAD~1; echo 'file.txt merge=x' > .gitattributes; echo b > file.txt; git add -A; git commit -qm b`,
    unguarded: "git merge theirs",
  },
  {
    name: "diff.external",
    plant: `git config diff.external "$TRIP"; ${CHANGE}`,
    unguarded: "git diff",
  },
  {
    name: "diff textconv",
    plant: `git config diff.x.textconv "$TRIP"; echo '*.txt diff=x' > .gitattributes; ${CHANGE}`,
    unguarded: "git diff",
  },
  {
    name: "gpg.program",
    plant: `git config gpg.program "$TRIP"; git config commit.gpgSign true; git config user.signingKey x; ${CHANGE}`,
    unguarded: "git add -A && git commit -m x",
  },
  {
    name: "core.sshCommand",
    plant: `git config core.sshCommand "$TRIP"; git config url.ssh://nowhere.invalid/.insteadOf "$REMOTE_ROOT/"; ${CHANGE}`,
    unguarded: 'git fetch "$REMOTE"',
  },
  {
    name: "credential.helper",
    plant: `git config credential.helper "!$TRIP"; ${CHANGE}`,
    unguarded: 'git fetch "$SINK/x.git"',
  },
  {
    name: "core.askPass",
    plant: `git config core.askPass "$TRIP"; ${CHANGE}`,
    unguarded: 'git fetch "$SINK/x.git"',
  },
  {
    name: "url insteadOf",
    plant: `git config protocol.ext.allow always; git config "url.ext::$TRIP .insteadOf" "$REMOTE_ROOT/"; ${CHANGE}`,
    unguarded: 'git fetch "$REMOTE"',
  },
  {
    name: "include.path",
    plant: `printf '[core]\\n\\tfsmonitor = %s\\n' "$TRIP" > included; git config include.path "$PWD/included"; ${CHANGE}`,
    unguarded: "git status",
  },
  {
    name: "embedded bare repository",
    plant: `mkdir docs; git init -q --bare docs/kit; printf '[core]\\n\\tbare = false\\n\\tworktree = ..\\n\\tfsmonitor = %s\\n' "$TRIP" >> docs/kit/config; ${CHANGE}`,
    unguarded: "cd docs/kit && git status",
  },
];
