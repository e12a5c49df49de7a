import { isSecretName, MASK, Secrets } from "../../../lib/preview/diff/secrets";

describe("isSecretName", () => {
  test.each([
    "password",
    "admin_password",
    "adminPassword",
    "DB_PASSWORD",
    "apiKey",
    "client_key",
    "token",
    "hubbleToken",
    "private_key",
    "passphrase",
    "clientSecret",
    "secrets",
  ])("%s holds a secret", (name) => expect(isSecretName(name)).toBe(true));
  test.each([
    "secretName",
    "secret_id",
    "tokenReviews",
    "passwordFile",
    "existingSecretRef",
    "key",
    "taint_key",
    "publicKey",
    "tokenTtl",
    "monkey",
    "compass",
  ])("%s only talks about one, or not even that", (name) => expect(isSecretName(name)).toBe(false));
});

describe("Secrets", () => {
  test("masks a value in every form in which it travels", () => {
    const secrets = new Secrets();
    secrets.add('pa"ss word/1');
    const base64 = Buffer.from('pa"ss word/1').toString("base64");
    for (const form of ['pa"ss word/1', base64, 'pa\\"ss word/1', "pa%22ss%20word%2F1"]) {
      expect(secrets.mask(`before ${form} after`)).toBe(`before ${MASK} after`);
    }
  });

  test("collects from lists and objects, and leaves everyday words alone", () => {
    const secrets = new Secrets();
    secrets.add({ a: ["opensesame"], b: { c: "yes" }, d: 1, e: null });
    expect(secrets.mask("opensesame yes")).toBe(`${MASK} yes`);
  });

  test("masks the longer of two secrets that begin alike", () => {
    const secrets = new Secrets();
    secrets.add(["abcdef", "abcdefghi"]);
    expect(secrets.mask("abcdefghi")).toBe(MASK);
  });

  test("takes special characters for themselves", () => {
    const secrets = new Secrets();
    secrets.add("a.*b+(c)[d]$^|\\");
    expect(secrets.mask("a.*b+(c)[d]$^|\\")).toBe(MASK);
    expect(secrets.mask("aXXb")).toBe("aXXb");
  });

  test("finds a key in several lines wherever it is indented", () => {
    const secrets = new Secrets();
    secrets.add("-----BEGIN X-----\nMIIEvQIBADANBgkqhkiG9w0\nAQEFAASCBKcwggSjAgEAAo\n-----END X-----");
    expect(secrets.mask("key: |\n    MIIEvQIBADANBgkqhkiG9w0\n    AQEFAASCBKcwggSjAgEAAo\n")).not.toMatch(/MIIE|AQEF/);
  });

  test.each([
    "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY-----\nMIIE (cut off",
    `ya29.${"a".repeat(40)}`,
    `AIza${"b".repeat(35)}`,
    `ghp_${"c".repeat(36)}`,
    `glpat-${"d".repeat(20)}`,
    "AKIAABCDEFGHIJKLMNOP",
    `eyJ${"a".repeat(12)}.eyJ${"b".repeat(12)}.${"c".repeat(12)}`,
  ])("masks by shape what nobody marked: %#", (secret) => {
    expect(new Secrets().mask(`x ${secret} y`)).not.toContain(secret.slice(8, 30));
  });

  test("masks every string of a report, keys too", () => {
    const secrets = new Secrets();
    secrets.add("opensesame");
    expect(secrets.maskAll({ opensesame: ["x opensesame", 1, null, true] })).toEqual({
      [MASK]: [`x ${MASK}`, 1, null, true],
    });
  });
});
