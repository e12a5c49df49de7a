import type { ChildProcess } from "node:child_process";
import { enteredProcess, type FakeNode } from "./fake-node";

/** Environment variable with the path of the real kube-proxy; empty where it could not be had. */
export const KUBE_PROXY_VARIABLE = "REAL_KUBE_PROXY";

const API_PORT = 18_080;
const NODE_ADDRESS = "192.0.2.10";

/** What kube-proxy reads of a cluster: its node, one Service with one endpoint, and nothing that ever changes. */
const OBJECTS = {
  "/api/v1/nodes": [
    {
      metadata: { name: "node-1", uid: "1", resourceVersion: "1" },
      spec: { podCIDR: "10.20.0.0/24", podCIDRs: ["10.20.0.0/24"] },
      status: { addresses: [{ type: "InternalIP", address: NODE_ADDRESS }] },
    },
  ],
  "/api/v1/services": [
    {
      metadata: { name: "web", namespace: "default", uid: "2", resourceVersion: "1" },
      spec: {
        type: "NodePort",
        clusterIP: "10.24.0.80",
        clusterIPs: ["10.24.0.80"],
        ipFamilies: ["IPv4"],
        ipFamilyPolicy: "SingleStack",
        internalTrafficPolicy: "Cluster",
        externalTrafficPolicy: "Cluster",
        ports: [{ name: "http", protocol: "TCP", port: 80, targetPort: 8080, nodePort: 30080 }],
        selector: { app: "web" },
      },
      status: { loadBalancer: {} },
    },
  ],
  "/apis/discovery.k8s.io/v1/endpointslices": [
    {
      metadata: {
        name: "web-1",
        namespace: "default",
        uid: "3",
        resourceVersion: "1",
        labels: { "kubernetes.io/service-name": "web" },
      },
      addressType: "IPv4",
      ports: [{ name: "http", protocol: "TCP", port: 8080 }],
      endpoints: [{ addresses: ["10.20.0.2"], conditions: { ready: true, serving: true, terminating: false } }],
    },
  ],
  "/apis/networking.k8s.io/v1/servicecidrs": [],
} as const;

/** Kinds and API versions of the lists above. */
const LISTS: Readonly<Record<keyof typeof OBJECTS, readonly [kind: string, apiVersion: string]>> = {
  "/api/v1/nodes": ["NodeList", "v1"],
  "/api/v1/services": ["ServiceList", "v1"],
  "/apis/discovery.k8s.io/v1/endpointslices": ["EndpointSliceList", "discovery.k8s.io/v1"],
  "/apis/networking.k8s.io/v1/servicecidrs": ["ServiceCIDRList", "networking.k8s.io/v1"],
};

/** An API server that answers these lists, keeps watches open without a word, and takes events. */
const API_SERVER = `
  const objects = ${JSON.stringify(OBJECTS)}, lists = ${JSON.stringify(LISTS)};
  require("node:http").createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url, "http://api");
    response.setHeader("content-type", "application/json");
    if (request.method === "POST") { response.statusCode = 201; request.pipe(response); return; }
    const node = /^\\/api\\/v1\\/nodes\\/(.+)$/.exec(pathname);
    if (node) return response.end(JSON.stringify({ kind: "Node", apiVersion: "v1", ...objects["/api/v1/nodes"][0] }));
    if (!objects[pathname]) { response.statusCode = 404; return response.end("{}"); }
    if (searchParams.get("sendInitialEvents")) { response.statusCode = 422; return response.end(JSON.stringify(
      { kind: "Status", apiVersion: "v1", status: "Failure", reason: "Invalid", code: 422 })); }
    if (searchParams.get("watch")) return response.flushHeaders();
    const [kind, apiVersion] = lists[pathname];
    response.end(JSON.stringify({ kind, apiVersion, metadata: { resourceVersion: "1" }, items: objects[pathname] }));
  }).listen(${API_PORT}, "127.0.0.1", () => console.log("up"));`;

/** The real kube-proxy, as a process of a node, beside an API server for it alone. */
export class RealKubeProxy {
  /** Starts it and returns at once. */
  public static async start(node: FakeNode, program: string): Promise<RealKubeProxy> {
    const link = `ip link add eth0 type veth peer name peer0 && ip address add ${NODE_ADDRESS}/32 dev eth0`;
    node.root(["sh", "-c", `${link} && ip link set eth0 up && ip link set peer0 up`]);
    const api = node.start([process.execPath, "-e", API_SERVER]);
    await new Promise<void>((resolve) => api.stdout!.once("data", () => resolve()));
    const proxy = new RealKubeProxy(node, program);
    proxy.run();
    return proxy;
  }

  private log = "";
  private child?: ChildProcess;

  private constructor(
    private readonly node: FakeNode,
    private readonly program: string,
  ) {}

  /** What it has written so far. */
  public get output(): string {
    return this.log;
  }

  /** Ends it, leaving its rules as they are, as a static pod's kube-proxy is ended. */
  public stop(): void {
    // Asked for now and not when it was started: nsenter takes a moment to become two processes.
    const processId = this.child === undefined ? 0 : enteredProcess(this.child);
    if (!(processId > 1)) throw new Error("kube-proxy does not run");
    process.kill(processId, "SIGTERM");
  }

  /** Starts it again. */
  public run(): void {
    const child = this.node.start([
      "sh",
      "-c",
      `exec "$0" "$@" 2>&1`,
      this.program,
      `--master=http://127.0.0.1:${API_PORT}`,
      "--kube-api-content-type=application/json",
      "--hostname-override=node-1",
      "--proxy-mode=iptables",
      "--cluster-cidr=10.20.0.0/14",
      "--conntrack-max-per-core=0",
      "--conntrack-tcp-timeout-established=0s",
      "--conntrack-tcp-timeout-close-wait=0s",
    ]);
    child.stdout!.on("data", (data) => {
      this.log += String(data);
    });
    this.child = child;
  }
}
