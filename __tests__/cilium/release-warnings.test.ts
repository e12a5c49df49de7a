import { CiliumVersion, type HelmValues } from "../../lib/cilium";
import { ciliumVersionWarnings, kubernetesVersionWarnings } from "../../lib/cilium/release-warnings";
import { Dataplane, type KubeProxyFreeOptions } from "../../lib/dataplane";
import { describeEnvironment } from "../../lib/environment";
import { describeProblem } from "../../lib/validation";
import { definition } from "../support/definition";

/** What an environment is warned about on behalf of its dataplane. */
function warnings(options: KubeProxyFreeOptions, minVersion?: string): string[] {
  const { problems, dataplane } = describeEnvironment(
    definition({ dataplane: Dataplane.kubeProxyFree(options), ...(minVersion && { cluster: { minVersion } }) }),
  );
  expect(problems).toEqual([]);
  return (dataplane?.warnings ?? []).map((warning) => describeProblem("staging", warning));
}
const ofValues = (values: HelmValues, more: KubeProxyFreeOptions = {}) => warnings({ values, ...more });
const told = (pattern: RegExp) => expect.arrayContaining([expect.stringMatching(pattern)]) as unknown;

test("the defaults deserve no warning", () => {
  expect(warnings({})).toEqual([]);
});

describe("the minor of Kubernetes against that of Cilium", () => {
  test.each(["1.33", "1.34.4-gke.1000", "1.36"])("1.20 is tested with %s", (kubernetes) => {
    expect(kubernetesVersionWarnings(CiliumVersion.V1_20, kubernetes)).toEqual([]);
    expect(warnings({}, kubernetes)).toEqual([]);
  });

  test.each([
    ["1.32", "older ones have no support", "use Cilium 1.19"],
    ["1.37", "newer ones depend on the compatibility that Kubernetes offers", "hold GKE within 1.33 to 1.36"],
    ["1.30", "older ones have no support", "use Cilium 1.18"],
  ])("%s is outside of what 1.20 is tested with: both are named, and what to do", (kubernetes, why, remedy) => {
    const [message, ...more] = warnings({}, kubernetes);
    expect(more).toEqual([]);
    expect(message).toContain("'dataplane.version' (1.20.2)");
    expect(message).toContain(`with Kubernetes 1.33 to 1.36, and the control plane is ${kubernetes}`);
    expect(message).toContain(why);
    expect(message).toContain(remedy);
  });

  test("nothing is said where the version is not known", () => {
    expect(kubernetesVersionWarnings(CiliumVersion.V1_20, undefined)).toEqual([]);
    expect(kubernetesVersionWarnings(CiliumVersion.of("1.25.0"), "1.37")).toEqual([]);
  });
});

test("a version of Cilium that no test covers", () => {
  expect(ciliumVersionWarnings(CiliumVersion.of("1.19.6"))).toEqual([]);
  expect(ciliumVersionWarnings(CiliumVersion.of("1.25.0"))).toMatchObject([{ property: "version", value: "1.25.0" }]);
});

test("a risk stands among the warnings with its reason, and the value with it", () => {
  const values = { cni: { exclusive: false } };
  const accept = [{ risk: "override:cni.exclusive" as const, reason: "Multus is the second one" }];
  expect(ofValues(values, { accept })).toEqual(
    told(/'dataplane\.accept' \(override:cni\.exclusive\) .*Multus is the second one/),
  );
});

test("keys on their way out name their successor; keys that nothing reads are named, live ones are not", () => {
  expect(ofValues({ localRedirectPolicy: true })).toEqual(
    told(/'dataplane\.values\.localRedirectPolicy' is on its way out of the chart; use localRedirectPolicies\.enabled/),
  );
  expect(ofValues({ debug: { enabled: true } })).toEqual([]);
});
