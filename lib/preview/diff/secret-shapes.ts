import { maskAssignments } from "./secret-text";
import { maskUrls } from "./secret-urls";
import { MASK } from "./secret-values";

/**
 * Tokens that their vendors made recognisable, by beginning, alphabet and least length. None has anything behind its
 * last repetition: a match never has to go back, so the time stays linear whatever the text.
 */
const TOKENS: readonly string[] = [
  "ya29\\.[\\w.-]{16,}", // Google OAuth access token
  "1//0[\\w-]{30,}", // Google refresh token
  "AIza[\\w-]{35}", // Google API key
  "GOCSPX-[\\w-]{20,}", // Google OAuth client secret
  "gh[pousr]_\\w{30,}", // GitHub
  "github_pat_\\w{22,}",
  "gl(?:pat|dt|rt|ptt|soat|cbt|ft|agent|imt|oas|ffct)-[\\w.-]{16,}", // GitLab
  "(?:AKIA|ASIA)[0-9A-Z]{16}", // AWS access key
  "xox[abeprs]-[\\w-]{10,}", // Slack
  "xoxe\\.xox[bp]-[\\w-]{10,}",
  "xapp-\\d-[\\w-]{10,}",
  "(?:sk|rk|pk)_(?:live|test)_\\w{16,}", // Stripe
  "whsec_[\\w+/=]{16,}",
  "SK[0-9a-f]{32}", // Twilio
  "SG\\.[\\w-]{16,}\\.[\\w-]{16,}", // SendGrid
  "key-[0-9a-f]{32}", // Mailgun
  "[0-9a-f]{32}-us\\d{1,2}", // Mailchimp
  "npm_\\w{30,}",
  "pypi-[\\w-]{30,}",
  "rubygems_[0-9a-f]{32,}",
  "dckr_[po]at_[\\w-]{20,}", // Docker
  "do[opr]_v1_[0-9a-f]{40,}", // DigitalOcean
  "hv[sbr]\\.[\\w-]{20,}", // Vault
  "[A-Za-z0-9]{14}\\.atlasv1\\.[\\w-]{40,}", // HCP Terraform
  "NRAK-[0-9A-Z]{20,}", // New Relic
  "NR(?:II|JS|RA|BR)-[\\w-]{20,}",
  "gl(?:sa|c)_[\\w=+/-]{20,}", // Grafana
  "sntry[su]_[\\w=+/-]{20,}", // Sentry
  "sk-(?:proj-|ant-|svcacct-|admin-|or-v1-)?[\\w-]{20,}", // of several vendors
  "hf_[A-Za-z]{30,}", // Hugging Face
  "dapi[0-9a-f]{32}", // Databricks
  "shp(?:at|ss|ca|pa)_[0-9a-fA-F]{32}", // Shopify
  "sq0(?:atp|csp|idp)-[\\w-]{20,}", // Square
  "\\d{8,10}:AA[\\w-]{32,}", // Telegram
  "AT(?:ATT|CTT|BB)[\\w=+/-]{20,}", // Atlassian
  "lin_(?:api|oauth)_\\w{30,}", // Linear
  "(?:secret|ntn)_[A-Za-z0-9]{40,}", // Notion
  "fig[dou]_[\\w-]{30,}",
  "PMAK-[0-9a-f-]{30,}", // Postman
  "pul-[0-9a-f]{40}", // Pulumi
  "AGE-SECRET-KEY-1[0-9A-Z]{40,}",
  "tskey-[\\w-]{16,}", // Tailscale
  "dp\\.(?:pt|st|ct|sa|scim|audit)\\.[\\w.-]{30,}", // Doppler
  "pscale_(?:tkn|pw|oauth)_[\\w.-]{20,}",
  "fm[12]_[\\w+/=-]{40,}", // Fly
  "CCIPAT_\\w{20,}", // CircleCI
  "bku[aei]_\\w{20,}", // Buildkite
  "dt0[a-z]\\d{2}\\.[A-Z0-9]{20,}\\.[A-Z0-9]{40,}", // Dynatrace
  "AKCp[0-9A-Za-z]{40,}", // JFrog
  "cmVmdGtu[\\w=+/-]{30,}",
  "sbp_[0-9a-f]{40}", // Supabase
  "nfp_\\w{30,}", // Netlify
  "EAA[A-Z]\\w{40,}", // Meta
  "LTAI[0-9A-Za-z]{16,}", // Alibaba
  "AKID[0-9A-Za-z]{32}", // Tencent
  "y0_[\\w-]{40,}", // Yandex
  "t1\\.[\\w-]{40,}\\.[\\w-]{40,}",
  "sl\\.[\\w-]{60,}", // Dropbox
  "lsv2_[ps]t_[0-9a-f_]{30,}", // LangSmith
  "glpat\\w{20,}",
  "phc_\\w{30,}", // PostHog
  "\\$(?:2[abxy]?|apr1|1|5|6|y|argon2id?|pbkdf2[\\w-]{0,12})\\$[\\w./$=,+-]{20,}", // htpasswd, shadow
  "\\{S?SHA\\}[A-Za-z0-9+/=]{20,}",
];

