import { CiliumVersion, UNMANAGED_PODS_OPTIONS, unmanagedPodsProblems, unmanagedPodsValues } from "../../../lib/cilium";
import { examine } from "../../../lib/validation";

const { V1_18, V1_20 } = CiliumVersion;

describe("unmanagedPodsValues", () => {
  test("restarts what a Deployment brings back, and nothing else", () => {
    const watcher = unmanagedPodsValues({}, V1_20).operator?.unmanagedPodWatcher;
    expect(watcher).toEqual({
      restart: true,
      intervalSeconds: 15,
      selector: "pod-template-hash,cilium.io/restart-unmanaged notin (false)",
    });
  });

  test("restarts nothing where that is asked for", () => {
    for (const version of [V1_18, V1_20])
      expect(unmanagedPodsValues({ restartUnmanagedPods: false }, version)).toEqual({
        operator: { unmanagedPodWatcher: { restart: false } },
      });
  });

  test("carries the options", () => {
    expect(unmanagedPodsValues({ unmanagedPodSelector: "a=b", unmanagedPodIntervalSeconds: 60 }, V1_20)).toEqual({
      operator: { unmanagedPodWatcher: { restart: true, intervalSeconds: 60, selector: "a=b" } },
    });
  });

  test("gives 1.18 no selector, which its chart does not have", () => {
    expect(unmanagedPodsValues({}, V1_18).operator?.unmanagedPodWatcher).toEqual({
      restart: true,
      intervalSeconds: 15,
    });
  });
});

describe("unmanagedPodsProblems", () => {
  test.each([
    [{}, V1_18, []],
    [{ unmanagedPodSelector: "a=b", unmanagedPodIntervalSeconds: 60 }, V1_20, []],
    [{ unmanagedPodSelector: "a=b" }, V1_18, ["unmanagedPodSelector"]],
    [{ unmanagedPodSelector: "" }, V1_20, ["unmanagedPodSelector"]],
    [{ restartUnmanagedPods: false }, V1_20, []],
    [{ restartUnmanagedPods: true, unmanagedPodSelector: "a=b" }, V1_20, []],
    [{ restartUnmanagedPods: false, unmanagedPodSelector: "a=b" }, V1_20, ["unmanagedPodSelector"]],
    [{ restartUnmanagedPods: false, unmanagedPodIntervalSeconds: 30 }, V1_20, ["unmanagedPodIntervalSeconds"]],
    [{ unmanagedPodIntervalSeconds: 0 }, V1_20, ["unmanagedPodIntervalSeconds"]],
  ])("%j with %s gives %j", (options, version, properties) => {
    const { problems, options: sound } = examine(options, UNMANAGED_PODS_OPTIONS);
    const found = [...problems, ...unmanagedPodsProblems(sound, version)];
    expect(found.map(({ property }) => property)).toEqual(properties);
  });
});
