/** What a threat is met with: `<case> | <what holds> | <file below src> | <why no test is named by it>`. */
export const ATTACKS = `
W-01 | a delivery needs a signature | webhooks/signature.ts
W-02 | of our secret | webhooks/signature.ts
W-03 | by SHA-256 | webhooks/signature.ts
W-04 | exactly as GitHub writes it, compared in constant time | webhooks/signature.ts
W-05 | over the bytes as they came | webhooks/ingress.ts
W-06 | no start without a webhook secret of 32 characters | settings.ts
W-07 | bodies end at 25 MB, before they are parsed | webhooks/ingress.ts
W-08 | slow senders are closed | webhooks/ingress.ts
W-09 | a delivery is stored once | engine/deliveries.ts
W-10 | any shape is stored or refused, never a crash | webhooks/delivery.ts
W-11 | one method, one path, one content type | webhooks/ingress.ts
W-12 | nothing else is served | server.ts
W-13 | errors have constant bodies | webhooks/ingress.ts
W-14 | two secrets while one is rotated | webhooks/signature.ts
A-01 | who may not write is refused once | commands/refuse.ts
A-02 | the permission that GitHub states decides | domain/command/permission.ts
A-03 | how somebody is associated is not read | webhooks/payloads.ts
A-04 | an unknown permission authorises nothing | github/people.ts
A-05 | bots are not heard, but those of the list | commands/handle.ts
A-06 | our own words are not commands | commands/handle.ts
A-07 | a name makes nobody a bot | commands/handle.ts
A-08 | only new comments are read | webhooks/issue-comment.ts
A-09 | nobody commands in another's name | commands/handle.ts
A-10 | the permission is asked when the work begins | commands/handle.ts
A-11 | so it is for answers, ticks and approvals | commands/answer.ts
A-12 | closed, locked and archived places start nothing | commands/carry-out.ts
A-13 | a ghost commands nothing | commands/handle.ts
A-14 | a command on a pull request works on the base | workflow/begin.ts
A-15 | words about authority are words | domain/command/permission.ts
P-01 | no command in code | commands/parse.ts
P-02 | none in quotes and lists | commands/parse.ts
P-03 | none in HTML and comments | commands/parse.ts
P-04 | none inside a line | commands/parse.ts
P-05 | none in look-alikes | commands/parse.ts
P-06 | any text is parsed or refused | commands/parse.ts
P-07 | the first command counts | commands/handle.ts
P-08 | a task is data to every program | domain/branch-name.ts
P-09 | options are those of the list | domain/command/line.ts
P-10 | parsing takes 50 ms at most | commands/parse.ts
I-01 | what a page does not show enters no prompt | github/sanitize.ts
I-02 | no tag characters | domain/invisible.ts
I-03 | no other invisible characters | domain/invisible.ts
I-04 | no attributes, titles, descriptions | github/sanitize.ts
I-05 | title, body and task are fenced data | agents/brief.ts
I-06 | comments are not read | workflow/phases/brief.ts
I-07 | the text is that of the command's moment | commands/carry-out.ts
I-08 | definitions are those of the default branch | agents/definitions/repository-definitions.ts
I-09 | output is made visible; deleted tests need a person | workspaces/visible-text.ts
I-10 | findings are fenced data | agents/brief.ts
I-11 | reviews are read of writers only | commands/review.ts
I-12 | names of files are data | agents/brief.ts
I-13 | each text between fences has a random word of its own | agents/instructor.ts
I-14 | approvals are answers in the ledger | workflow/planning/approve-plan.ts
I-15 | the tools' descriptions are pinned | agents/mcp-tools.ts
I-16 | results are typed; their words plan nothing, and stand in later briefs as fenced data | domain/specialist/acceptance.ts
I-17 | homes, clones and caches end with their run | workspaces/janitor.ts
I-18 | long texts are cut with a mark | github/sanitize.ts
S-01 | the jail's environment is built from nothing | workspaces/jail-arguments.ts
S-02 | it has its own processes | workspaces/jail-arguments.ts
S-03 | tokens go to git by its environment alone | workspaces/mirror.ts
S-04 | of a home only programs are shown | workspaces/toolchains.ts
S-05 | the way out is a list of hosts and ports | agents/model-gateway/egress-route.ts
S-06 | without the proxy there is no way | workspaces/jail-arguments.ts
S-07 | no socket, no descriptor, no loopback of the host | workspaces/bubblewrap.ts
S-08 | nothing that holds a live secret is published | github/publish.ts
S-09 | nor an encoding of one | github/secret-scan.ts
S-10 | nor twelve characters of one | github/live-secrets.ts
S-11 | text of others loads and links nothing | reports/markdown.ts
S-12 | logs, rows and errors hold no secret | github/live-secrets.ts
S-13 | a token is for one repository, and revoked | github/tokens.ts
S-14 | tokens of the new form | github/tokens.ts
S-15 | one repository's jail has no other's objects | workspaces/mirror.ts
S-16 | the key stays in the gateway | agents/model-gateway/upstream.ts
G-01 | git never runs where an agent could write | workspaces/collect.ts
G-02 | no hooks | workspaces/git-environment.ts
G-03 | no filters | workspaces/git-environment.ts
G-04 | no repository found by chance | workspaces/git.ts
G-05 | no submodules | workspaces/tree-rules.ts
G-06 | pushes go to GitHub's address, redirects are not followed | workspaces/mirror.ts
G-07 | no helper programs | workspaces/git-environment.ts
G-08 | branch names are of an allow-list | domain/branch-name.ts
G-09 | links stay inside | workspaces/tree-rules.ts
G-10 | our folders are no links | workspaces/own-directory.ts
G-11 | large files are not fetched | workspaces/git-environment.ts
G-12 | only branches of runs are written | workspaces/publish-branch.ts
G-13 | workflow files are set aside | workspaces/quarantine.ts
G-14 | nothing is forced | workspaces/publish-branch.ts
G-15 | clones run nothing of the repository | workspaces/checkout.ts
G-16 | commits are by us | workspaces/commit-words.ts
G-17 | sizes and numbers are limited | workspaces/tree-rules.ts
X-01 | the jail writes what is named | workspaces/jail-arguments.ts
X-02 | and sees nothing else | workspaces/jail-arguments.ts
X-03 | processes are limited for each jail | workspaces/cgroups.ts
X-04 | memory is limited for each jail | workspaces/cgroups.ts
X-05 | files are limited, and the disk is watched | workspaces/disk-watch.ts
X-06 | nothing outlives its jail | workspaces/jail.ts
X-07 | no signals to the host | workspaces/jail-arguments.ts
X-08 | no mounts, devices, namespaces, privileges | workspaces/seccomp.ts
X-09 | time and output are limited | workspaces/run-command.ts
X-10 | ports and temporary folders of its own | workspaces/jail-arguments.ts
X-11 | removing follows no links | workspaces/own-directory.ts
X-12 | without a jail that holds there is no start | workspaces/jail-self-test.ts
O-01 | nobody is mentioned | reports/markdown.ts
O-02 | no issue or commit is linked or closed | reports/markdown.ts
O-03 | nothing breaks out of a fence | reports/markdown.ts
O-04 | no markup | reports/markdown.ts
O-05 | bodies fit, cut between characters | reports/markdown.ts
O-06 | annotations come in batches | github/checks.ts
O-07 | files that instruct, own or build need a person | domain/gate/guarded.ts
O-08 | nobody has a tool to approve, merge or configure | domain/specialist/role-tools.ts
O-09 | a run writes 40 comments and pull requests at most | github/publish.ts
O-10 | exit codes decide, claims do not | domain/gate/verdict.ts
O-11 | our texts are no commands | reports/markdown.ts
O-12 | state is in the database, markers are not believed | github/comments.ts
D-01 | front matter is never executed | agents/definitions/front-matter.ts
D-02 | bombs and depths are refused | agents/definitions/strict-yaml.ts
D-03 | keys reach no prototype | agents/definitions/strict-yaml.ts
D-04 | scans are bounded | agents/definitions/repository-definitions.ts
D-05 | only paths of a gateway's table are read | domain/skill/request.ts
D-06 | only files are read | agents/definitions/definition-folders.ts
D-07 | lead and security reviewer stay built-in | agents/definitions/overlay.ts
D-08 | invisible characters are removed and told | domain/invisible.ts
D-09 | odd names are told | agents/definitions/definition-file.ts
D-10 | tools are an intersection | domain/specialist/role-tools.ts
D-11 | what is loaded is frozen | agents/definitions/frozen.ts
D-12 | of the recorded commit | agents/definitions/repository-definitions.ts
B-01 | install scripts run in the jail | workspaces/verify.ts | the jail's tests hold for every command; no case of its own
B-02 | caches are one run's | workspaces/verify.ts
B-03 | packages come from listed registries only | agents/model-gateway/egress-route.ts | met by S-05; what was refused is reported for agents, not yet for setup commands
B-04 | commands are those of the base commit | workspaces/configured-commands.ts
B-05 | changed dependencies are reported | domain/gate/guarded.ts
B-06 | our package runs nothing at its installation | settings.ts
M-01 | twenty commands in ten minutes | commands/quota.ts
M-02 | bots are not answered | commands/handle.ts
M-03 | turns, tokens, time and money end | agents/acp/watch.ts
M-04 | the first answer counts | workflow/control/answers.ts
`;

