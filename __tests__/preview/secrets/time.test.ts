import { MASK, maskByShape, Secrets } from "../../../lib/preview/diff/secrets";

/** What regular expressions stumble over: beginnings without an end, separators without a name, nesting. */
const HOSTILE: readonly string[] = [
  "eyJ",
  "eyJabc-",
  "eyJabcdefghijkl.",
  "-----BEGIN RSA PRIVATE KEY",
  "key=",
  'key="',
  'key="\\"',
  "https://",
  "://a:b",
  "a:b@tcp(",
  "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo",
  "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVoQUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo\n",
  "<key>",
  " --key",
  "mysql -p",
  "curl -u a:",
  "key: |\n ",
  "token: ",
  "basic ",
  "kind: Secret ",
  "SG.aaaaaaaaaaaaaaaaaaaaa-",
  "${",
  " ",
  "0",
];

/** The square of this many characters would keep a processor busy for longer than any hang may last. */
const LONG = 1_000_000;

/** Names of every kind of verdict, before every kind of separator, again and again. */
const NAMED = ["key", "hook", "pin", "otp", "api-key", "secretName", "salt", "passwords"].flatMap((name) => [
  `${name}=`,
  `${name}:`,
  `?${name}=`,
  `&${name}=`,
  `--${name}=`,
  `${name}=>`,
  `${name}=1-`,
  `"${name}":"`,
]);

test.each([...HOSTILE, ...NAMED])("a megabyte of %j is read to its end", (piece) => {
  expect(typeof maskByShape(piece.repeat(Math.ceil(LONG / piece.length)))).toBe("string");
});

test("ten thousand secrets in a megabyte of text are found", () => {
  const secrets = new Secrets();
  for (let i = 0; i < 10_000; i++) secrets.add(`secret-value-${i}-x`);
  const text = Array.from({ length: 40_000 }, (_, i) => `line ${i} of secret-value text`).join("\n");
  expect(secrets.mask(text)).toBe(text);
  expect(secrets.mask("a secret-value-9999-x b")).toBe(`a ${MASK} b`);
});
