import { placed } from "./planted-places";

/** Secrets made up for tests, each once: a text to look for, in the form in which it is planted. */
export interface Planted {
  /** What kind of place it is, for the test's name. */
  readonly place: string;
  /** What must not be seen. */
  readonly needle: string;
  /** Attributes of a resource that hold it. */
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly type?: string;
}

let counter = 0;

/** Letters and digits that no word has; the same in every run. */
function random(length: number, alphabet = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"): string {
  let seed = ++counter * 2654435761;
  return Array.from({ length }, () => {
    seed = (seed ^ (seed << 13)) >>> 0;
    seed = (seed ^ (seed >>> 17)) >>> 0;
    seed = (seed ^ (seed << 5)) >>> 0;
    return alphabet[seed % alphabet.length];
  }).join("");
}
const HEX = "0123456789abcdef";
const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** Names under which people keep secrets, in the spellings of Terraform, Helm, Kubernetes, Java and shells. */
export const SECRET_NAMES: readonly string[] = [
  ..."password passwd pwd passphrase secret token credentials psk bearer htpasswd authToken".split(" "),
  ..."admin_password adminPassword admin-password ADMIN_PASSWORD AdminPassword PGPASSWORD MYSQL_PWD rootpw smtpPass storepass".split(
    " ",
  ),
  ..."secretKey SECRET_KEY_BASE secret_access_key AWS_SECRET_ACCESS_KEY sharedKey shared_key licenseKey apiKey API_KEY apikey api-key".split(
    " ",
  ),
  ..."privateKey private_key tls_private_key_pem client-key-data signingKey encryption_key accountKey masterKey sessionSecret".split(
    " ",
  ),
  ..."clientSecret client_secret webhookSecret oauth2ClientSecret accessToken refresh_token personalAccessToken bot_token bearerToken".split(
    " ",
  ),
  ..."dbPass db.password spring.datasource.password auth.admin.password password_old passwordHash password2 token_v2 unseal_key".split(
    " ",
  ),
  ..."X-Api-Key x_auth_token slackToken datadogApiKey dd_api_key pagerdutyIntegrationKey SENTRY_AUTH_TOKEN wireguard_private_key".split(
    " ",
  ),
  ..."encKey REDIS_AUTH tsig_key md5_key wifiKey vpn_key luks_key secondary_key instrumentation_key mapsKey gcp_sa_key x509_key".split(
    " ",
  ),
  ..."securityAnswer seed_phrase hash_salt password_salt pepper npm_auth rsa_encrypted_key zfs_key ipsec_psk shared_secret".split(
    " ",
  ),
  ..."cookieSecret jwtSecret hmac_key fernetKey gossip_key consulGossipEncryptionKey redisPassword imap_passwords".split(
    " ",
  ),
];

function wordy(): string {
  return `Pl4nt${random(9)}`;
}

