import { isAbsolute, normalize } from "node:path";

/** Variables by which programs are told of further certificates, as behind a company's own registry or proxy. */
export const CERTIFICATE_VARIABLES = [
  "NODE_EXTRA_CA_CERTS",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "REQUESTS_CA_BUNDLE",
  "CURL_CA_BUNDLE",
  "PIP_CERT",
  "CARGO_HTTP_CAINFO",
  "GIT_SSL_CAINFO",
  "npm_config_cafile",
] as const;

/** The jail shows certificates under these by itself. */
const SHOWN = /^\/(etc\/(ssl|pki|ca-certificates)|usr)\//;

/** The operator's certificate variables that name a plain absolute path, and the paths a jail must be given for them. */
export function certificates(env: Readonly<Record<string, string | undefined>>): {
  env: Record<string, string>;
  readable: string[];
} {
  const named = CERTIFICATE_VARIABLES.flatMap((name) => {
    const path = env[name];
    return path && isAbsolute(path) && normalize(path) === path ? [[name, path] as const] : [];
  });
  const outside = named.map(([, path]) => path).filter((path) => !SHOWN.test(path));
  return { env: Object.fromEntries(named), readable: [...new Set(outside)] };
}
