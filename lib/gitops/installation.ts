import type { HelmValues } from "../helm";

/** What a tool has to know to install Cilium as Terraform would. */
export interface Installation {
  /** Name of the environment: the beginning of the names of the tool's objects. */
  readonly environment: string;
  /** Helm's name for the release, which must stay, or the chart's objects would be made a second time. */
  readonly release: string;
  readonly releaseNamespace: string;
  readonly repository: string;
  readonly chart: string;
  readonly version: string;
  /** Plain data: nothing that only Terraform knows. */
  readonly values: HelmValues;
  readonly timeoutSeconds: number;
  /** Namespace of the tool's objects. */
  readonly namespace: string;
  /** Argo CD's project. */
  readonly project: string;
}

/** An object of the Kubernetes API. */
export type KubernetesObject = Readonly<Record<string, unknown>>;
