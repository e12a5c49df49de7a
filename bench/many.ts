import { App } from "cdktf";
import { environments } from "../environments";
import { Environment, withoutTokenTraces } from "../lib/environment";

/** Synthesizes `COPIES` environments: the shipped ones in turn, each under a name of its own. */
const copies = Number(process.env["COPIES"] ?? 1);
withoutTokenTraces(() => {
  const app = new App({ stackTraces: false });
  for (let copy = 0; copy < copies; copy++)
    new Environment(app, { ...environments[copy % environments.length]!, name: `environment-${copy}` });
  app.synth();
});
