import type { PersistentVolume, PersistentVolumeClaim, Service } from "../../../sandbox/kubernetes/client";
import {
  assignLoadBalancers,
  deleteReleasedVolumes,
  provisionVolumes,
  serviceFirewalls,
} from "../../../sandbox/kubernetes/controllers";
import { snapshot } from "./fixtures";

describe("Services of type LoadBalancer", () => {
  const service = (name: string, ip?: string, type = "LoadBalancer"): Service => ({
    metadata: { name, namespace: "default" },
    spec: { type },
    ...(ip ? { status: { loadBalancer: { ingress: [{ ip }] } } } : {}),
  });

  test("get loopback addresses, each another one", () => {
    const actions = assignLoadBalancers(
      snapshot({ services: [service("a", "127.63.0.2"), service("b"), service("c")] }),
    );
    expect(actions).toMatchObject([
      {
        path: "/api/v1/namespaces/default/services/b/status",
        patch: { status: { loadBalancer: { ingress: [{ ip: "127.63.0.3" }] } } },
      },
      { patch: { status: { loadBalancer: { ingress: [{ ip: "127.63.0.4" }] } } } },
    ]);
  });

  test("get the address that they ask for, unless another has it", () => {
    const asking = (name: string, loadBalancerIP: string): Service => ({
      metadata: { name, namespace: "default" },
      spec: { type: "LoadBalancer", loadBalancerIP },
    });
    const actions = assignLoadBalancers(
      snapshot({
        services: [
          asking("a", "10.64.0.10"),
          asking("b", "10.64.0.10"),
          service("c", "10.64.0.11"),
          asking("d", "10.64.0.11"),
        ],
      }),
    );
    expect(actions).toMatchObject([
      {
        path: "/api/v1/namespaces/default/services/a/status",
        patch: { status: { loadBalancer: { ingress: [{ ip: "10.64.0.10" }] } } },
      },
    ]);
  });

  test("only they do", () => {
    expect(assignLoadBalancers(snapshot({ services: [service("a", undefined, "ClusterIP")] }))).toEqual([]);
  });
});

describe("disks", () => {
  const claim = (annotations: Record<string, string>, volumeName?: string): PersistentVolumeClaim => ({
    metadata: { name: "data", namespace: "m", uid: "u", annotations },
    spec: { storageClassName: "standard-rwo", accessModes: ["ReadWriteOnce"], ...(volumeName ? { volumeName } : {}) },
  });
  const ours = { "volume.kubernetes.io/storage-provisioner": "pd.csi.storage.gke.io" };

  test("are made for claims that wait for Google's driver", () => {
    expect(provisionVolumes(snapshot({ claims: [claim(ours)] }))).toMatchObject([
      {
        do: "create",
        object: { metadata: { name: "pvc-u" }, spec: { claimRef: { namespace: "m", name: "data", uid: "u" } } },
      },
    ]);
  });

  test("are not made for claims that have one, or that wait for somebody else's driver", () => {
    const other = { "volume.kubernetes.io/storage-provisioner": "example.com/driver" };
    expect(provisionVolumes(snapshot({ claims: [claim(ours, "pvc-u"), claim(other), claim({})] }))).toEqual([]);
  });

  test("go when their claim is gone", () => {
    const volume = (phase: string, driver = "pd.csi.storage.gke.io"): PersistentVolume => ({
      metadata: { name: "pvc-u" },
      spec: { persistentVolumeReclaimPolicy: "Delete", csi: { driver } },
      status: { phase },
    });
    expect(deleteReleasedVolumes(snapshot({ volumes: [volume("Bound"), volume("Released", "other")] }))).toEqual([]);
    expect(deleteReleasedVolumes(snapshot({ volumes: [volume("Released")] }))).toEqual([
      { do: "delete", path: "/api/v1/persistentvolumes/pvc-u" },
    ]);
  });
});

describe("firewall rules of Services", () => {
  const balanced = (more: Partial<Service> = {}): Service => ({
    metadata: { name: "front", namespace: "web", uid: "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0" },
    spec: { type: "LoadBalancer", ports: [{ port: 443 }, { port: 53, protocol: "UDP" }] },
    ...more,
  });

  test("let everybody in, or those that the Service names, and health checks beside", () => {
    const [own, shared] = serviceFirewalls([balanced()], "abcdef0123456789ffff");
    expect(own).toEqual({
      name: "k8s-fw-a0f1e2d3c4b5a69788796a5b4c3d2e1f",
      service: "web/front",
      sourceRanges: ["0.0.0.0/0"],
      ports: [
        { protocol: "tcp", port: 443 },
        { protocol: "udp", port: 53 },
      ],
    });
    expect(shared).toMatchObject({
      name: "k8s-abcdef0123456789-node-http-hc",
      ports: [{ protocol: "tcp", port: 10256 }],
    });
    const narrow = balanced({ spec: { type: "LoadBalancer", loadBalancerSourceRanges: ["203.0.113.0/24"] } });
    expect(serviceFirewalls([narrow], "a")[0]).toMatchObject({ sourceRanges: ["203.0.113.0/24"], ports: [] });
  });

  test("go with the last Service that needs them", () => {
    expect(serviceFirewalls([balanced({ spec: { type: "ClusterIP" } })], "a")).toEqual([]);
  });
});
