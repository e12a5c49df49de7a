import type { Problem } from "../../validation";
import type { CiliumValues } from "../cilium-values";
import type { CiliumVersion } from "../version";

const DEFAULT_VALIDITY_DAYS = 365;

/** Longest time between two runs of the chart's default schedule, the first of every fourth month. */
const DEFAULT_SCHEDULE_DAYS = 123;

/** A cert-manager issuer. */
export interface CertManagerIssuer {
  /** @default "cert-manager.io" */
  readonly group?: string;
  /** @default "ClusterIssuer" */
  readonly kind?: string;
  /** Name of the issuer. No default: it is yours. */
  readonly name: string;
}

/** Who signs and renews the certificates between Hubble relay and the agents. */
export interface HubbleCertificateOptions {
  /**
   * `cronJob`: a Job in the cluster signs them at installation and a CronJob renews them. `certmanager`: cert-manager
   * does. Helm's own way (`helm`) is not offered: it signs anew at every upgrade, and nothing renews in between, so
   * that Hubble dies a year after the last change (https://github.com/cilium/cilium/issues/36012).
   *
   * @default "cronJob"
   */
  readonly method?: "cronJob" | "certmanager";

  /**
   * How long a certificate is valid, in days.
   *
   * @default 365
   */
  readonly validityDays?: number;

  /**
   * When `cronJob` renews, as a cron expression.
   *
   * @default - the chart's: midnight of the first day of every fourth month
   */
  readonly schedule?: string;

  /**
   * Issuer for `certmanager`. It must exist before Cilium is installed.
   *
   * @default - none
   */
  readonly issuer?: CertManagerIssuer;
}

/** Values below `hubble.tls`. */
export function hubbleCertificateValues(options: HubbleCertificateOptions = {}): CiliumValues {
  const issuer = options.issuer;
  return {
    hubble: {
      tls: {
        auto: {
          enabled: true,
          method: options.method ?? "cronJob",
          certValidityDuration: options.validityDays ?? DEFAULT_VALIDITY_DAYS,
          ...(options.schedule === undefined ? {} : { schedule: options.schedule }),
          ...(issuer === undefined
            ? {}
            : {
                certManagerIssuerRef: {
                  group: issuer.group ?? "cert-manager.io",
                  kind: issuer.kind ?? "ClusterIssuer",
                  name: issuer.name,
                },
              }),
        },
      },
    },
  };
}

/** What is wrong with the options. */
export function hubbleCertificateProblems(options: HubbleCertificateOptions): Problem[] {
  const problems: Problem[] = [];
  const method = options.method ?? "cronJob";
  if (method === "certmanager" && options.issuer === undefined)
    problems.push({
      property: "issuer",
      rule: "is needed where cert-manager signs",
      remedy: "name an Issuer or ClusterIssuer",
    });
  if (method === "cronJob" && options.issuer !== undefined)
    problems.push({
      property: "issuer",
      value: options.issuer.name,
      rule: "has no effect where a CronJob signs",
      remedy: "leave it out, or set method to certmanager",
    });
  if (method === "certmanager" && options.schedule !== undefined)
    problems.push({
      property: "schedule",
      value: options.schedule,
      rule: "has no effect where cert-manager signs",
      remedy: "leave it out",
    });
  if (options.schedule !== undefined && options.schedule.trim().split(/\s+/).length !== 5)
    problems.push({
      property: "schedule",
      value: options.schedule,
      rule: "is not a cron expression of five fields",
      remedy: "write minute, hour, day, month and weekday, e.g. 0 0 1 */4 *",
    });
  const days = options.validityDays;
  if (days !== undefined && (!Number.isInteger(days) || days < 1))
    problems.push({
      property: "validityDays",
      value: days,
      rule: "is not a number of days",
      remedy: "use a whole number, e.g. 365",
    });
  else if (
    days !== undefined &&
    method === "cronJob" &&
    options.schedule === undefined &&
    days <= DEFAULT_SCHEDULE_DAYS
  )
    problems.push({
      property: "validityDays",
      value: days,
      rule: `ends before the next renewal, up to ${DEFAULT_SCHEDULE_DAYS} days later`,
      remedy: "raise it, or give a schedule that runs more often",
    });
  return problems;
}

/**
 * Whether Helm can wait for the release's pods.
 *
 * Up to 1.18 the Job that signs the certificates is a hook that Helm runs after waiting, while relay pods cannot start
 * without the certificates: waiting would always end in a timeout (https://github.com/cilium/cilium/pull/42298). Helm
 * still waits for the hook itself there, and that needs a node whose agent is ready.
 */
export function canWaitForPods(version: CiliumVersion, values: CiliumValues): boolean {
  const signedByHook = version.major === 1 && version.minor < 19 && values.hubble?.tls?.auto?.method === "cronJob";
  return !(signedByHook && values.hubble?.relay?.enabled === true);
}
