import { App } from "cdktf";
import { Environment } from "cdktf-gke-cilium";
import { CiliumOnly } from "./cilium-only";
import { payments } from "./payments";

const app = new App();
new Environment(app, payments);
new CiliumOnly(app, "cilium-only");
app.synth();
