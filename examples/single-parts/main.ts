import { App } from "cdktf";
import { CiliumChained, CiliumOnly } from "./cilium";
import { ClusterOnly } from "./cluster";
import { KubeProxyOnly } from "./kube-proxy";
import { MonitoringOfDataplaneV2, MonitoringOnly } from "./monitoring";
import { NodePoolOnly } from "./node-pool";
import { PoliciesOnly, PolicyLogOnly } from "./policies";

const app = new App();
new ClusterOnly(app, "cluster-only");
new NodePoolOnly(app, "node-pool-only");
new CiliumOnly(app, "cilium-only");
new CiliumChained(app, "cilium-chained");
new KubeProxyOnly(app, "kube-proxy-only");
new MonitoringOnly(app, "monitoring-only");
new MonitoringOfDataplaneV2(app, "monitoring-of-dataplane-v2");
new PoliciesOnly(app, "policies-only");
new PolicyLogOnly(app, "policy-log-only");
app.synth();
