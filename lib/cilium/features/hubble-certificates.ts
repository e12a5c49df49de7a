import { type CheckTable, isKnown, nested, oneOf, type Problem, required, text, wholeNumber } from "../../validation";
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

const ISSUER: CheckTable<CertManagerIssuer> = {
  group: text(),
  kind: text(),
  name: required(text(), "give the name of an Issuer or ClusterIssuer"),
};

/** What the options must look like. */
export const HUBBLE_CERTIFICATE_OPTIONS: CheckTable<HubbleCertificateOptions> = {
  method: oneOf(["cronJob", "certmanager"]),
  validityDays: wholeNumber({ from: 1, remedy: "give a number of days, e.g. 365" }),
  schedule: text({
    matches: (schedule) => schedule.trim().split(/\s+/).length === 5,
    rule: "is not a cron expression of five fields",
    remedy: "write minute, hour, day, month and weekday, e.g. 0 0 1 */4 *",
  }),
  issuer: nested(ISSUER),
};

/** What is wrong between the options. That an issuer is named where cert-manager signs is judged in the merged values. */
export function hubbleCertificateProblems(options: HubbleCertificateOptions): Problem[] {
  const problems: Problem[] = [];
  const method = options.method ?? "cronJob";
  if (!isKnown(method)) return problems;
  if (method === "cronJob" && options.issuer !== undefined)
    problems.push({
      property: "issuer",
      value: isKnown(options.issuer.name) ? options.issuer.name : undefined,
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
  const days = options.validityDays;
  if (isKnown(days) && method === "cronJob" && options.schedule === undefined && days <= DEFAULT_SCHEDULE_DAYS)
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
