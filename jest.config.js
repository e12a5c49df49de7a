/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  // Deep imports only and no type check here (`npm run lint` does that): a cold run stays within seconds.
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      { jsc: { parser: { syntax: "typescript" }, target: "es2022" }, module: { type: "commonjs" } },
    ],
  },
  testMatch: ["<rootDir>/__tests__/**/*.test.ts"],
  modulePathIgnorePatterns: ["<rootDir>/dist/", "<rootDir>/cdktf.out/", "<rootDir>/.*/node_modules/"],
  setupFilesAfterEnv: ["<rootDir>/setup.js"],
};
