import { Lazy } from "cdktf";
import {
  ChartKeys,
  CiliumVersion,
  effectiveRelease,
  effectiveValue,
  SUPPORTED_MINORS,
  writtenAs,
} from "../../lib/cilium";
import { OPTION_OF_PATH } from "../../lib/cilium/option-paths";

const release = effectiveRelease({
  defaults: { enableLBIPAM: false, cni: { binPath: "/bin" } },
  baseValues: { hubble: { relay: { enabled: true }, ui: { enabled: false } }, bpf: { masquerade: true } },
  values: { hubble: { ui: { enabled: true } }, prometheus: null, cni: { binPath: "/opt" } },
  optionOf: OPTION_OF_PATH,
});

describe("effectiveValue", () => {
  test.each<[string, unknown]>([
    ["hubble.ui.enabled", true],
    ["hubble.relay.enabled", true],
    ["cni.binPath", "/opt"],
    ["enableLBIPAM", false],
  ])("%s: the last layer wins", (path, value) => {
    expect(effectiveValue(release, path)).toBe(value);
  });

  test("what nobody wrote has the chart's default", () => {
    expect(effectiveValue(release, "hubble.metrics.port")).toBe(9965);
    expect(effectiveValue(effectiveRelease({}), "hubble.relay.enabled")).toBe(false);
    expect(effectiveValue(release, "no.such.key")).toBeUndefined();
  });

  test("versions outside the tested range are read with the nearest defaults", () => {
    for (const version of ["1.10.0", "1.99.0", "2.0.0"])
      expect(effectiveValue(effectiveRelease({ version: CiliumVersion.of(version) }), "prometheus.port")).toBe(9962);
  });

  test("tokens stay tokens", () => {
    const host = Lazy.stringValue({ produce: () => "10.0.0.2" });
    expect(effectiveValue(effectiveRelease({ values: { k8sServiceHost: host } }), "k8sServiceHost")).toBe(host);
  });
});

describe("writtenAs", () => {
  test.each([
    ["hubble.ui.enabled", "values.hubble.ui.enabled"],
    ["hubble.relay.enabled", "hubble.relay"],
    ["bpf.masquerade", "bpfMasquerade"],
    ["bpf.tproxy", "values.bpf.tproxy"],
    ["prometheus.enabled", "values.prometheus.enabled"],
    ["enableLBIPAM", "loadBalancerIpam"],
  ])("%s is named %s", (path, name) => {
    expect(writtenAs(release, path)).toBe(name);
  });

  test("a release of one's own has no options but its base values", () => {
    const own = effectiveRelease({ baseValues: { bpf: { masquerade: true } }, values: { debug: { enabled: true } } });
    expect(writtenAs(own, "bpf.masquerade")).toBe("baseValues.bpf.masquerade");
    expect(writtenAs(own, "debug.enabled")).toBe("values.debug.enabled");
  });
});

test("every path that an option decides is one of the chart", () => {
  const known = (path: string) => {
    const section = path.replace(/\.[^.]+$/, "");
    return SUPPORTED_MINORS.some((minor) => {
      const keys = ChartKeys.of(minor);
      return keys.paths.has(path) || keys.isCopied(section);
    });
  };
  expect(Object.keys(OPTION_OF_PATH).filter((path) => !known(path))).toEqual([]);
});