/** Faults of the world, in the same form. */
export const FAULTS = `
F01 | one run for a thousand copies | engine/deliveries.ts
F02 | a redelivery after the end is known | engine/deliveries.ts
F03 | what comes too early or twice changes nothing | commands/answer.ts
F04 | lost deliveries are asked for again | github/lost-deliveries.ts
F05 | a late command meets the present state | commands/carry-out.ts
F06 | 503 when storing takes too long | webhooks/ingress.ts
F07 | what was stored and not done is found | webhooks/processor.ts
F08 | a limit is waited out | github/gate.ts
F09 | a secondary limit, too | github/errors.ts
F10 | what took effect is found, not repeated | github/once.ts
F11 | also when the connection broke | github/once.ts
F12 | renamed repositories are followed | github/client.ts
F13 | what is not visible yet is looked for again | github/once.ts
F14 | a list that lags makes nothing twice | github/comments.ts
F15 | a token that died is minted anew | github/tokens.ts
F16 | lost access ends the run | github/errors.ts
F17 | a missing permission is named | github/errors.ts
F18 | a run stays on its recorded base commit | workspaces/mirror.ts | mirrors are never collected, so the base stays; a force-push of the base has no test
F19 | a branch that people moved is not overwritten | workflow/gates/adopt.ts
F20 | closed and deleted issues | commands/issue-closed.ts
F21 | a pull request that exists is adopted | github/pulls.ts
F22 | one pull request of two tries | github/pulls.ts
F23 | bodies are cut, refusals not repeated | github/publish.ts
F24 | git without progress is stopped | workspaces/git.ts
F25 | fetches end after an hour | workspaces/mirror.ts | no quota for a mirror and no partial clones yet
F26 | a crash anywhere changes nothing | engine/dbos/engine.ts
F27 | a dead replica's runs go on elsewhere | engine/dbos/replicas.ts
F28 | what a frozen replica does late is not recorded | engine/dbos/replicas.ts
F29 | a stop finishes what is under way | webhooks/processor.ts
F30 | a delivery that crashes the app is given up | webhooks/processor.ts
F31 | the database may die | engine/postgres/embedded.ts
F32 | its connections may be cut | engine/database.ts
F33 | a full database is a 503 | webhooks/ingress.ts
F34 | an unknown commit is repeated without harm | engine/ledger.ts
F35 | a full disk is waited out, its filler ended | workspaces/disk-watch.ts
F36 | an agent may crash | agents/acp/outcome.ts
F37 | or hang | agents/acp/watch.ts
F38 | or leave daemons | workspaces/jail.ts
F39 | the provider may fail | agents/model-gateway/upstream.ts
F40 | our tokens' claims allow for clocks that differ | github/app-jwt.ts | jumps of the clock have no test
F41 | a new version continues old runs | engine/dbos/engine.ts
F42 | migrations run once and whole | engine/migrate.ts
F43 | questions are reminded of, and silence decides nothing | workflow/people/remind.ts
F44 | floods are cut off for each person | commands/quota.ts | not tried with a thousand commands in a minute or ten thousand waiting runs
F45 | two apps share no work | engine/dbos/replicas.ts
F46 | an address out of reach is tried for a day | workflow/patience.ts
F47 | a reader that does not read costs at most 4 MiB and misses lines; one that goes away ends nothing | log.ts
F48 | missing files and memory are waited out | workflow/patience.ts
F49 | a failure ends its own run | workflow/orchestrate.ts
F50 | what a killed app left is removed | workspaces/janitor.ts
`;

/** What is known not to hold, or not everywhere. */
export const LIMITS = `
- Memory and processes are limited for each jail only where this user may make control groups: as root on most machines, else in a service with \`Delegate=yes\` and \`DelegateSubgroup=\`. Elsewhere memory is bounded by the machine alone, and the kernel takes jailed processes first.
- Folders have no quota. The free space is watched once a second: a writer that is faster than a gigabyte a second can still fill the disk.
- As root all jails run as one unprivileged user; what keeps them apart is that none sees another's processes or files.
- Commands and quotas of people are counted for each process, not over several.
- What earlier specialists said stands in later briefs as lines of its own, cut but not fenced.
- Agents of others (\`AGENT_PROFILE\`) read instruction files of the clone by themselves; a run's change of such a file needs a person, those of the base branch are the repository's own.
- Git cannot tell a large repository from an endless one before it is fetched.
`;