/** The beginning of a word, so that nothing in the middle of one is taken for a token. */
const TOKEN = new RegExp(`(?<![A-Za-z0-9_])(?:${TOKENS.join("|")})`, "g");

const PRIVATE_KEY =
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)/g;

/** `3 rfc4106(gcm(aes)) 0123… 128`, as Cilium keeps keys for IPsec. */
const IPSEC_KEY = /(\b[a-z0-9]{2,12}\([a-z0-9()-]{2,24}\)\s{1,3})(?:0x)?[0-9a-fA-F]{32,}/g;

/** Every token and all base64 worth looking at have this many characters in a row that words and numbers rarely have. */
const SHORTEST_RUN = 16;

/** Whether a text has such a run: one pass, which leaves most texts at that. */
function hasLongRun(text: string): boolean {
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    // Letters, digits and + - . / : = _ $
    const within =
      (c >= 97 && c <= 122) ||
      (c >= 45 && c <= 58) ||
      (c >= 65 && c <= 90) ||
      c === 95 ||
      c === 61 ||
      c === 43 ||
      c === 36;
    if (!within) length = 0;
    else if (++length >= SHORTEST_RUN) return true;
  }
  return false;
}

/** Longer texts hold no base64 worth looking into, and decoding them twice over costs. */
const DEEPEST = 2;

/** Takes out whatever only a credential looks like: keys, tokens, passwords in addresses, assignments and arguments. */
export function maskShapes(text: string, depth = 0): string {
  if (text.length < 6) return text;
  let masked = text;
  if (masked.includes("PRIVATE KEY")) masked = masked.replace(PRIVATE_KEY, MASK);
  if (masked.includes("(")) masked = masked.replace(IPSEC_KEY, `$1${MASK}`);
  if (masked.includes("eyJ")) masked = masked.replace(/[\w.-]{20,}/g, maskJwt);
  const long = hasLongRun(masked);
  if (long) masked = masked.replace(TOKEN, MASK);
  if (masked.includes("://") || masked.includes("@")) masked = maskUrls(masked);
  masked = maskAssignments(masked);
  if (long && depth < DEEPEST) masked = maskBase64(masked, depth);
  return holdsSecretObject(masked) ? MASK : masked;
}

/** A JSON web token, signed, encrypted or cut, somewhere in a run of its alphabet. */
function maskJwt(run: string): string {
  const at = run.indexOf("eyJ");
  if (at < 0) return run;
  const [header = "", ...rest] = run.slice(at).split(".");
  if (rest.length === 0 || header.length < 10) return run;
  const decoded = Buffer.from(header.slice(0, 400), "base64url").toString("latin1");
  const isHeader = /^\{\s*"[ -~]*$/.test(decoded);
  const isToken = rest[0]!.startsWith("eyJ") || (isHeader && rest.some((part) => part.length >= 8));
  return isToken ? run.slice(0, at) + MASK : run;
}

/** Base64 on one line or wrapped as `base64` and PEM do it; it starts where its alphabet starts, and only there. */
const BASE64 =
  /(?<![A-Za-z0-9+/_-])(?:[A-Za-z0-9+/_-]{40,100}[ \t]{0,80}(?:\r?\n|\\n)[ \t]{0,80}){0,5000}[A-Za-z0-9+/_-]{20,}={0,2}/g;

/** Text in base64 that would be masked if it stood there in the clear. */
function maskBase64(text: string, depth: number): string {
  return text.replace(BASE64, (run) => {
    const start = Buffer.from(run.slice(0, 40), "base64").toString("latin1");
    if (!/^[\t\n\r\x20-\x7e]{12,}$/.test(start.slice(0, 24))) return run;
    const decoded = Buffer.from(run.replace(/\\n/g, ""), "base64").toString("utf8");
    return maskShapes(decoded, depth + 1) === decoded ? run : MASK;
  });
}

/** A Kubernetes Secret as text that nobody could take apart: all of it is one. */
function holdsSecretObject(text: string): boolean {
  if (!text.includes("Secret") || !/data/i.test(text)) return false;
  return (
    /\bkind\\?["']?\s{0,4}[:=]\s{0,4}\\?["']?Secret(?=["'\\\s,}]|$)/.test(text) &&
    /\b(?:data|stringData)\\?["']?\s{0,4}[:=]/.test(text)
  );
}
