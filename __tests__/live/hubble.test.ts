import { resolve } from "node:path";
import { Dataplane } from "../../lib/dataplane";
import type { EnvironmentDefinition } from "../../lib/environment";
import { hubbleCommand } from "../../lib/live";
import { google, leftovers, type Outcome, type Played, run, synthesize } from "./cluster";
import { healthy } from "./objects";

const HUBBLE = resolve(__dirname, "fixtures/fake-hubble.js");
const MANAGED = "gke-managed-dpv2-observability";

/** A cluster with a relay and a map. */
function answers(namespace = "kube-system", port = 80): Record<string, unknown> {
  const slices = `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`;
  const service = (name: string, own: number) => ({
    [`/api/v1/namespaces/${namespace}/services/${name}`]: { spec: { clusterIP: "10.24.0.7", ports: [{ port: own }] } },
  });
  return {
    ...healthy(),
    ...service("hubble-relay", port),
    ...service("hubble-ui", 80),
    [slices]: { items: [{ endpoints: [{ conditions: { ready: true } }] }] },
  };
}

async function hubble(
  played: Played,
  args: readonly string[],
  variables: Record<string, string> = {},
): Promise<Outcome> {
  const installed = variables["HUBBLE"] ? { run: () => "hubble v1.20.2" } : {};
  return run(hubbleCommand, ["staging", ...args], played, { ...(await google()), ...variables }, installed);
}

const started = ({ calls }: Outcome) =>
  calls.filter(([first]) => first === "--kubeconfig").map(([, , ...args]) => args.join(" "));

test("with hubble on the PATH flows come through a port of this machine", async () => {
  synthesize();
  const outcome = await hubble({ answers: answers() }, ["--", "--last", "5"], { HUBBLE });
  expect(outcome.code).toBe(0);
  expect(outcome.printed).toBe("flows by observe --server 127.0.0.1:41234 --last 5\n");
  expect(started(outcome)).toContain(
    "port-forward --address 127.0.0.1 --namespace kube-system service/hubble-relay :80",
  );
  expect(outcome.warned).toContain("observe --server 127.0.0.1:41234 --last 5");
});

test("a relay that speaks TLS is trusted by its authority, and gets the client's certificate; both are gone afterwards", async () => {
  const relay = { tls: { server: { enabled: true, relayName: "relay.acme.example" } } };
  synthesize({ dataplane: Dataplane.kubeProxyFree({ values: { hubble: { relay } } }) });
  const secret = (data: Record<string, string>) => ({
    data: Object.fromEntries(Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString("base64")])),
  });
  const outcome = await hubble(
    {
      answers: {
        ...answers("kube-system", 443),
        "/api/v1/namespaces/kube-system/secrets/hubble-relay-server-certs": secret({ "ca.crt": "THE AUTHORITY" }),
        "/api/v1/namespaces/kube-system/secrets/hubble-relay-client-certs": secret({
          "tls.crt": "OURS",
          "tls.key": "KEY",
        }),
      },
    },
    [],
    { HUBBLE },
  );
  expect(outcome.printed).toContain("--tls --tls-ca-cert-files");
  expect(outcome.printed).toContain("--tls-server-name relay.acme.example --tls-client-cert-file");
  expect(outcome.printed).toMatch(/THE AUTHORITY[\s\S]*OURS[\s\S]*KEY/);
  expect(outcome.warned).not.toMatch(/THE AUTHORITY|KEY/);
  expect(leftovers()).toEqual([]);
});

test("without hubble the one in an agent asks the relay; where that speaks TLS, hubble is needed", async () => {
  synthesize();
  const inAgent = await hubble({ answers: answers(), exec: { stdout: "a flow\n" } }, ["--", "--follow"]);
  expect([inAgent.code, inAgent.printed]).toEqual([0, "a flow\n"]);
  expect(started(inAgent)).toContain(
    "exec --namespace kube-system daemonset/cilium --container cilium-agent -- hubble observe --server 10.24.0.7:80 --follow",
  );
  const tls = await hubble({ answers: answers("kube-system", 443) }, []);
  expect([tls.code, tls.warned]).toEqual([3, expect.stringContaining("#install-the-hubble-client")]);
});

