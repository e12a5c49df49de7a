import { CiliumVersion, effectiveRelease } from "../../../lib/cilium";
import {
  DATAPATH_OPTIONS,
  type DatapathOptions,
  datapathProblems,
  datapathValues,
} from "../../../lib/cilium/features/datapath";
import { encryptionProtocols } from "../../../lib/cilium/features/encryption";
import { describeProblem, examine } from "../../../lib/validation";

const PODS = "10.20.0.0/14";
const values = (options: DatapathOptions, version = CiliumVersion.V1_20) =>
  datapathValues(options, { version, name: "staging", pods: PODS })["encryption"];
const told = (encryption: unknown) =>
  examine({ encryption }, DATAPATH_OPTIONS).problems.map((problem) => describeProblem("x", problem));

describe("values", () => {
  test("none without the option", () => expect(values({})).toBeUndefined());

  test("WireGuard, and strict for the pods' own range", () => {
    expect(values({ encryption: { type: "wireguard" } })).toEqual({
      enabled: true,
      type: "wireguard",
      nodeEncryption: false,
    });
    expect(values({ encryption: { type: "wireguard", nodeToNode: true, strict: {} } })).toEqual({
      enabled: true,
      type: "wireguard",
      nodeEncryption: true,
      strictMode: { egress: { enabled: true, cidr: PODS } },
    });
  });

  test("strict mode stands where each minor's chart looks for it", () => {
    const options: DatapathOptions = { encryption: { type: "wireguard", strict: { cidr: "10.0.0.0/8" } } };
    const strict = { enabled: true, cidr: "10.0.0.0/8" };
    expect(values(options, CiliumVersion.V1_18)).toMatchObject({ strictMode: strict });
    expect(values(options, CiliumVersion.V1_19)).toMatchObject({ strictMode: { egress: strict } });
    expect(values({ encryption: { type: "wireguard", strict: { ingress: true } } })).toMatchObject({
      strictMode: { ingress: { enabled: true } },
    });
  });

  test("IPsec names a Secret and never a key", () => {
    expect(values({ encryption: { type: "ipsec" } })).toEqual({
      enabled: true,
      type: "ipsec",
      ipsec: { secretName: "cilium-ipsec-keys", keyFile: "keys", keyRotationDuration: "5m" },
    });
    expect(values({ encryption: { type: "ipsec", secretName: "ours", keyRotationMinutes: 30 } })).toMatchObject({
      ipsec: { secretName: "ours", keyRotationDuration: "30m" },
    });
  });
});

describe("refused", () => {
  test.each<[string, unknown, RegExp]>([
    ["a misspelt type", { type: "wiregard" }, /'encryption.type' \(wiregard\) is not one of wireguard, ipsec/],
    ["no type", {}, /'encryption.type' is missing/],
    ["what the other type has", { type: "wireguard", secretName: "x" }, /'encryption.secretName' \(x\) is no option/],
    ["node-to-node by IPsec", { type: "ipsec", nodeToNode: true }, /'encryption.nodeToNode' \(true\) is no option/],
    [
      "a range that is none",
      { type: "wireguard", strict: { cidr: "pods" } },
      /'encryption.strict.cidr' \(pods\) is not/,
    ],
    ["a name no Secret can have", { type: "ipsec", secretName: "My_Key" }, /'encryption.secretName' \(My_Key\)/],
    ["no minutes", { type: "ipsec", keyRotationMinutes: 0 }, /'encryption.keyRotationMinutes' \(0\)/],
    ["true", true, /'encryption' \(true\) is not an object/],
  ])("%s", (_, encryption, message) => {
    expect(told(encryption)).toEqual([expect.stringMatching(message)]);
  });

  test("strict mode for what comes in, with versions whose agents would not start", () => {
    const options: DatapathOptions = { encryption: { type: "wireguard", strict: { ingress: true } } };
    const problems = (version: CiliumVersion) => datapathProblems(options, { version, name: "staging", pods: PODS });
    expect(problems(CiliumVersion.V1_20)).toEqual([]);
    for (const version of [CiliumVersion.V1_18, CiliumVersion.V1_19])
      expect(problems(version)).toMatchObject([{ property: "encryption.strict.ingress" }]);
  });
});

test("ESP between nodes follows from IPsec, however it was asked for", () => {
  const protocols = (values: object) => encryptionProtocols(effectiveRelease({ values: values as never }));
  expect(protocols({ encryption: { enabled: true } })).toEqual(["esp"]);
  expect(protocols({ encryption: { enabled: true, type: "wireguard" } })).toEqual([]);
  expect(protocols({ encryption: { type: "ipsec" } })).toEqual([]);
});
