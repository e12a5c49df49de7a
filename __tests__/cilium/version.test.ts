import { CiliumVersion, ciliumVersionWarnings } from "../../lib/cilium";

describe("CiliumVersion", () => {
  test("installs 1.20.2 where nothing else is asked for", () => {
    expect(`${CiliumVersion.DEFAULT}`).toBe("1.20.2");
  });

  test.each([
    [CiliumVersion.V1_18, "1.18"],
    [CiliumVersion.V1_19, "1.19"],
    [CiliumVersion.V1_20, "1.20"],
  ])("%s is in the tested range", (version, minor) => {
    expect(version.supportedMinor).toBe(minor);
    expect(ciliumVersionWarnings(version)).toEqual([]);
  });

  test.each(["1.17.18", "1.21.0-pre.0", "2.0.0"])("%s is taken with a warning", (text) => {
    const version = CiliumVersion.of(text);
    expect(version.toString()).toBe(text);
    expect(version.supportedMinor).toBeUndefined();
    expect(ciliumVersionWarnings(version)).toEqual([
      expect.objectContaining({ property: "version", value: text, rule: expect.stringContaining("1.18 to 1.20") }),
    ]);
  });

  test.each(["v1.20.2", "1.20", "latest", "", "1.20.2.1", " 1.20.2"])("%j is refused", (text) => {
    expect(() => CiliumVersion.of(text)).toThrow("is not a chart version; write it as major.minor.patch");
  });

  test.each([
    ["1.20.2", "1.20.2", 0],
    ["1.20.10", "1.20.9", 1],
    ["1.9.0", "1.10.0", -1],
    ["1.20.0-rc.1", "1.20.0", -1],
    ["1.20.0-rc.10", "1.20.0-rc.9", 1],
    ["2.0.0", "1.99.99", 1],
  ])("%s compared with %s", (a, b, sign) => {
    expect(Math.sign(CiliumVersion.of(a).compare(CiliumVersion.of(b)))).toBe(sign);
    expect(Math.sign(CiliumVersion.of(b).compare(CiliumVersion.of(a)))).toBe(sign === 0 ? 0 : -sign);
    expect(CiliumVersion.of(a).isAtLeast(CiliumVersion.of(b))).toBe(sign >= 0);
  });
});