/** A password under each name, in every kind of place that has names. */
function named(): readonly Planted[] {
  return SECRET_NAMES.flatMap((name): Planted[] => {
    const plant = (
      place: string,
      make: (secret: string) => Readonly<Record<string, unknown>>,
      type?: string,
    ): Planted => {
      const needle = wordy();
      return { place: `${place} ${name}`, needle, attributes: make(needle), type };
    };
    return [
      plant("attribute", (s) => ({ [name]: s })),
      plant("nested block", (s) => ({ settings: [{ database: [{ [name]: s, port: 5432 }] }] })),
      plant("environment pair", (s) => ({ env: [{ name, value: s }] })),
      plant("value below the name", (s) => ({ config: { [name]: { value: s } } })),
      plant(
        "Helm values",
        (s) => ({ values: [`auth:\n  ${JSON.stringify(name)}: ${s}\nreplicas: 2\n`] }),
        "helm_release",
      ),
      plant(
        "Helm environment",
        (s) => ({ values: [`extraEnv:\n  - name: ${JSON.stringify(name)}\n    value: ${s}\n`] }),
        "helm_release",
      ),
      plant(
        "document within values",
        (s) => ({ values: [`files:\n  app.yaml: |\n    a:\n      ${JSON.stringify(name)}: ${s}\n`] }),
        "helm_release",
      ),
      plant("JSON text", (s) => ({ policy: JSON.stringify({ a: [{ [name]: s }] }) })),
      plant("YAML that is none", (s) => ({ script: `{{ if }}\nx: [\n${name}: ${s}\nb: 1\n` })),
      plant("argument", (s) => ({ command: ["app", `--${name}=${s}`, "--verbose"] })),
      plant("argument in two", (s) => ({ command: ["app", `--${name}`, s, "--verbose"] })),
      plant("shell", (s) => ({
        startup: `#!/bin/sh\nset -e\nexport ${name.replace(/[^\w]/g, "_")}='${s}'\napp run\n`,
      })),
      plant("one line", (s) => ({ description: `app --${name} ${s} --level 3` })),
      plant("properties", (s) => ({ file: `# settings\nserver.port=80\n${name}=${s}\n` })),
      plant(
        "manifest",
        (s) => ({ manifest: { spec: { containers: [{ name: "app", env: [{ name, value: s }] }] } } }),
        "kubernetes_manifest",
      ),
    ];
  });
}

/** Tokens that say by themselves what they are. */
export const SHAPES: Readonly<Record<string, () => string>> = {
  "Google access token": () => `ya29.${random(40)}`,
  "Google API key": () => `AIza${random(35)}`,
  "Google client secret": () => `GOCSPX-${random(28)}`,
  "GitHub token": () => `ghp_${random(36)}`,
  "GitHub server token": () => `ghs_${random(36)}`,
  "GitHub fine-grained token": () => `github_pat_${random(22)}_${random(59)}`,
  "GitLab token": () => `glpat-${random(20)}`,
  "GitLab runner token": () => `glrt-${random(20)}`,
  "AWS access key": () => `AKIA${random(16, UPPER)}`,
  "AWS temporary key": () => `ASIA${random(16, UPPER)}`,
  "Slack bot token": () => `xoxb-${random(11, "0123456789")}-${random(24)}`,
  "Slack webhook": () => `https://hooks.slack.com/services/T${random(8, UPPER)}/B${random(8, UPPER)}/${random(24)}`,
  "Discord webhook": () => `https://discord.com/api/webhooks/${random(18, "123456789")}/${random(60)}`,
  "Teams webhook": () =>
    `https://acme.webhook.office.com/webhookb2/${random(32, HEX)}@x/IncomingWebhook/${random(32, HEX)}/y`,
  "Stripe key": () => `sk_live_${random(24)}`,
  "SendGrid key": () => `SG.${random(22)}.${random(43)}`,
  "npm token": () => `npm_${random(36)}`,
  "PyPI token": () => `pypi-${random(60)}`,
  "Docker token": () => `dckr_pat_${random(27)}`,
  "DigitalOcean token": () => `dop_v1_${random(64, HEX)}`,
  "Vault token": () => `hvs.${random(90)}`,
  "HCP Terraform token": () => `${random(14)}.atlasv1.${random(60)}`,
  "Grafana token": () => `glsa_${random(32)}_${random(8, HEX)}`,
  "sk key": () => `sk-proj-${random(48)}`,
  "Hugging Face token": () => `hf_${random(34, "abcdefghijklmnopqrstuvwxyzABCDEF")}`,
  "Telegram token": () => `${random(10, "123456789")}:AA${random(33)}`,
  "New Relic key": () => `NRAK-${random(27, UPPER)}`,
  "Databricks token": () => `dapi${random(32, HEX)}`,
  "age key": () => `AGE-SECRET-KEY-1${random(58, UPPER)}`,
  "JSON web token": () =>
    `eyJhbGciOiJIUzI1NiJ9.${Buffer.from(`{"sub":"${random(12)}"}`).toString("base64url")}.${random(43)}`,
  "encrypted JSON web token": () =>
    `eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..${random(16)}.${random(40)}.${random(22)}`,
  "private key": () => `-----BEGIN PRIVATE KEY-----\n${random(64)}\n${random(40)}\n-----END PRIVATE KEY-----\n`,
  "SSH key": () =>
    `-----BEGIN OPENSSH PRIVATE KEY-----\n${random(64)}\n${random(64)}\n-----END OPENSSH PRIVATE KEY-----`,
  "PGP key": () => `-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n${random(64)}\n-----END PGP PRIVATE KEY BLOCK-----`,
  "private key in base64": () =>
    Buffer.from(`-----BEGIN RSA PRIVATE KEY-----\n${random(64)}\n-----END RSA PRIVATE KEY-----\n`).toString("base64"),
  "service account in base64": () =>
    Buffer.from(
      JSON.stringify({ type: "service_account", private_key: `-----BEGIN PRIVATE KEY-----\n${random(64)}\n` }),
    ).toString("base64"),
  "Docker configuration in base64": () =>
    Buffer.from(JSON.stringify({ auths: { "gcr.io": { username: "u", password: random(20) } } })).toString("base64"),
  "IPsec key": () => `3 rfc4106(gcm(aes)) ${random(40, HEX)} 128`,
  "htpasswd line": () => `$2y$10$${random(53)}`,
  "shadow line": () => `$6$${random(16)}$${random(86)}`,
};