test("on Dataplane V2 the one beside Google's relay is asked", async () => {
  synthesize({ dataplane: Dataplane.v2({ flowRelay: true }) });
  const outcome = await hubble({ answers: answers(MANAGED), exec: { stdout: "a flow\n" } }, ["--", "--last", "1"]);
  expect([outcome.code, outcome.printed]).toEqual([0, "a flow\n"]);
  expect(started(outcome)).toContain(
    `exec --namespace ${MANAGED} deployment/hubble-relay --container hubble-cli -- hubble observe --last 1`,
  );
});

const KINDS: readonly (readonly [string, Partial<EnvironmentDefinition>, string, string, string])[] = [
  ["a release", {}, "kube-system", "hubble: { relay: true }", "hubble: { ui: true }"],
  ["Dataplane V2", { dataplane: Dataplane.v2() }, MANAGED, "flowRelay: true", "docs/dataplane-v2.md"],
];

test.each(KINDS)(
  "what is not there or not ready is named with the option that brings it: %s",
  async (_, changes, namespace, relay, ui) => {
    synthesize(changes);
    const none = await hubble({ answers: healthy() }, []);
    expect([none.code, none.warned]).toEqual([2, expect.stringContaining(relay)]);
    const noMap = await hubble({ answers: healthy() }, ["--ui"]);
    expect([noMap.code, noMap.warned]).toEqual([2, expect.stringContaining(ui)]);
    const slices = `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`;
    const waiting = await hubble(
      { answers: { ...answers(namespace), [slices]: { items: [{ endpoints: null }] } } },
      [],
    );
    expect([waiting.code, waiting.warned]).toEqual([2, expect.stringContaining("no pod of it is ready")]);
  },
);

test("the map answers on a port of this machine until Ctrl-C, and nothing stays", async () => {
  synthesize();
  const interruption = new AbortController();
  const outcome = await run(
    hubbleCommand,
    ["staging", "--ui", "--no-browser"],
    { answers: answers() },
    await google(),
    {
      signal: interruption.signal,
      print: (text) => {
        if (text.includes("http://localhost:41234 until Ctrl-C")) interruption.abort();
      },
    },
  );
  expect(outcome.code).toBe(130);
  expect(started(outcome)).toContain("port-forward --address 127.0.0.1 --namespace kube-system service/hubble-ui :80");
  expect(leftovers()).toEqual([]);
});

test("flows that are followed end with Ctrl-C", async () => {
  synthesize();
  const interruption = new AbortController();
  const outcome = await run(
    hubbleCommand,
    ["staging", "--", "--follow"],
    { answers: answers() },
    { ...(await google()), HUBBLE },
    {
      signal: interruption.signal,
      run: () => "hubble v1.20.2",
      print: () => interruption.abort(),
    },
  );
  expect(outcome.code).toBe(130);
  expect(leftovers()).toEqual([]);
});

test("what hubble, kubectl or the control plane refuses is passed on, with its exit code", async () => {
  synthesize();
  const flag = await hubble({ answers: answers() }, ["--", "--nonsense"], { HUBBLE });
  expect([flag.code, flag.warned]).toEqual([1, expect.stringContaining("unknown flag: --nonsense")]);
  const tunnel = await hubble(
    { answers: answers(), exec: { code: 1, stderr: "Error from server: No agent available\n" } },
    [],
  );
  expect([tunnel.code, tunnel.warned]).toEqual([5, expect.stringContaining("konnectivity-agent")]);
  const right =
    'Error from server (Forbidden): pods "cilium-a" is forbidden: User "dev" cannot create resource "pods/exec"';
  const forbidden = await hubble({ answers: answers(), exec: { code: 1, stderr: right } }, []);
  expect([forbidden.code, forbidden.warned]).toEqual([6, expect.stringContaining("pods/exec")]);
});

test.each([
  [["--ui", "--", "--last", "5"], "--last 5 does not go with --ui"],
  [["--follow"], "options of hubble observe stand behind --"],
  [["another"], "another is not understood"],
])("%j cannot be understood", async (args, said) => {
  synthesize();
  const { code, warned } = await hubble({}, args);
  expect([code, warned]).toEqual([1, expect.stringContaining(said)]);
});
