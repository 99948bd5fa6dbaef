/** Ways to make git run a program that were planted by whoever could write a clone. */

export interface Vector {
  /** The attack case it belongs to. */
  readonly id: string;
  readonly name: string;
  /** Run by the agent in its clone; `$TRIP` is a program that leaves a trace. */
  readonly plant: string;
  /** What an unguarded orchestrator would run there afterwards; `$SINK` is an HTTP server that wants a password. */
  readonly unguarded: string;
}

const CHANGE = "echo changed >> file.txt; echo new > new.txt;";

export const VECTORS: readonly Vector[] = [
  {
    id: "G-01",
    name: "core.fsmonitor",
    plant: `git config core.fsmonitor "$TRIP"; ${CHANGE}`,
    unguarded: "git status",
  },
  {
    id: "G-02",
    name: "core.hooksPath",
    plant: `mkdir evil; cp "$TRIP" evil/pre-commit; git config core.hooksPath "$PWD/evil"; ${CHANGE}`,
    unguarded: "git add -A && git commit -m x",
  },
  {
    id: "G-02",
    name: "hooks/pre-commit",
    plant: `mkdir -p .git/hooks; cp "$TRIP" .git/hooks/pre-commit; ${CHANGE}`,
    unguarded: "git add -A && git commit -m x",
  },
  {
    id: "G-02",
    name: "hooks/pre-push",
    plant: `mkdir -p .git/hooks; cp "$TRIP" .git/hooks/pre-push; ${CHANGE}`,
    unguarded: 'git push "$REMOTE" HEAD:refs/heads/stolen',
  },
  {
    id: "G-02",
    name: "hooks/post-checkout",
    plant: `mkdir -p .git/hooks; cp "$TRIP" .git/hooks/post-checkout; ${CHANGE}`,
    unguarded: "git checkout -b other",
  },
  {
    id: "G-03",
    name: "filter clean",
    plant: `git config filter.x.clean "$TRIP"; echo '* filter=x' > .gitattributes; ${CHANGE}`,
    unguarded: "git add -A",
  },
  {
    id: "G-03",
    name: "filter smudge",
    plant: `git config filter.x.smudge "$TRIP"; echo '* filter=x' > .gitattributes; rm file.txt; echo new > new.txt`,
    unguarded: "git checkout -- file.txt",
  },
  {
    id: "G-03",
    name: "info/attributes",
    plant: `mkdir -p .git/info; echo '* filter=x' > .git/info/attributes; git config filter.x.clean "$TRIP"; ${CHANGE}`,
    unguarded: "git add -A",
  },
  {
    id: "G-03",
    name: "merge driver",
    plant: `git config merge.x.driver "$TRIP"; echo 'file.txt merge=x' > .gitattributes; git checkout -q -b theirs; echo a > file.txt; git add -A; git commit -qm a; git checkout -q -b ours HEAD~1; echo 'file.txt merge=x' > .gitattributes; echo b > file.txt; git add -A; git commit -qm b`,
    unguarded: "git merge theirs",
  },
  {
    id: "G-07",
    name: "diff.external",
    plant: `git config diff.external "$TRIP"; ${CHANGE}`,
    unguarded: "git diff",
  },
  {
    id: "G-07",
    name: "diff textconv",
    plant: `git config diff.x.textconv "$TRIP"; echo '*.txt diff=x' > .gitattributes; ${CHANGE}`,
    unguarded: "git diff",
  },
  {
    id: "G-07",
    name: "gpg.program",
    plant: `git config gpg.program "$TRIP"; git config commit.gpgSign true; git config user.signingKey x; ${CHANGE}`,
    unguarded: "git add -A && git commit -m x",
  },
  {
    id: "G-07",
    name: "core.sshCommand",
    plant: `git config core.sshCommand "$TRIP"; git config url.ssh://nowhere.invalid/.insteadOf "$REMOTE_ROOT/"; ${CHANGE}`,
    unguarded: 'git fetch "$REMOTE"',
  },
  {
    id: "G-07",
    name: "credential.helper",
    plant: `git config credential.helper "!$TRIP"; ${CHANGE}`,
    unguarded: 'git fetch "$SINK/x.git"',
  },
  {
    id: "G-07",
    name: "core.askPass",
    plant: `git config core.askPass "$TRIP"; ${CHANGE}`,
    unguarded: 'git fetch "$SINK/x.git"',
  },
  {
    id: "G-06",
    name: "url insteadOf",
    plant: `git config protocol.ext.allow always; git config "url.ext::$TRIP .insteadOf" "$REMOTE_ROOT/"; ${CHANGE}`,
    unguarded: 'git fetch "$REMOTE"',
  },
  {
    id: "G-01",
    name: "include.path",
    plant: `printf '[core]\\n\\tfsmonitor = %s\\n' "$TRIP" > included; git config include.path "$PWD/included"; ${CHANGE}`,
    unguarded: "git status",
  },
  {
    id: "G-04",
    name: "embedded bare repository",
    plant: `mkdir docs; git init -q --bare docs/kit; printf '[core]\\n\\tbare = false\\n\\tworktree = ..\\n\\tfsmonitor = %s\\n' "$TRIP" >> docs/kit/config; ${CHANGE}`,
    unguarded: "cd docs/kit && git status",
  },
];