/** Texts around a credential; what is returned first is to be hidden, the rest may be seen. */
const PHRASES: Readonly<Record<string, (secret: string) => string>> = {
  "postgres address": (s) => `postgres://app:${s}@db.example.com:5432/shop?sslmode=require`,
  "address with a slash in the password": (s) => `amqp://app:${s}/x@mq.example.com:5672/`,
  "redis address without user": (s) => `redis://:${s}@cache:6379/0`,
  "MongoDB address of several hosts": (s) => `mongodb+srv://app:${s}@a.example.com,b.example.com/shop`,
  "Go's MySQL address": (s) => `app:${s}@tcp(db:3306)/shop`,
  "JDBC address": (s) => `jdbc:postgresql://db/shop?user=app&password=${s}`,
  "ADO string": (s) => `Server=db;Database=shop;User Id=app;Password=${s};Encrypt=true`,
  "libpq string": (s) => `host=db user=app password=${s} dbname=shop`,
  "Azure string": (s) =>
    `DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=${s};EndpointSuffix=core.windows.net`,
  "Git address": (s) => `https://oauth2:${s}@git.example.com/acme/app.git`,
  "HTTP basic": (s) => `curl -u admin:${s} https://example.com`,
  "bearer header": (s) => `curl -H "Authorization: Bearer ${s}" https://example.com`,
  "basic header": (s) => `Authorization: Basic ${Buffer.from(`admin:${s}`).toString("base64")}`,
  "header of one's own": (s) => `curl -H 'X-Api-Key: ${s}' https://example.com`,
  query: (s) => `https://api.example.com/v1/items?page=2&access_token=${s}&size=10`,
  "signed address": (s) => `https://acme.blob.core.windows.net/a?sv=2024-01-01&se=2030-01-01&sig=${s}`,
  "mysql's argument": (s) => `mysqldump -h db -u app -p${s} shop`,
  sshpass: (s) => `sshpass -p ${s} ssh app@example.com`,
  "redis-cli": (s) => `redis-cli -h cache -a ${s} ping`,
  "docker login": (s) => `docker login -u app -p ${s} registry.example.com`,
  openssl: (s) => `openssl rsa -in key.pem -passin pass:${s}`,
  netrc: (s) => `machine git.example.com login app password ${s}`,
  XML: (s) => `<settings><server><username>app</username><password>${s}</password></server></settings>`,
  TOML: (s) => `[database]\nuser = "app"\npassword = "${s}"\nport = 5432\n`,
  INI: (s) => `[security]\nadmin_user = admin\nadmin_password = ${s}\n`,
  dotenv: (s) => `LOG=info\nDB_PASSWORD=${s}\nPORT=80\n`,
  "quoted dotenv": (s) => `LOG=info\nDB_PASSWORD="${s} with a blank"\nPORT=80\n`,
  HCL: (s) => `provider "x" {\n  api_token = "${s}"\n}\n`,
  JavaScript: (s) => `module.exports = { user: "app", password: "${s}" };`,
  Ruby: (s) => `{ :user => "app", "password" => "${s}" }`,
  "helm set": (s) => `helm upgrade app . --set auth.password=${s},replicas=2`,
  "block of YAML": (s) => `a: [\npassword: |\n  ${s}\n  second line\nb: 1\n`,
  "Secret nobody can take apart": (s) => `{{ if }}\napiVersion: v1\nkind: Secret\ndata:\n  anything: ${s}\n`,
  "JSON within text": (s) => `result: {\\"user\\":\\"app\\",\\"password\\":\\"${s}\\"}`,
};

