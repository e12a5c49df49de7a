import { synthEnvironment, synthStacks, terraformSerializer } from "cdktf-gke-cilium/testing";
import { CiliumOnly } from "../cilium-only";
import { payments } from "../payments";

expect.addSnapshotSerializer(terraformSerializer);

test("the payments environment is what was reviewed", () => {
  expect(synthEnvironment(payments)).toMatchSnapshot();
});

test("Cilium alone is what was reviewed", () => {
  expect(synthStacks((app) => new CiliumOnly(app, "cilium-only"))).toMatchSnapshot();
});
