/** The words that triage goes by. Only data: what is done with them is decided in `triage.ts`. */

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(/\s+/).filter((word) => word !== ""));
}

/** Verbs that ask for code. */
export const WORK_VERBS = words(`
  accept add adjust align allow address apply avoid backfill batch break bring build bump cache call change check clean close
  code collect compress compute connect consolidate convert correct count create decouple decrypt delete deploy deprecate
  describe develop disable display document drain drop emit enable encrypt enforce ensure escape expire export expose
  extend extract filter fix format generate get give grant guard handle hash have hook implement import improve include
  increase index instrument integrate introduce issue let limit load lock log lower make mask merge migrate modularise
  modularize move normalise normalize notify optimise optimize order paginate parse patch persist pin poll port prefix
  prevent print profile propagate provide prune publish purge push put queue raise read record redact reduce refactor
  refuse reject release remove rename render reorganise reorganize repair replace resolve respond restructure retry
  return reuse revert revoke rework rewrite rotate route sanitise sanitize save schedule seed send separate serve set show
  sign simplify skip sort speed split start stop store stream style support swap switch sync synchronise synchronize tag
  throttle tidy track translate trim truncate tune turn unify update upgrade use validate verify wire wrap write do
`);

/** Of these, the ones that ask for code even in the running prose of an issue. */
export const STRONG_VERBS = words(`
  add backfill break build create develop extract fix implement introduce integrate migrate refactor remove rename replace
  restructure rewrite rework separate split write
`);

export const DESIGN_VERBS = words("architect design plan redesign");

/** Verbs that ask for a decision only when what they govern is one. */
export const CHOICE_VERBS = words(
  "assess choose compare decide define evaluate explain explore investigate model outline propose recommend research sketch weigh",
);

export const CHOICE_OBJECT =
  /\b(?:adr|against|alternatives?|approach(?:es)?|architecture|between|boundar(?:y|ies)|contracts?|databases?|designs?|how|layers?|(?:data|domain) models?|options|rfc|schema|strateg(?:y|ies)|structure|trade-?offs?|versus|vs|whether|which)\b/;

export const TEST_VERBS = words("cover fuzz test retest");
export const REVIEW_VERBS = words("audit inspect pentest review");

/** Words that may stand before the verb of a request. */
export const LEADERS = words(`
  also always and be backend can finally first have has i it just let let's lets must need needs never next not now only
  please second shall should so somebody someone they to try us user users want we will you
`);

export const PARTICIPLE =
  /\b(?:must|should|shall|needs?|has|have|to|is to|are to)\b(?: [a-z-]+){0,4}? (?:be |get )?(tested|covered|reviewed|audited|designed|decided)\b/;

/** A question about what is best is a request for a decision, whatever else its sentence names. */
export const DESIGN_QUESTION =
  /\b(?:should we|which [a-z-]+(?: [a-z-]+){0,3} (?:should|do we|would)|how (?:[a-z-]+ ){1,4}should|how (?:should|would|could|do we want|can we best)|what (?:is|are|would be) the (?:best|right|pros|options|alternatives)|where should)\b/;

/** How a sentence begins that, as a question, asks for a decision. */
export const ASKING_FOR_A_DECISION =
  /^(?:which|should|shall we|do we (?:need|want)|would it be (?:better|wiser)|is it (?:a good idea|better|worth|wise))\b/;

export const DECISION_WORDS = /\b(?:pros and cons|trade-?offs|alternatives)\b/;

