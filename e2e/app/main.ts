import { synthesize } from "../../lib/environment";
import { E2E_ENVIRONMENTS, MESH_ENVIRONMENTS } from "./environments";
import { VARIATIONS } from "./variations";

/**
 * The app of one environment's working directory: the environment as it ships, changed as the named variations say, and
 * those that it is in a mesh with.
 * `node dist/e2e/app/main.js staging dataplane=cilium-1.19.6 label=core`. No names give exactly what ships.
 */
function main([name = "", ...names]: readonly string[]): void {
  const shipped = E2E_ENVIRONMENTS.find((environment) => environment.name === name);
  if (!shipped) throw new Error(`no environment '${name}' to be deployed`);
  const changed = names.reduce((definition, edit) => {
    const [variation = "", value = ""] = edit.split("=");
    const change = VARIATIONS[name]?.[variation];
    if (!change) throw new Error(`'${name}' has no variation '${variation}'`);
    return change(definition, value);
  }, shipped);
  // What clusters of a mesh say of each other is judged between them.
  const others = MESH_ENVIRONMENTS.includes(shipped) ? MESH_ENVIRONMENTS.filter((other) => other !== shipped) : [];
  synthesize([changed, ...others]);
}

main(process.argv.slice(2));
