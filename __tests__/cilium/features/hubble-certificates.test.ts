import {
  CiliumVersion,
  canWaitForPods,
  HUBBLE_CERTIFICATE_OPTIONS,
  type HubbleCertificateOptions,
  hubbleCertificateProblems,
  hubbleValues,
} from "../../../lib/cilium";
import { examine } from "../../../lib/validation";

describe("hubbleCertificateProblems", () => {
  test.each<[HubbleCertificateOptions, string[]]>([
    [{}, []],
    [{ method: "cronJob", schedule: "0 0 * * 0", validityDays: 30 }, []],
    [{ method: "certmanager", issuer: { name: "ca" }, validityDays: 30 }, []],
    [{ method: "certmanager" }, []],
    [{ issuer: { name: "ca" } }, ["issuer"]],
    [{ method: "certmanager", issuer: { name: "ca" }, schedule: "0 0 1 1 *" }, ["schedule"]],
    [{ schedule: "monthly" }, ["schedule"]],
    [{ validityDays: 0 }, ["validityDays"]],
    [{ validityDays: 1.5 }, ["validityDays"]],
    [{ validityDays: 123 }, ["validityDays"]],
    [{ validityDays: 124 }, []],
  ])("%j gives %j", (options, properties) => {
    const { problems, options: sound } = examine(options, HUBBLE_CERTIFICATE_OPTIONS);
    const found = [...problems, ...hubbleCertificateProblems(sound)];
    expect(found.map(({ property }) => property)).toEqual(properties);
  });
});

describe("canWaitForPods", () => {
  test("is false only where a hook signs what relay waits for", () => {
    expect(canWaitForPods(CiliumVersion.V1_18, hubbleValues())).toBe(false);
    expect(canWaitForPods(CiliumVersion.V1_18, hubbleValues({ relay: false }))).toBe(true);
    expect(
      canWaitForPods(
        CiliumVersion.V1_18,
        hubbleValues({ certificates: { method: "certmanager", issuer: { name: "ca" } } }),
      ),
    ).toBe(true);
    expect(canWaitForPods(CiliumVersion.V1_19, hubbleValues())).toBe(true);
    expect(canWaitForPods(CiliumVersion.V1_20, hubbleValues())).toBe(true);
  });
});
