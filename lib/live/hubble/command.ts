import { spawn } from "node:child_process";
import { once } from "node:events";
import { readArguments } from "../arguments";
import { type LiveContext, runLive } from "../context";
import { EXIT_CODES, Failure } from "../failure";
import { Kubectl } from "../kubectl";
import { forward, observe } from "./observe";
import { findRelay, findUi } from "./way";

export const HUBBLE_HELP = `gke-cilium hubble: flows of a running cluster, as lines or as the map in a browser

Usage
  gke-cilium hubble <environment> [options] [-- <options of hubble observe>]
  gke-cilium hubble <environment> --ui

  gke-cilium hubble staging -- --follow --verdict DROPPED
  gke-cilium hubble staging -- --namespace shop --protocol http --output json

  --ui              the map: makes it answer on a port of this machine, and opens a browser, until Ctrl-C
  --no-browser      with --ui: only say where it answers
  --context <name>  a context of your kubeconfig, in place of the login of the environment's connection
  --output <dir>    what cdktf has written                 (cdktf.out)

Flows come from the relay, so from all nodes: by hubble where it is on the PATH (or HUBBLE names it), with the relay's
certificates where it speaks TLS; else by the one in an agent. On Dataplane V2 by the one beside Google's relay.

Exit codes: 0, 2 there is no relay or UI, or it is not ready, 1 error; not asked because there is no 3 tool, 4 login,
5 way to the cluster, 6 right; 130 interrupted
`;

/** Runs `gke-cilium hubble`. @returns the exit code. */
export async function hubbleCommand(args: readonly string[], given?: LiveContext): Promise<number> {
  return runLive("hubble", (context) => hubble(args, context), given);
}

async function hubble(args: readonly string[], context: LiveContext): Promise<number> {
  const end = args.indexOf("--");
  const [own, more] = end < 0 ? [args, []] : [args.slice(0, end), args.slice(end + 1)];
  const { values, asked: read } = readArguments(
    "hubble",
    own,
    { ui: { type: "boolean" }, "no-browser": { type: "boolean" } },
    "options of hubble observe stand behind --, without --ui",
  );
  if (values.help) {
    context.print(HUBBLE_HELP);
    return EXIT_CODES.fine;
  }
  const asked = read(context);
  if (values.ui && more.length > 0)
    throw new Failure("error", `${more.join(" ")} does not go with --ui`, "leave one of the two out");
  const kubectl = await Kubectl.open(asked, context, values.context);
  try {
    const api = await kubectl.api();
    if (!values.ui) return await observe(kubectl, api, await findRelay(api, asked), more, context);
    const { namespace, port } = await findUi(api, asked);
    const url = `http://localhost:${await forward(kubectl, namespace, "hubble-ui", port)}`;
    context.print(`Hubble's map answers at ${url} until Ctrl-C\n`);
    if (!values["no-browser"]) open(url, context);
    if (!context.signal.aborted) await once(context.signal, "abort");
    return EXIT_CODES.interrupted;
  } finally {
    kubectl.close();
  }
}

/** Opens a browser, where there is one: who has none has the address. */
function open(url: string, { variables }: LiveContext): void {
  const opener = { darwin: "open", win32: "explorer" }[process.platform as string] ?? "xdg-open";
  const child = spawn(variables["BROWSER"] || opener, [url], { stdio: "ignore", detached: true });
  child.once("error", () => {});
  child.unref();
}
