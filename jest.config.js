/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  maxWorkers: "100%",
  // A busy machine is slow, not wrong: only what hangs fails by time.
  testTimeout: 300_000,
  // Deep imports only and no type check here (`npm run lint` does that): a cold run stays within seconds.
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      { jsc: { parser: { syntax: "typescript" }, target: "es2022" }, module: { type: "commonjs" } },
    ],
  },
  // Nothing else is searched for modules: not the packages, nor what is built.
  roots: ["__tests__", "environments", "lib", "sandbox", "scripts", "e2e"].map((directory) => `<rootDir>/${directory}`),
  watchman: false,
  testMatch: ["<rootDir>/__tests__/**/*.test.ts"],
  // Pages of the documentation import the library as its users do.
  moduleNameMapper: {
    "^cdktf-gke-cilium$": "<rootDir>/lib/index.ts",
    "^cdktf-gke-cilium/testing$": "<rootDir>/lib/testing/index.ts",
    "^cdktf-gke-cilium/lib/(.*)$": "<rootDir>/lib/$1/index.ts",
  },
};
