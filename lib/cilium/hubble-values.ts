import type { HelmValues } from "../helm";
import type { ImageValues, PrometheusValues, ResourceValues } from "./cilium-values";

/** Values below `hubble` that this library sets itself, in the chart's own names. */
export type HubbleValues = {
  readonly enabled?: boolean;
  readonly metrics?: {
    /** Handlers as `name:option=value;option`, e.g. `dns:query`. */
    readonly enabled?: readonly string[];
    readonly enableOpenMetrics?: boolean;
    /** The same in a file that agents read again while they run. */
    readonly dynamic?: HelmValues;
  };
  readonly export?: HelmValues;
  readonly redact?: HelmValues;
  readonly relay?: {
    readonly enabled?: boolean;
    readonly image?: ImageValues;
    readonly prometheus?: PrometheusValues;
    readonly replicas?: number;
    readonly resources?: ResourceValues;
    readonly rollOutPods?: boolean;
    readonly tls?: HelmValues;
  };
  readonly tls?: {
    readonly auto?: {
      readonly enabled?: boolean;
      readonly method?: "cronJob" | "certmanager" | "helm";
      /** Days. */
      readonly certValidityDuration?: number;
      /** Cron expression. */
      readonly schedule?: string;
      readonly certManagerIssuerRef?: { readonly group: string; readonly kind: string; readonly name: string };
    };
  };
  readonly ui?: {
    readonly backend?: { readonly image?: ImageValues; readonly resources?: ResourceValues };
    readonly enabled?: boolean;
    readonly frontend?: { readonly image?: ImageValues; readonly resources?: ResourceValues };
    readonly replicas?: number;
    readonly rollOutPods?: boolean;
    readonly standalone?: HelmValues;
  };
};
