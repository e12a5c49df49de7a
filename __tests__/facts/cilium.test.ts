import {
  agentFlag,
  agentFlagOf,
  ChartKeys,
  isOfType,
  minorsWith,
  nearestMinorOf,
  parseValueTypes,
  removedKeyAt,
  SUPPORTED_MINORS,
  successorOf,
  supportedMinorOf,
  TESTED_KUBERNETES,
} from "../../lib/facts/cilium";
import { parseVersion } from "../../lib/facts/semver";

const V1_20 = { major: 1, minor: 20 };

describe("ChartKeys", () => {
  test.each(SUPPORTED_MINORS)("of %s knows what the templates read through a variable", (minor) => {
    const keys = ChartKeys.of(minor);
    for (const key of ["hostNamespaceOnly", "tracing", "terminatePodConnections"])
      expect(keys.paths.has(`socketLB.${key}`)).toBe(true);
  });

  test("knows a section from what is copied whole", () => {
    const keys = ChartKeys.of("1.20");
    expect(["hubble", "operator.updateStrategy", "nodeSelector"].map((path) => keys.isSection(path))).toEqual([
      true,
      false,
      false,
    ]);
    expect(keys.isCopied("extraConfig")).toBe(true);
    expect(keys.isCopied("hubble")).toBe(false);
  });

  test("leaves out what is removed, although a template still reads it", () => {
    expect(ChartKeys.of("1.20").paths.has("hostServices.enabled")).toBe(false);
    expect(ChartKeys.of("1.18").paths.has("ipam.operator.clusterPoolIPv4PodCIDR")).toBe(false);
  });

  test("has the defaults and the types of each minor", () => {
    expect(ChartKeys.of("1.20").defaultOf("operator.replicas")).toBe(2);
    expect(ChartKeys.of("1.20").defaultOf("no.such.key")).toBeUndefined();
    expect(ChartKeys.of("1.20").typesAt("hubble.metrics.enabled")).toEqual([{ kind: "null" }, { kind: "list" }]);
    expect(ChartKeys.of("1.18").typesAt("nodeinit.removeCbrBridge")).toBeUndefined();
    expect(minorsWith("minReadySeconds")).toEqual(["1.20"]);
  });

  test("says which documented keys no template reads", () => {
    const keys = ChartKeys.of("1.20");
    expect(keys.isRead("securityContext.allowPrivilegeEscalation")).toBe(false);
    expect(keys.isRead("nodeSelector.kubernetes.io/os")).toBe(true);
    expect(keys.isRead("hubble.relay.enabled")).toBe(true);
  });
});

describe("types of values", () => {
  test.each<[string, unknown[], unknown[]]>([
    ["null|string", [null, "x"], [1, true, {}, []]],
    ["integer(0..255)", [0, 255], [-1, 256, 1.5, "1"]],
    ['"Local"|"Cluster"', ["Local"], ["local", ""]],
    ["string[]", [[], ["a"]], ["a", {}]],
    ["object", [{}], [[], null, "x"]],
    ["number|boolean", [1.5, false], ["1.5"]],
  ])("%s", (cell, fitting, others) => {
    const types = parseValueTypes(cell);
    const fits = (value: unknown) => types.some((type) => isOfType(value, type));
    expect(fitting.filter((value) => !fits(value))).toEqual([]);
    expect(others.filter(fits)).toEqual([]);
  });
});

describe("agent flags", () => {
  test("are known with the type that the agent reads", () => {
    expect(agentFlagOf("hubble.eventQueueSize")).toEqual({
      flag: "hubble-event-queue-size",
      path: "hubble.eventQueueSize",
      type: "int",
    });
    expect(agentFlagOf("bpf.monitorInterval")?.type).toBe("duration");
    expect(agentFlagOf("podAnnotations")).toBeUndefined();
    expect(agentFlag("kube-proxy-replacement")).toEqual({ flag: "kube-proxy-replacement", type: "bool" });
    expect(agentFlag("no-such-flag")).toBeUndefined();
  });
});

describe("removed keys", () => {
  test("are found at and below the entry, from their minor on", () => {
    expect(removedKeyAt("externalIPs.enabled", V1_20)?.key).toBe("externalIPs");
    expect(removedKeyAt("encryption.strictMode.cidr", { major: 1, minor: 19 })).toBeUndefined();
  });

  test.each<[string, unknown, string | undefined]>([
    ["bpf.hostRouting", true, "bpf.hostLegacyRouting: false"],
    ["bpf.hostRouting", false, "bpf.hostLegacyRouting: true"],
    ["config.ipam", "kubernetes", "ipam.mode: kubernetes"],
    ["tunnel", "disabled", "routingMode: native"],
    ["tunnel", "geneve", "routingMode: tunnel and tunnelProtocol: geneve"],
    ["tunnel", {}, "routingMode and tunnelProtocol"],
    ["externalIPs.enabled", true, "kubeProxyReplacement: true"],
    ["endpointStatus", true, undefined],
  ])("%s: %j is %s today", (path, value, today) => {
    const entry = removedKeyAt(path, V1_20);
    expect(entry && successorOf(entry, path, value)).toBe(today);
  });
});

describe("minors", () => {
  test("in the tables, and the nearest to others", () => {
    expect(supportedMinorOf(V1_20)).toBe("1.20");
    expect(supportedMinorOf({ major: 2, minor: 20 })).toBeUndefined();
    expect(
      [
        [0, 9],
        [1, 7],
        [1, 19],
        [1, 30],
        [2, 0],
      ].map(([major = 0, minor = 0]) => nearestMinorOf({ major, minor })),
    ).toEqual(["1.18", "1.18", "1.19", "1.20", "1.20"]);
  });

  test("each name the Kubernetes minors they were tested with, in order", () => {
    for (const { first, last, source } of Object.values(TESTED_KUBERNETES)) {
      expect(parseVersion(last)?.minor).toBeGreaterThan(parseVersion(first)?.minor ?? 99);
      expect(source).not.toBe("");
    }
  });
});
