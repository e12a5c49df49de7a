import { compareVersions, minorSteps, minorText, parseVersion } from "../../lib/facts/semver";

const parsed = (text: string) => {
  const version = parseVersion(text);
  if (version === undefined) throw new Error(`${text} is no version`);
  return version;
};

describe("parseVersion", () => {
  test.each([
    ["1.20.2", { major: 1, minor: 20, patch: 2 }],
    ["v1.20.2", { major: 1, minor: 20, patch: 2 }],
    ["1.33", { major: 1, minor: 33, patch: 0 }],
    ["1.20.0-rc.1", { major: 1, minor: 20, patch: 0, prerelease: "rc.1" }],
    ["1.20.0+build.7", { major: 1, minor: 20, patch: 0 }],
    ["1.33.5-gke.1080000", { major: 1, minor: 33, patch: 5, gke: 1080000 }],
  ])("reads %s", (text, version) => {
    expect(parseVersion(text)).toEqual(version);
  });

  test.each(["", "1", "latest", "1.2.3.4", "1.2.x", " 1.2.3", "1.2.3-", undefined, null, 1.2, {}])("not %p", (text) => {
    expect(parseVersion(text)).toBeUndefined();
  });
});

describe("compareVersions", () => {
  test("orders as semver.org says, §11", () => {
    const ordered = [
      "1.0.0-alpha",
      "1.0.0-alpha.1",
      "1.0.0-alpha.beta",
      "1.0.0-beta",
      "1.0.0-beta.2",
      "1.0.0-beta.11",
      "1.0.0-rc.1",
      "1.0.0",
      "1.0.1",
      "1.2.0",
      "1.10.0",
      "2.0.0",
    ];
    for (const [at, text] of ordered.entries())
      for (const [otherAt, other] of ordered.entries())
        expect([text, other, Math.sign(compareVersions(parsed(text), parsed(other)))]).toEqual([
          text,
          other,
          Math.sign(at - otherAt),
        ]);
  });

  test("takes GKE's patches for newer than the release they are of", () => {
    expect(compareVersions(parsed("1.33.5-gke.1080000"), parsed("1.33.5"))).toBeGreaterThan(0);
    expect(compareVersions(parsed("1.33.5-gke.1080000"), parsed("1.33.5-gke.999"))).toBeGreaterThan(0);
    expect(compareVersions(parsed("1.33.5-gke.1080000"), parsed("1.33.6"))).toBeLessThan(0);
  });
});

test("minors are counted", () => {
  expect(minorSteps(parsed("1.18.4"), parsed("1.20.0"))).toBe(2);
  expect(minorSteps(parsed("1.20.0"), parsed("1.19.9"))).toBe(-1);
  expect(minorSteps(parsed("1.20.0"), parsed("2.0.0"))).toBeGreaterThan(50);
  expect(minorText(parsed("1.33.5-gke.1"))).toBe("1.33");
});
