module.exports = {
  testEnvironment: "node",
  // A busy runner is slow, not wrong.
  testTimeout: 60_000,
  transform: { "^.+\\.ts$": ["@swc/jest", { jsc: { parser: { syntax: "typescript" }, target: "es2022" } }] },
  testMatch: ["<rootDir>/__tests__/**/*.test.ts"],
};
