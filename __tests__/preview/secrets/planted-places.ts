import type { Planted } from "./planted";

/** What has neither a name nor a shape of its own, but stands where only secrets stand. */
export function placed(wordy: () => string): readonly Planted[] {
  const plant = (
    place: string,
    make: (secret: string) => Readonly<Record<string, unknown>>,
    type?: string,
  ): Planted => {
    const needle = wordy();
    return { place, needle, attributes: make(needle), type };
  };
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  return [
    plant(
      "several lines below password",
      (s) => ({ values: [`password: |\n  ${s}\n  second ${s}\n`] }),
      "helm_release",
    ),
    plant("number in text", () => ({ description: "nothing" })),
    plant(
      "data of a Secret",
      (s) => ({
        manifest: { apiVersion: "v1", kind: "Secret", data: { anything: base64(s) }, stringData: { other: s } },
      }),
      "kubernetes_manifest",
    ),
    plant(
      "data of a Secret in YAML",
      (s) => ({ yaml_body: `apiVersion: v1\nkind: Secret\nstringData:\n  anything: ${s}\n` }),
      "kubectl_manifest",
    ),
    plant("data of the Secret resource", (s) => ({ data: { anything: s } }), "kubernetes_secret_v1"),
    plant("data of the Secret resource of old", (s) => ({ data: { anything: s } }), "kubernetes_secret"),
    plant("set_sensitive", (s) => ({ set_sensitive: [{ name: "anything", value: s }] }), "helm_release"),
    plant("set", (s) => ({ set: [{ name: "auth.adminPassword", value: s }] }), "helm_release"),
    plant("list of passwords", (s) => ({ passwords: ["a-first-one", s] })),
    plant("map of passwords", (s) => ({ passwords: { app: s, other: "another-one" } })),
    plant("map of tokens", (s) => ({ api_tokens: { billing: s } })),
    plant("key of a licence", (s) => ({ license: { key: s } })),
    plant("key of an API", (s) => ({ api: [{ key: s }] })),
    plant("docker's auth", (s) => ({ auths: { "gcr.io": { auth: base64(`user:${s}`) } } })),
    plant("map of a secret", (s) => ({ secretData: { a: s } })),
    plant("default below a name", (s) => ({ token: { default: s } })),
    plant("file called after it", (s) => ({ data: { "password.txt": s } })),
    plant("list of a registry's logins", (s) => ({
      imagePullSecrets: [{ registry: "ghcr.io", username: "u", password: s }],
    })),
    plant("data of a chart's Secret", (s) => ({ secret: { create: true, data: { anything: s } } })),
    plant("stringData of a chart", (s) => ({ extra: { stringData: { anything: s } } })),
    plant("element with a name and a value", (s) => ({ file: `<property name="password" value="${s}"/>` })),
    plant("element in JSON", (s) => ({ file: JSON.stringify({ xml: `<entry key="db.password" value="${s}" />` }) })),
    plant("token before x-oauth-basic", (s) => ({ url: `https://${s}:x-oauth-basic@github.com/acme/app.git` })),
    plant("routing key", (s) => ({ pagerduty_configs: [{ routing_key: `R0${s}${s}` }] })),
    plant("SNMP", (s) => ({ snmp: { community: s } })),
    plant("basicauth", (s) => ({ basicauth: `user:${s}` })),
    plant("key in a query", (s) => ({ address: `https://example.com/x?key=${s}&page=1` })),
    plant("sentence", (s) => ({ text: `Note: the password for admin is: ${s} (change it)` })),
    plant("value on the next line", (s) => ({ script: `{{ if }}\npassword:\n  ${s}\nx: [\n` })),
    plant("header as a pair", (s) => ({ headers: [{ name: "Authorization", value: `Bearer ${s}` }] })),
    plant("pair called key", (s) => ({ tags: [{ key: "db_password", value: s }] })),
    plant("plain below a name", (s) => ({ token: { plaintext: s } })),
    plant("expression with text of its own", (s) => ({ admin_password: `\${var.prefix}-${s}` })),
    plant("function in an expression", (s) => ({ admin_password: `\${base64encode("${s}")}` })),
    plant("object in an expression", (s) => ({ policy: `\${jsonencode({ user = var.user, password = "${s}" })}` })),
    plant("values with an expression", (s) => ({ values: [`host: \${var.host}\npassword: ${s}\n`] }), "helm_release"),
    plant("webhook of nobody's", () => ({ webhook_url: "https://chat.example.com/in/none" })),
  ].filter(({ place }) => !["number in text", "webhook of nobody's"].includes(place));
}
