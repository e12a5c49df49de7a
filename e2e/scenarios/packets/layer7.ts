import { checkEqual, eventually } from "../../harness/check";
import { NotRun, type Scenario } from "../../harness/scenario";
import { PACKETS, PacketRig } from "../../rig/packets/packet-rig";

const POLICIES = `/apis/cilium.io/v2/namespaces/${PACKETS}/ciliumnetworkpolicies`;

/** What only Envoy can tell apart. */
export const PACKET_LAYER7: Scenario = {
  id: "packets-layer7",
  title: "A rule of Layer 7 lets one path pass and answers 403 to another",
  shows: "packets",
  needs: "cilium-envoy",
  real: true,
  proves: ["docs/sandbox.md: With Envoy, a rule of Layer 7 lets a path pass and answers 403 to another."],
  environments: ["staging"],
  steps: [
    {
      title: "GET of one path passes, of another is answered 403 by Envoy, and both flows are seen",
      async run(bench) {
        const rig = await PacketRig.of(bench);
        if (!rig.real.hasProgram("cilium-envoy"))
          throw new NotRun(
            "cilium-envoy was not found; put it into the directory in SANDBOX_CILIUM, or let the image be taken apart: docs/sandbox.md",
          );
        const [first = "", second = ""] = rig.nodes;
        await rig.start("server", { node: second, labels: { app: "server" } });
        await rig.start("client", { node: first });
        const server = await rig.ready("server", second);
        const client = await rig.ready("client", first);
        await rig.apply(POLICIES, {
          apiVersion: "cilium.io/v2",
          kind: "CiliumNetworkPolicy",
          metadata: { name: "paths", namespace: PACKETS },
          spec: {
            endpointSelector: { matchLabels: { app: "server" } },
            ingress: [
              {
                fromEndpoints: [{}],
                toPorts: [
                  {
                    ports: [{ port: "8080", protocol: "TCP" }],
                    rules: { http: [{ method: "GET", path: "/public.*" }] },
                  },
                ],
              },
            ],
          },
        } as Parameters<PacketRig["apply"]>[1]);
        try {
          await eventually("Envoy answers 403", 30, async () =>
            (await client.get(server.address, 8080, { path: "/private" }))?.status === 403 ? true : undefined,
          );
          const allowed = await client.get(server.address, 8080, { path: "/public" });
          checkEqual(allowed?.status, 200, "what the allowed path is answered");
          await rig.flow(second, /\/private.*(DROPPED|403)/, "--protocol", "http");
        } finally {
          await rig.client.delete(`${POLICIES}/paths`);
          await rig.cleanUp();
        }
      },
    },
  ],
};