function shaped(): readonly Planted[] {
  const places: Readonly<Record<string, (text: string) => Readonly<Record<string, unknown>>>> = {
    attribute: (text) => ({ description: text }),
    "text of several lines": (text) => ({ script: `first\nsecond ${text} rest\nthird\n` }),
    list: (text) => ({ items: ["a", text, "b"] }),
    map: (text) => ({ data: { setting: text } }),
    key: (text) => ({ labels: { [text]: "x" } }),
  };
  const bodyOf = (secret: string) =>
    secret.split("\n").find((line) => line.length >= 16 && !line.startsWith("--")) ?? secret;
  const tokens = Object.entries(SHAPES).flatMap(([kind, make]) =>
    Object.entries(places).map(([place, attributes]): Planted => {
      const secret = make();
      const needle = secret.includes("rfc4106")
        ? secret.split(" ")[2]!
        : secret.startsWith("https://")
          ? secret
              .split("/")
              .filter((part) => part.length > 20)
              .at(-1)!
          : bodyOf(secret);
      return { place: `${kind} in a ${place}`, needle, attributes: attributes(secret) };
    }),
  );
  const phrases = Object.entries(PHRASES).flatMap(([kind, make]) =>
    Object.entries(places)
      .filter(([place]) => place !== "key")
      .map(([place, attributes]): Planted => {
        const secret = wordy();
        const needle = kind === "basic header" ? Buffer.from(`admin:${secret}`).toString("base64") : secret;
        return { place: `${kind} in a ${place}`, needle, attributes: attributes(make(secret)) };
      }),
  );
  return [...tokens, ...phrases];
}

/** Digits that open something, as a text and as a number. */
function codes(): readonly Planted[] {
  const names = "pin adminPin PIN pin_code otp totp unlock_code recoveryCode backup_codes security_code cvv".split(" ");
  const places: Readonly<Record<string, (name: string, code: string) => Readonly<Record<string, unknown>>>> = {
    number: (name, code) => ({ [name]: Number(code) }),
    text: (name, code) => ({ settings: { [name]: code } }),
    list: (name, code) => ({ [name]: ["0", code] }),
    "Helm values": (name, code) => ({ values: [`door:\n  ${name}: ${code}\n  open: true\n`] }),
    argument: (name, code) => ({ command: ["app", `--${name}=${code}`] }),
    shell: (name, code) => ({ script: `set -e\nexport ${name}=${code}\napp\n` }),
    "environment pair": (name, code) => ({ env: [{ name, value: code }] }),
    properties: (name, code) => ({ file: `a=1\n${name}=${code}\n` }),
  };
  return names.flatMap((name) =>
    Object.entries(places).map(([place, attributes]): Planted => {
      const needle = `9${random(7, "123456789")}`;
      return { place: `code as ${place} ${name}`, needle, attributes: attributes(name, needle) };
    }),
  );
}

export function plantedSecrets(): readonly Planted[] {
  counter = 0;
  return [...named(), ...codes(), ...shaped(), ...placed(wordy)];
}