export const NO_CODE =
  /\b(?:no (?:code|implementation|coding)\b(?! (?:changes? )?(?:in|for|to)\b)|do(?: not|n't) (?:implement|write (?:any )?code|code|build)|without (?:implementing|writing code)|before (?:anyone|anybody|we|you|somebody) (?:writes?|starts?|codes?|implements?)|(?:only|just) (?:a |the )?(?:design|proposal|decision|discussion))\b/;

/** Text that looks like a concern and is none; it is taken out before anything is looked for. */
export const DECOYS: readonly RegExp[] = [
  /\btest(?:ing)? (?:environments?|accounts?|servers?|users?|databases?|buckets?|instances?|keys?|tenants?|stages?|systems?|tokens?|cards?|orders?|connections?|channels?|endpoints?|projects?|domains?|runs?|data|harness|framework|runner|variables?|flags?|binary|build|directory|folder|names?|helpers?|utils?|utilities)\b/g,
  /\b(?:a\/b|speed|litmus|acid|turing|smoke-detector) test(?:s|ing)?\b/g,
  /\b(?:existing|current|present|other|all|old|our)(?: [a-z-]+)? tests?\b(?! (?:are|is) missing)/g,
  /\b(?:failing|failed|broken|red|skipped)(?: [a-z-]+)? tests?\b/g,
  /\btests?(?: still)? (?:fails?|failing|pass(?:es|ing)?|breaks?|broke|(?:are|is|stay|stays|keep|must|should)(?: [a-z]+){0,2} (?:green|red|passing|pass|fine))\b/g,
  /\b(?:i|we|was|were|been|manually|locally) tested\b/g,
  /\btested (?:on|with|in|against|locally|manually)\b/g,
  /\b(?:by design|design tokens?|designed (?:to|for|by)|design partner|designer)\b/g,
  /\b(?:cpu|processor|arm|arm64|amd64|x86|risc-v|target|host|multi) architectures?\b/g,
  /\breview(?:er)? (?:comments?|feedback|remarks|findings?|app|apps|state|states|workflow|page|queue|date|dates|score|text|status)\b/g,
  /\b(?:in|under|pending|awaiting|for|peer) review\b/g,
  /\b(?:token(?:s)? (?:bucket|count|limit|budget|stream)|page tokens?|(?:max|next|per|input|output|continuation) tokens?)\b/g,
  /\b(?:page (?:size|number|token|count|limit|cursor)|(?:per|next|previous|last|first|man|each|one) page|(?:returns?|fetch(?:es)?|gets?|reads?|requests?) (?:a|the|one) page|pages? of|page faults?)\b/g,
  /\b(?:page|dashboard|ui|front-?end|form|sidebar|modal|button) (?:api|endpoint|handler|backend|service|quer(?:y|ies)|route|payload|request|data|event)s?\b/g,
  /\b(?:grafana|datadog|kibana|metrics) dashboards?\b/g,
  /\b(?:for|by|from) (?:the |our |a )?(?:front-?end|ui|web app)(?: team| app| code| client)?\b/g,
  /\b(?:return|send|expose|sent|returned|exposed|available|visible)(?: [a-z-]+){0,4} to (?:the |our )?(?:front-?end|ui|web app)\b/g,
  /\b(?:front-?end|ui)(?: team| app| client)? (?:calls?|needs?|wants?|expects?|sends?|reads?|already|polls?|uses|relies|depends|shows?|can)\b/g,
  /\bgithub (?:actions?|issue|workflow|repo|repository|pages)\b/g,
  /\bauthors?\b|\bauthoring\b/g,
  /\bsecurity (?:groups?|team|tool|tools|platform|product|scan results?)\b/g,
  /\baudit(?:ing)? (?:logs?|logging|logger|records?|trails?|entr(?:y|ies)|events?|tables?)\b/g,
  /\bsession (?:affinity|window)\b/g,
];

/** What nobody wants in this run: the whole clause goes. */
export const SET_ASIDE: readonly RegExp[] = [
  /\bout of scope\b|\bnot (?:in|part of) (?:the )?(?:scope|this)\b/,
  /\b(?:in|with|by|as) (?:a |an |another |its own |the next )?(?:separate |later |different |next )?(?:follow-?up|separate|later|another|next)(?: (?:issue|ticket|pr|pull request|change|run|release))?\b/,
  /\btracked (?:in|by|as|elsewhere)\b|\bhandled (?:elsewhere|separately)\b|\b(?:done|covered) (?:elsewhere|in #\d+)\b/,
  /\b(?:do not|don't|must not|should not|shouldn't|never|need not|needn't|no need to)\b(?: [a-z-]+){0,2} (?:touch|change|add|write|modify|need|include|update|bother|worry|test|review|design|redesign)\b/,
  /\bwithout (?:touching|changing|breaking|adding|modifying|rewriting|downtime|tests?|a review|any|new)\b/,
  /\bno (?:[a-z-]+ ){0,3}?(?:changes?|work|impact|updates?|needed|necessary|required|involved)\b/,
  /\b(?:tests?|review|design|frontend|front-end|ui|documentation)\b(?: [a-z-]+){0,2} (?:is|are|stays?|remains?)(?: [a-z-]+)? (?:not (?:needed|required|necessary|affected|part)|unnecessary|unchanged|untouched|done|finished|complete|fine)\b/,
  /\b(?:leave|keep) (?:the |all )?(?:tests?|frontend|front-end|ui|design|architecture)\b(?: [a-z-]+){0,2} (?:alone|unchanged|as is|as it is|as they are|green|untouched)\b/,
  /\b(?:tests?|testing|review|design|frontend|ui) ?(?:=|:)? ?(?:none|n\/a)\b/,
];

export const FRONTEND =
  /\b(?:front-?end|ui|ux|user interface|react|vue|angular|svelte|next\.?js|css|scss|tailwind|stylesheets?|storybook|buttons?|modals?|sidebars?|navbars?|dropdowns?|tooltips?|dark mode|light mode|checkbox(?:es)?|dialogs?|web apps?|widgets?|progress bars?|toasts?|badges?|menus?|on (?:phones|tablets|mobile(?: devices)?)|(?:settings|landing|login|home|details?|profile|admin|overview|web|search|status|error|asset|assets|risk|risks|history|start) pages?|page layout|dashboards?|(?:edit|web|login|search|sign-?up|settings) forms?|form fields?|responsive|favicons?|icons?|typography|component library|splash screen|spa|single-page|(?:a|an|the|new) (?:new |[a-z]+ )?page)\b/;

export const TESTING =
  /\b(?:(?:unit|integration|acceptance|e2e|end-to-end|regression|contract|load|smoke|property|fuzz|system|table-driven)[- ]tests?|tests?|testing|test (?:coverage|cases?|suites?|plan)|code coverage|coverage|untested|fixtures?|benchmarks?|e2e)\b/;

export const DESIGN_DOCUMENT =
  /\b(?:adr|rfc|design (?:docs?|documents?|proposals?|notes?)|architecture (?:decisions?|proposals?|documents?|diagrams?|overview)|technical design|decision (?:records?|on|about|whether|needed|wanted|required)|proposals? (?:for|with|how|on)|service boundar(?:y|ies))\b/;

/** Without a verb, these name a decision that is asked for. */
export const DESIGN_NOUN =
  /\b(?:architecture|design|data model|domain model|service boundar(?:y|ies)|api contract) (?:of|for|decision|question)\b|\barchitecture$/;

export const REVIEW = /\b(?:code|peer|architecture|design) reviews?\b|\breview of\b/;

export const SECURITY_AUDIT =
  /\b(?:security (?:reviews?|audits?|assessments?|check)|threat[- ]models?|pen(?:etration)?[- ]?tests?(?:ing)?)\b|\b(?:analy[sz]e|assess|check|examine|inspect|scan) [^,;]{1,60} for (?:[a-z]+ )?(?:vulnerabilit(?:y|ies)|security (?:issues|problems|holes|flaws))\b/;

export const SECURITY =
  /\b(?:auth|authn|authz|authenticat(?:e|es|ed|ion)|authori[sz](?:e|es|ed|ation)|log ?ins?|log ?outs?|sign[- ]?in|sign[- ]?up|passwords?|passphrases?|one-time codes?|otp|mfa|2fa|sso|saml|oidc|oauth2?|jwts?|(?:access|refresh|api|bearer|session|auth|id|csrf) tokens?|secrets?|credentials?|api[- ]keys?|private keys?|permissions?|rbac|only (?:admins?|owners?|the owner|members|authenticated|authori[sz]ed|logged-in)|tenant isolation|access control|role-based|sessions?|cookies?|user input|untrusted|validat(?:e|es|ed|ion)|sanitis?z?(?:e|es|ed|ation)|uploads?|injections?|xss|csrf|ssrf|cors|path traversal|encrypt(?:s|ed|ion)?|decrypt(?:s|ed|ion)?|certificates?|mtls|tls|owasp|vulnerabilit(?:y|ies)|cves?|webhooks? (?:signatures?|receiver|endpoint|handler)|(?:post|put|patch) endpoint|pii|personal data)\b/;

export const EXTERNAL =
  /\b(?:third[- ]party|external (?:apis?|services?|providers?|systems?|feeds?)|integrat(?:e|ion) with|webhooks?|oauth2?|slack|pagerduty|opsgenie|stripe|paypal|twilio|sendgrid|mailgun|okta|auth0|salesforce|hubspot|zendesk|jira|github|gitlab|bitbucket|datadog|sentry|shopify|openai|shodan|censys|virustotal|microsoft (?:graph|teams)|google (?:maps|drive|calendar|workspace)|discord|telegram)\b/;

/** In a title or a list these name backend work without any verb. */
export const BACKEND =
  /\b(?:backend|back-end|endpoint|implementation|api|handlers?|migrations?|workers?|repository layer|queues?|cron job|database)\b/;

export const RESTRUCTURE =
  /\b(?:refactor|rework|break|restructure|split|separate|extract|decouple|reorgani[sz]e|modulari[sz]e|move|migrate|replace|consolidate|unify|merge|rewrite|rename)\b/;

/** What makes a restructuring one of several packages, so that its shape has to be decided first. */
export const SEVERAL_PARTS =
  /\b(?:modules|packages|services|layers|across|codebase|code base|(?:its|their) own (?:service|module|package|repository)|(?:new|separate|common|shared) (?:service|module|package)|separate [a-z-]+(?: [a-z-]+)? from|(?:two|three|four|several|multiple|smaller) (?:modules|packages|services|parts)|migrate [a-z-]+(?: [a-z-]+){0,3} (?:from|to|onto)|out of (?:the )?core|from (?:the )?core)\b/;

/** Sections of an issue that describe and do not ask. */
export const DESCRIBING_SECTION =
  /^(?:steps to reproduce|how to reproduce|reproduction|environment|versions?|logs?|log output|stack ?trace|background|context|motivation|related|references?|links?|screenshots?|actual(?: behaviou?r)?|additional context|out of scope|non-?goals|not in scope|excluded|later|future work|workaround|what i tried|checklist|before submitting|prerequisites)\b/;

/** Headings that ask by themselves when something stands under them. */
export const ASKING_HEADING =
  /^(?:tests?|testing|test plan|frontend|front-end|ui|backend|code review|security review)\s*:?$/;

/** Validation of the whole system with real services, which is more than one service's acceptance tests. */
export const WHOLE_SYSTEM = /\b(?:whole|full|entire|complete) (?:system|platform|stack)\b/;
export const REAL_SERVICES =
  /\b(?:real|actual|live) (?:aws|azure|gcp|cloud|services?|infrastructure|queues?|databases?|environments?)\b/;
