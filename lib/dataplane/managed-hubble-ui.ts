import { Release } from "@cdktf/provider-helm/lib/release";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import {
  CILIUM_HELM_REPOSITORY,
  type CiliumChartSource,
  CiliumVersion,
  type HelmValues,
  imageRegistryProblems,
  imageRegistryValues,
  mergeValues,
  renderValues,
} from "../cilium";
import { type CheckTable, isKnown, madeBy, nested, type Problem, text, textJudgedBy } from "../validation";

/** Where GKE runs the relay, from 1.28 on. */
export const MANAGED_HUBBLE_NAMESPACE = "gke-managed-dpv2-observability";
/** What the relay's certificate is for. */
const RELAY_NAME = `relay.${MANAGED_HUBBLE_NAMESPACE}.svc.cluster.local`;
/** GKE keeps the certificates that clients of the relay need in it, and renews them. */
const CLIENT_CERTIFICATES = "hubble-relay-client-certs";
const READ_BY_OWNER = 0o400;
const TIMEOUT_SECONDS = 900;
const MAX_HISTORY = 10;

/** The map of Hubble for the relay that GKE runs. */
export interface ManagedHubbleUiOptions {
  /**
   * Version of the Cilium chart that the UI comes out of. Nothing else of it is installed.
   *
   * @default CiliumVersion.DEFAULT
   */
  readonly version?: CiliumVersion;

  /**
   * Where the chart comes from.
   *
   * @default - Cilium's own chart repository
   */
  readonly chartSource?: CiliumChartSource;

  /**
   * Registry path that mirrors `quay.io/cilium`.
   *
   * @default - quay.io/cilium
   */
  readonly imageRegistry?: string;
}

/** What the options must look like. */
export const MANAGED_HUBBLE_UI_OPTIONS: CheckTable<ManagedHubbleUiOptions> = {
  version: madeBy((value) => value instanceof CiliumVersion, "CiliumVersion.of()"),
  chartSource: nested<CiliumChartSource>({ repository: text(), chart: text() }),
  imageRegistry: textJudgedBy(imageRegistryProblems, "write host and path, e.g. europe-docker.pkg.dev/acme/cilium"),
};

/**
 * Values with which Cilium's chart makes the UI alone, in the relay's own namespace, where it finds the relay's Service by
 * its short name and the certificates that GKE renews.
 */
export function managedHubbleUiValues({ imageRegistry }: ManagedHubbleUiOptions = {}): HelmValues {
  return mergeValues(isKnown(imageRegistry) ? (imageRegistryValues(imageRegistry) as HelmValues) : {}, {
    agent: false,
    envoy: { enabled: false },
    operator: { enabled: false },
    tls: { secretsNamespace: { create: false } },
    gatewayAPI: { secretsNamespace: { create: false } },
    ingressController: { secretsNamespace: { create: false } },
    envoyConfig: { secretsNamespace: { create: false } },
    hubble: {
      enabled: false,
      relay: { enabled: false, tls: { server: { enabled: true, relayName: RELAY_NAME } } },
      ui: {
        enabled: true,
        standalone: {
          enabled: true,
          tls: {
            certsVolume: {
              projected: {
                defaultMode: READ_BY_OWNER,
                sources: [
                  {
                    secret: {
                      name: CLIENT_CERTIFICATES,
                      items: [
                        { key: "ca.crt", path: "hubble-relay-ca.crt" },
                        { key: "tls.crt", path: "client.crt" },
                        { key: "tls.key", path: "client.key" },
                      ],
                    },
                  },
                ],
              },
            },
          },
        },
        backend: { resources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "1Gi" } } },
        frontend: { resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "256Mi" } } },
      },
    },
  });
}

/** What is wrong between the UI and the rest of the dataplane. */
export function managedHubbleUiProblems(
  options: ManagedHubbleUiOptions | undefined,
  around: { readonly flowRelay: boolean | undefined; readonly autopilot: boolean | undefined },
): Problem[] {
  if (options === undefined) return [];
  const problems: Problem[] = [];
  if (around.flowRelay !== true && isKnown(around.flowRelay ?? false))
    problems.push({
      property: "dataplane.hubbleUi",
      rule: "has no relay to ask",
      remedy: "set flowRelay to true, or leave it out",
    });
  if (around.autopilot === true)
    problems.push({
      property: "dataplane.hubbleUi",
      rule: `is installed into ${MANAGED_HUBBLE_NAMESPACE}, where Autopilot lets nobody but Google write`,
      remedy: "leave it out, and ask the relay with the hubble command",
    });
  return problems;
}

/** Hubble's UI beside Dataplane V2. */
export class ManagedHubbleUi extends Construct {
  /** The underlying resource. */
  public readonly release: Release;

  public constructor(scope: Construct, id: string, props: ManagedHubbleUiOptions & { provider?: TerraformProvider }) {
    super(scope, id);
    const { version = CiliumVersion.DEFAULT, chartSource, provider } = props;
    this.release = new Release(this, "Default", {
      name: "hubble-ui",
      namespace: MANAGED_HUBBLE_NAMESPACE,
      repository: chartSource?.repository ?? CILIUM_HELM_REPOSITORY,
      chart: chartSource?.chart ?? "cilium",
      version: version.toString(),
      values: renderValues(managedHubbleUiValues(props)),
      maxHistory: MAX_HISTORY,
      timeout: TIMEOUT_SECONDS,
      upgradeInstall: true,
      // Its pods start once GKE has made the certificates.
      wait: true,
      provider,
    });
  }
}
