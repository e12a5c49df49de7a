import { createHash } from "node:crypto";
import type { Construct } from "constructs";
import { describeSound, Policies, type PoliciesProps } from "./policies";
import type {
  CiliumCidrGroupObject,
  CiliumClusterwideNetworkPolicyObject,
  CiliumEgressGatewayPolicyObject,
  CiliumL2AnnouncementPolicyObject,
  CiliumLoadBalancerIpPoolObject,
  CiliumLocalRedirectPolicyObject,
  CiliumNetworkPolicyObject,
  FqdnNetworkPolicyObject,
  NetworkPolicyObject,
  PolicyObject,
} from "./types";

/** Helm keeps releases under names of at most 53 characters; that of the namespaces has `-namespaces` behind it. */
const LONGEST_RELEASE_NAME = 42;
const HASH_LENGTH = 8;

/** Where a policy goes and what it is judged by: `environment.networking.policyContext`, or what is known of the cluster. */
export interface PolicyPlace
  extends Omit<
    PoliciesProps,
    "baselines" | "createNamespaces" | "described" | "directories" | "objects" | "releaseName"
  > {
  /**
   * Make the policy's namespace where it is missing. For one of the policies in a namespace at most: a namespace belongs to
   * one Helm release.
   *
   * @default false
   */
  readonly createNamespaces?: boolean;

  /**
   * Name of the Helm release that holds the policy.
   *
   * @default - kind, namespace and name of the policy
   */
  readonly releaseName?: string;
}

/** Props of a policy of one kind: what stands below `metadata` and `spec` in its YAML, and where it goes. */
export type PolicyProps<T extends PolicyObject> = Omit<T, "apiVersion" | "kind"> & PolicyPlace;

/** One policy, in a Helm release of its own. */
abstract class SinglePolicy<T extends PolicyObject> extends Policies {
  protected constructor(
    scope: Construct,
    id: string,
    { apiVersion, kind }: Pick<T, "apiVersion" | "kind">,
    props: PolicyProps<T>,
  ) {
    const {
      metadata,
      spec,
      specs,
      createNamespaces = false,
      ...rest
    } = props as PolicyPlace & Readonly<Record<string, unknown>>;
    const place = { ...rest, createNamespaces };
    const object = { apiVersion, kind, metadata, spec, specs } as unknown as PolicyObject;
    // Problems are those of the props, not of the first of several objects.
    const nameOf = (property: string) => property.replace(/^objects\[0\]\.?/, "") || "spec";
    const described = describeSound(`${scope.node.path}/${id}`, { ...place, objects: [object] }, nameOf);
    super(scope, id, { ...place, described, releaseName: place.releaseName ?? releaseNameOf(object) });
  }
}

/** `ciliumnetworkpolicy-shop-web-to-api`, cut off where it is too long for Helm. */
function releaseNameOf({ kind, metadata }: PolicyObject): string {
  const { name, namespace } = metadata as Readonly<Record<string, unknown>>;
  const whole = [kind, namespace, name].filter((part) => typeof part === "string").join("-");
  const plain = whole.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  if (plain.length <= LONGEST_RELEASE_NAME && plain === whole.toLowerCase()) return plain;
  const hash = createHash("sha256").update(whole).digest("hex").slice(0, HASH_LENGTH);
  return `${plain.slice(0, LONGEST_RELEASE_NAME - HASH_LENGTH - 1).replace(/-$/, "")}-${hash}`;
}

/** Props of {@link NetworkPolicy}. */
export interface NetworkPolicyProps extends PolicyProps<NetworkPolicyObject> {
  /**
   * Dataplane V2 logs the connections that the policy allows, by GKE's annotation on it. Needs
   * `policyLogging: { allow: { log: true, delegate: true } }`.
   *
   * @default - as `metadata.annotations` says
   */
  readonly logAllowed?: boolean;
}

