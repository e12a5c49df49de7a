import { isReference, looksRandom, MASK } from "./secret-values";

/** Longest user, password and host that are looked at in one address. */
const LONGEST = 1024;

/** Addresses whose path is the credential: whoever knows it may post. What comes before the path stays. */
const WEBHOOKS: readonly RegExp[] = [
  /(hooks\.slack(?:-gov)?\.com\/(?:services|workflows|triggers)\/)[\w/.-]{8,}/g,
  /(discord(?:app)?\.com\/api\/(?:v\d+\/)?webhooks\/\d+\/)[\w-]{8,}/g,
  /((?:[\w-]{1,60}\.)?webhook\.office\.com\/webhookb2\/)[\w@/.-]{8,}/g,
  /(outlook\.office(?:365)?\.com\/webhook\/)[\w@/.-]{8,}/g,
  /(api\.telegram\.org\/bot)[\w:-]{8,}/g,
  /(hooks\.zapier\.com\/hooks\/catch\/)[\w/-]{6,}/g,
  /(events\.(?:eu\.)?pagerduty\.com\/(?:integration|x-ere|v2\/enqueue)\/)[\w/-]{8,}/g,
  /(alert\.victorops\.com\/integrations\/)[\w/.-]{8,}/g,
  /(maker\.ifttt\.com\/trigger\/[\w-]{1,80}\/(?:json\/)?with\/key\/)[\w-]{8,}/g,
  /(webhook\.site\/)[0-9a-f-]{20,}/g,
  /(open\.(?:feishu\.cn|larksuite\.com)\/open-apis\/bot\/v2\/hook\/)[\w-]{8,}/g,
  /(qyapi\.weixin\.qq\.com\/cgi-bin\/webhook\/send\?key=)[\w-]{8,}/g,
  /(hc-ping\.com\/)[\w-]{16,}/g,
  /(api\.opsgenie\.com\/v1\/json\/[\w-]{1,60}\?apiKey=)[\w-]{8,}/g,
  /(\/hooks\/)(?=[a-z0-9]*\d)[a-z0-9]{26}(?![A-Za-z0-9])/g, // Mattermost
];
const MAYBE_WEBHOOK = /hook|telegram|pagerduty|victorops|ifttt|hc-ping|opsgenie/;

/** Masks what logs in: `user:password@`, a token before `@`, and the paths of webhooks. */
export function maskUrls(text: string): string {
  let masked = text.includes("@") ? maskUserInfo(text) : text;
  if (MAYBE_WEBHOOK.test(masked)) {
    for (const webhook of WEBHOOKS) masked = masked.replace(webhook, (_, place: string) => place + MASK);
  }
  return masked;
}

function maskUserInfo(text: string): string {
  let result = "";
  let done = 0;
  for (let at = text.indexOf("://"); at >= 0; at = text.indexOf("://", at + 3)) {
    const start = at + 3;
    const found = userInfoAt(text, start);
    if (!found) continue;
    result += text.slice(done, found.from) + MASK;
    done = found.to;
  }
  return maskDriverNames(maskOracle(result + text.slice(done)));
}

/** Where in an address that starts here the part to be masked stands. */
function userInfoAt(text: string, start: number): { readonly from: number; readonly to: number } | undefined {
  let end = start;
  while (end < text.length && end - start < LONGEST && !/[\s"'<>`\\]/.test(text[end]!)) {
    if (text.startsWith("://", end)) break;
    end++;
  }
  const whole = text.slice(start, end);
  const slash = whole.search(/[/?#]/);
  const authority = slash < 0 ? whole : whole.slice(0, slash);
  let sign = authority.lastIndexOf("@");
  const colon = whole.indexOf(":");
  if (sign < 0) {
    // A password may hold a slash that nobody encoded; what is a port does not.
    const port = /^[^:@]*:\d+$/.test(authority) || !authority.includes(":");
    sign = port ? -1 : whole.indexOf("@");
    if (sign < 0) return undefined;
  }
  if (colon >= 0 && colon < sign) {
    const password = whole.slice(colon + 1, sign);
    // Where the password only says that the user is a token.
    if (password === "x-oauth-basic") return { from: start, to: start + colon };
    return isReference(password) ? undefined : { from: start + colon + 1, to: start + sign };
  }
  const user = whole.slice(0, sign);
  return user.length >= 16 && looksRandom(user) ? { from: start, to: start + sign } : undefined;
}

/** `user:password@tcp(host:3306)/db`, as Go's MySQL driver has it. */
function maskDriverNames(text: string): string {
  if (!/@(?:tcp|unix|udp)6?\(/.test(text)) return text;
  return text.replace(
    /(?<![^\s"'=(])([\w.%-]{1,100}):([^\s"'<>()]{1,256}?)@(?=(?:tcp|unix|udp)6?\()/g,
    (whole, user, password) => (isReference(password) ? whole : `${user}:${MASK}@`),
  );
}

/** `scott/tiger@//host:1521/service` and `@host:1521`. */
function maskOracle(text: string): string {
  if (!/@(?:\/\/)?[\w.-]{1,200}:1521/.test(text)) return text;
  return text.replace(
    /(?<![^\s"'=(:])([\w.$#-]{1,60})\/([^\s"'<>/@]{1,128})@(?=(?:\/\/)?[\w.-]{1,200}:1521)/g,
    `$1/${MASK}@`,
  );
}
