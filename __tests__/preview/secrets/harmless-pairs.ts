/** Names that make one look, and values that no secret has, whatever the name. */
const SUSPICIOUS =
  "token tokens key keys api-key apiKeys ssh-keys auth-key authKey access_key tls-key private-key signing_key admin-token ADMIN_TOKEN x.y/auth-key".split(
    " ",
  );
const PLAIN: readonly unknown[] = [
  ..."a b1 v1 1h 30s 1.2.3 v1.20.2 10.0.0.0/8 192.0.2.1 192.0.2.1:443 true default main none RBAC ldap read Always".split(
    " ",
  ),
  ..."kubernetes.io/foo cilium.io/agent-not-ready node.kubernetes.io/not-ready example.com/team-name".split(" "),
  ..."https://example.com https://idp.example.com/oauth2/token ci@acme.iam.gserviceaccount.com projects/p/secrets/x".split(
    " ",
  ),
  ..."HS256 RS512 ed25519 RSA_2048 aes-gcm aes-256-gcm rfc4106 ssh-rsa /etc/app/key ./key.pem tls.key ${var.x} $(NAME) <none>".split(
    " ",
  ),
  12,
  ["a"],
  ["a", "b"],
  ["read", "write"],
  ["kubernetes.io/foo"],
  { enabled: true, ttl: "1h" },
];

/** Every such name with every such value, in each of the places in which names stand beside values. */
export const HARMLESS_PAIRS: readonly Readonly<Record<string, unknown>>[] = SUSPICIOUS.flatMap((name) =>
  PLAIN.flatMap((value) => [
    { [name]: value },
    { settings: [{ auth: { [name]: value } }] },
    ...(typeof value === "string"
      ? [
          { env: [{ name, value }] },
          { args: ["app", `--${name}=${value}`, "--verbose"] },
          { values: [`auth:\n  ${JSON.stringify(name)}: ${JSON.stringify(value)}\n`] },
        ]
      : []),
  ]),
);
