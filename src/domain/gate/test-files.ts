const FOLDER =
  /(?:^|\/)(?:tests?|__tests__|specs?|e2e|testdata|fixtures|__snapshots__|acceptance|integration-tests?)\//i;
const NAME =
  /(?:_test\.go|\.(?:test|spec|e2e)\.[cm]?[jt]sx?|(?:^|\/)test_[^/]+\.py|_test\.py|(?:^|\/)conftest\.py|Tests?\.(?:java|kt|cs|swift)|_spec\.rb|_test\.rb|_test\.exs?|\.feature|\.bats)$/;

/** True for files that exist to test: by the usual names and folders of the common languages. */
export function isTestFile(path: string): boolean {
  return NAME.test(path) || FOLDER.test(path);
}

/** True for files that hold tests themselves, not data or helpers beside them. */
export function holdsTests(path: string): boolean {
  return (
    NAME.test(path) ||
    (FOLDER.test(path) && /\.(?:[cm]?[jt]sx?|py|go|rs|java|kt|cs|rb|php|exs?|sh)$/.test(path))
  );
}
