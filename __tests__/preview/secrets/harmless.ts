/** Attributes that look like secrets to a careless eye and are none: nothing of them may be masked. */
export const HARMLESS: readonly Readonly<Record<string, unknown>>[] = [
  // Names of Secrets, and where to find them.
  {
    existingSecret: "grafana-admin",
    secretName: "hubble-tls",
    secret_name: "cilium-ca",
    existingSecretPasswordKey: "admin-password",
  },
  { imagePullSecrets: [{ name: "regcred" }], pullSecrets: ["regcred", "quay"], image_pull_secrets: ["regcred"] },
  { env: [{ name: "DB_PASSWORD", valueFrom: { secretKeyRef: { name: "db", key: "password" } } }] },
  {
    env: [{ name: "DB_PASSWORD", value_source: [{ secret_key_ref: [{ secret: "db-password", version: "latest" }] }] }],
  },
  {
    volumes: [
      {
        name: "token",
        secret: { secretName: "cilium-token", defaultMode: 420, items: [{ key: "tls.key", path: "server.key" }] },
      },
    ],
  },
  {
    volumes: [
      {
        name: "sa",
        projected: {
          sources: [{ serviceAccountToken: { path: "token", expirationSeconds: 3600, audience: "vault" } }],
        },
      },
    ],
  },
  {
    passwordSecret: "db-credentials",
    tlsSecret: "ingress-tls",
    caSecret: "cilium-ca",
    certificateSecret: "wildcard-cert",
  },
  {
    secretRef: { name: "app-env", namespace: "shop" },
    secretKeyRef: { name: "db", key: "password" },
    credentialsSecretRef: { name: "aws" },
  },
  {
    secretsNamespace: { create: true, name: "cilium-secrets" },
    secretsBackend: "k8s",
    tls: { secretSync: { enabled: true } },
  },
  {
    secret: { create: false, name: "my-secret", annotations: { a: "b" } },
    secrets: [{ name: "app", namespace: "shop" }],
  },
  {
    secret: "projects/acme/secrets/db-password",
    secret_id: "db-password",
    secret_version: "projects/1/secrets/x/versions/2",
  },
  {
    spec: {
      secretStoreRef: { name: "vault", kind: "ClusterSecretStore" },
      data: [{ secretKey: "password", remoteRef: { key: "shop/db", property: "password" } }],
    },
  },
  // Not the secret but something about it.
  {
    automountServiceAccountToken: true,
    token_ttl: "1h",
    tokenReview: "enabled",
    tokenExpirationSeconds: 600,
    max_tokens: 4096,
    tokens: 12,
  },
  {
    password_policy: "strong",
    passwordLength: 32,
    password_file: "/etc/db/password",
    passwordPath: "/run/secrets/db",
    token_url: "https://idp.example.com/token",
  },
  {
    api_key_enabled: true,
    credentials_path: "~/.config/gcloud/application_default_credentials.json",
    credentials: "./key.json",
    secretRotationDays: 30,
  },
  {
    accessToken: { lifespan: "5m", strategy: "rotating" },
    token: { enabled: true, audience: "vault", expirationSeconds: 3600, issuer: "https://x" },
  },
  {
    password: "",
    token: null,
    secret: "${var.secret}",
    api_key: "$(API_KEY)",
    apiKey: "{{ .Values.apiKey }}",
    clientSecret: "$CLIENT_SECRET",
  },
  {
    password: "${random_password.db.result}",
    token: "${data.google_client_config.default.access_token}",
    private_key: "file:///keys/a",
  },
  { password: "(known after apply)", secret: "***", token: "<your token>", apiKey: "REDACTED" },
  // Keys that open nothing.
  {
    kms_key_name: "projects/acme/locations/eu/keyRings/a/cryptoKeys/b",
    boot_disk_kms_key: "projects/p/locations/l/keyRings/r/cryptoKeys/k",
  },
  {
    public_key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJl3dIeudNqd0DPMRD6OIh65tRcUgn1v6yFjWYbk3aVq ops@example.com",
    ssh_public_key: "ssh-rsa AAAAB3NzaC1yc2E",
  },
  {
    key: "node.cilium.io/agent-not-ready",
    value: "true",
    effect: "NO_EXECUTE",
    agentNotReadyTaintKey: "node.cilium.io/agent-not-ready",
  },
  {
    partition_key: "tenant_id",
    sort_key: "created_at",
    primary_key: "id",
    routing_key: "orders.created",
    topologyKey: "kubernetes.io/hostname",
  },
  {
    tls: { certKey: "tls.crt", keyKey: "tls.key", key: "/etc/tls/tls.key", cert: "/etc/tls/tls.crt" },
    ssh: { key: "id_rsa.pub" },
  },
  {
    auth: { enabled: true, type: "ldap" },
    authentication: { mutual: { spire: { enabled: false } } },
    authorization: "RBAC",
    authorization_mode: "Node,RBAC",
  },
  {
    ssh_keys: "ubuntu:ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJl3dIeudNqd0DPMRD6OIh65tRcUgn1v6yFjWYbk3aVq",
    accessToken: { lifespan: "5m" },
  },
  {
    note: "The token is valid for an hour. Which password is used? The secret is kept in Vault.",
    auth: "none",
    login: "admin",
  },
  // Words that only contain one.
  {
    compass: "north",
    monkey: "business",
    bypass: "10.0.0.0/8",
    passthrough: "tls",
    keyboard: "de",
    tokenizer: "words",
    secretary: "Ms Example",
  },
  {
    proxy_pass: "http://backend:8080",
    fastcgi_pass: "unix:/run/php.sock",
    hotkeys: "a",
    keyspace: "app",
    keepalive: 30,
  },
  // Identifiers, digests, certificates.
  {
    self_link: "https://www.googleapis.com/compute/v1/projects/acme/zones/europe-west1-b/instances/a",
    etag: "BwYx3nX9kZk=",
    fingerprint: "42WmSpB8rSM=",
  },
  {
    image: "quay.io/cilium/cilium:v1.20.2@sha256:4ce1666a73815101ec9a4d360af6c5b7f1193ab00d89b7124f8505dee147ca40",
    digest: "sha256:4ce1666a",
  },
  {
    "checksum/config": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    commit: "0123456789abcdef0123456789abcdef01234567",
  },
  {
    cluster_ca_certificate: Buffer.from(
      "-----BEGIN CERTIFICATE-----\nMIIDKDCCAhCgAwIBAgIRAO\n-----END CERTIFICATE-----\n",
    ).toString("base64"),
  },
  {
    ca_bundle: "-----BEGIN CERTIFICATE-----\nMIIDKDCCAhCgAwIBAgIRAOabcdefghijklmnop\n-----END CERTIFICATE-----\n",
    id: "b2c3d4e5-1111-2222-3333-444455556666",
  },
  {
    service_account: "gke-nodes@acme-prod.iam.gserviceaccount.com",
    member: "serviceAccount:gke@acme.iam.gserviceaccount.com",
    unique_id: "104857600123456789012",
  },
  {
    url: "https://example.com:8443/a@b/c",
    repository: "oci://registry.example.com:5000/charts",
    git: "git@github.com:acme/app.git",
    ssh: "ssh://git@github.com/acme/app",
  },
  {
    database_url: "postgres://db.example.com:5432/shop",
    redis: "redis://cache:6379/0",
    amqp: "amqp://guest@mq:5672/",
    proxy: "http://proxy:3128",
  },
  {
    webhook: { failurePolicy: "Ignore", url: "https://svc.shop.svc:8443/validate" },
    webhook_url: "https://hooks.example.com/deploy",
  },
  {
    user: "1000:1000",
    runAs: "docker run -u 1000:1000 app",
    tag: "token:1.2.3",
    image2: "registry.example.com/secret/token:latest",
  },
  {
    args: [
      "--token-ttl=1h",
      "--secret-name=cilium-ca",
      "--auth-mode",
      "RBAC",
      "--authorization-mode=Node,RBAC",
      "--password-file=/run/secrets/x",
      "--key-file",
      "/a/b.key",
    ],
  },
  {
    policy: JSON.stringify({
      rules: [{ apiGroups: [""], resources: ["secrets", "tokens"], verbs: ["get"], resourceNames: ["db-password"] }],
    }),
  },
  {
    script:
      '#!/bin/sh\nset -eu\nfor key in $KEYS; do echo "$key: done"; done\nTOKEN=$(cat /run/token)\nexport PASSWORD="$1"\ncurl -H "Authorization: Bearer $TOKEN" https://x\n',
  },
  {
    description:
      "The password: choose a long one. A token is not a secret: keep it anyway. See https://example.com/docs#password=none",
  },
  { text: "Basic settings and bearer capability; token based authentication; basic information about keys" },
  {
    query: 'sum(rate(cilium_drop_count_total{reason!="Policy denied"}[5m])) by (key, token)',
    legend: "{{key}} {{token}}",
  },
  {
    labels: { "app.kubernetes.io/name": "secrets-store", "auth.example.com/mode": "token", "token-type": "jwt" },
    selector: "app=token-service",
  },
  {
    kind: "SealedSecret",
    spec: { encryptedData: {}, template: { type: "kubernetes.io/tls" } },
    reloader: "secret.reloader.stakater.com/reload",
  },
  {
    kind: "ConfigMap",
    data: { "app.yaml": "server:\n  port: 80\n  authMode: token\n  secretName: app\n  tokenFile: /run/token\n" },
  },
  {
    ipsec: { secretName: "cilium-ipsec-keys", keyFile: "keys", mountPath: "/etc/ipsec", interface: "eth0" },
    encryption: { enabled: true, type: "wireguard" },
  },
  {
    set: [
      { name: "auth.existingSecret", value: "grafana-admin" },
      { name: "tls.secretName", value: "tls" },
      { name: "token.enabled", value: "true" },
    ],
  },
  {
    values: [
      "auth:\n  existingSecret: grafana\n  secretKeys:\n    adminPasswordKey: admin-password\nenvFrom:\n  - secretRef:\n      name: app\n",
    ],
  },
  {
    name: "external-secrets",
    chart: "external-secrets",
    version: "0.10.0",
    values: ["installCRDs: true\n"],
    repository: "https://charts.external-secrets.io",
  },
  { "ssh-keys": "a", "auth-key": "kubernetes.io/foo", tokens: ["a"] },
  {
    pin: "v1.2.3",
    pinned: "sha256:4ce1666a",
    gpio_pin: 17,
    country_code: 4912345,
    status_code: 503123,
    zip_code: "10115",
  },
  { secrets: ["app", "shop"], credentials: ["grafana-oauth", "registry"], Secrets: ["db-credentials"] },
  { imagePullSecrets: [{ name: "registry-login" }], bindings: [{ routing_key: "orders.created.eu" }] },
  { file: '<property name="token.path" value="/run/token"/><entry key="password.file" value="/run/x"/>' },
  { knowledge_base: "docs-production" },
  { name: "token", namespace: "shop", value: null, content_type: "text/plain", labels: { secret: "no" } },
];