/** Kubernetes' own policy: pods of one namespace, layers 3 and 4. Enforced by every dataplane. */
export class NetworkPolicy extends SinglePolicy<NetworkPolicyObject> {
  public constructor(scope: Construct, id: string, { logAllowed, ...props }: NetworkPolicyProps) {
    const annotations = { ...props.metadata?.annotations, "policy.network.gke.io/enable-logging": `${logAllowed}` };
    const metadata = logAllowed === undefined ? props.metadata : { ...props.metadata, annotations };
    super(scope, id, { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy" }, { ...props, metadata });
  }
}

/** Cilium's policy for pods of one namespace: layers 3, 4 and, without kube-proxy, 7. */
export class CiliumNetworkPolicy extends SinglePolicy<CiliumNetworkPolicyObject> {
  public constructor(scope: Construct, id: string, props: PolicyProps<CiliumNetworkPolicyObject>) {
    super(scope, id, { apiVersion: "cilium.io/v2", kind: "CiliumNetworkPolicy" }, props);
  }
}

/** Cilium's policy for pods of all namespaces, or for nodes. On Dataplane V2 with `clusterwideNetworkPolicy`. */
export class CiliumClusterwideNetworkPolicy extends SinglePolicy<CiliumClusterwideNetworkPolicyObject> {
  public constructor(scope: Construct, id: string, props: PolicyProps<CiliumClusterwideNetworkPolicyObject>) {
    super(scope, id, { apiVersion: "cilium.io/v2", kind: "CiliumClusterwideNetworkPolicy" }, props);
  }
}

/** Ranges under a name, for `cidrGroupRef` of Cilium's policies. */
export class CiliumCidrGroup extends SinglePolicy<CiliumCidrGroupObject> {
  public constructor(scope: Construct, id: string, props: PolicyProps<CiliumCidrGroupObject>) {
    super(scope, id, { apiVersion: "cilium.io/v2", kind: "CiliumCIDRGroup" }, props);
  }
}

/** Sends what is meant for an address or a Service to a pod of the same node; needs `localRedirectPolicies`. */
export class CiliumLocalRedirectPolicy extends SinglePolicy<CiliumLocalRedirectPolicyObject> {
  public constructor(scope: Construct, id: string, props: PolicyProps<CiliumLocalRedirectPolicyObject>) {
    super(scope, id, { apiVersion: "cilium.io/v2", kind: "CiliumLocalRedirectPolicy" }, props);
  }
}

/** Sends pods' connections out through chosen nodes; needs `egressGateway`. */
export class CiliumEgressGatewayPolicy extends SinglePolicy<CiliumEgressGatewayPolicyObject> {
  public constructor(scope: Construct, id: string, props: PolicyProps<CiliumEgressGatewayPolicyObject>) {
    super(scope, id, { apiVersion: "cilium.io/v2", kind: "CiliumEgressGatewayPolicy" }, props);
  }
}

/** Answers ARP for addresses of Services, which on Google Cloud nobody asks. Where that risk is accepted only. */
export class CiliumL2AnnouncementPolicy extends SinglePolicy<CiliumL2AnnouncementPolicyObject> {
  public constructor(scope: Construct, id: string, props: PolicyProps<CiliumL2AnnouncementPolicyObject>) {
    super(scope, id, { apiVersion: "cilium.io/v2alpha1", kind: "CiliumL2AnnouncementPolicy" }, props);
  }
}

/** Addresses that Cilium gives to Services. Where that risk is accepted only, or by class. */
export class CiliumLoadBalancerIpPool extends SinglePolicy<CiliumLoadBalancerIpPoolObject> {
  public constructor(scope: Construct, id: string, props: PolicyProps<CiliumLoadBalancerIpPoolObject>) {
    super(scope, id, { apiVersion: "cilium.io/v2", kind: "CiliumLoadBalancerIPPool" }, props);
  }
}

/** GKE's policy for what pods may reach by name, on Dataplane V2 with `fqdnNetworkPolicy`. */
export class FqdnNetworkPolicy extends SinglePolicy<FqdnNetworkPolicyObject> {
  public constructor(scope: Construct, id: string, props: PolicyProps<FqdnNetworkPolicyObject>) {
    super(scope, id, { apiVersion: "networking.gke.io/v1alpha1", kind: "FQDNNetworkPolicy" }, props);
  }
}
