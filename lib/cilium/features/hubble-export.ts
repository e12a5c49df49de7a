import type { HelmValues } from "../../helm";
import {
  type CheckTable,
  decided,
  flag,
  isKnown,
  listOf,
  number,
  type Problem,
  text,
  wholeNumber,
} from "../../validation";

/** Directory of the node that the agents write flows to; the chart mounts it. */
const DIRECTORY = "/var/run/cilium/hubble/";

/**
 * Flows written to a file of each node, for an agent of logs to take on: what happened yesterday, when no relay keeps it.
 *
 * @see https://docs.cilium.io/en/stable/observability/hubble/configuration/export/
 */
export interface HubbleExportOptions {
  /**
   * The file, below /var/run/cilium/hubble/.
   *
   * @default "/var/run/cilium/hubble/events.log"
   */
  readonly filePath?: string;

  /**
   * Size in MB at which a file is closed and the next one begun.
   *
   * @default 10
   */
  readonly maxSizeMb?: number;

  /**
   * How many closed files are kept.
   *
   * @default 5
   */
  readonly maxBackups?: number;

  /**
   * Compress closed files.
   *
   * @default false
   */
  readonly compress?: boolean;

  /**
   * Fields that are written, as the API calls them: `source.namespace`, `verdict`. Fewer make a file last longer.
   *
   * @default - all
   */
  readonly fields?: readonly string[];

  /**
   * Only flows that one of these filters takes, each as JSON: `{"verdict":["DROPPED"]}`.
   *
   * @default - every flow
   */
  readonly only?: readonly string[];

  /**
   * No flow that one of these filters takes, each as JSON.
   *
   * @default - none
   */
  readonly except?: readonly string[];

  /**
   * Seconds in which flows of one kind are counted instead of being written one by one. From Cilium 1.19 on.
   *
   * @default - 0: each flow is written
   */
  readonly aggregationSeconds?: number;
}

/** What flows at Layer 7 leave out before anybody sees them. */
export interface HubbleRedactOptions {
  /**
   * Query of URLs.
   *
   * @default true
   */
  readonly urlQuery?: boolean;

  /**
   * User and password in URLs.
   *
   * @default true
   */
  readonly userInfo?: boolean;

  /**
   * Headers whose values are shown; those of all others are left out.
   *
   * @default - see denyHeaders
   */
  readonly allowHeaders?: readonly string[];

  /**
   * Headers whose values are left out.
   *
   * @default - authorization, cookie and set-cookie, unless allowHeaders is given
   */
  readonly denyHeaders?: readonly string[];
}

const FILTER = text({
  matches: isObject,
  rule: "is not a filter written as JSON",
  remedy: `write it as '{"verdict":["DROPPED"]}'`,
});
const HEADER = text({
  matches: /^[!#$%&'*+.^`|~\w-]+$/,
  rule: "is not the name of a header",
  remedy: "write its name alone",
});

/** What the options must look like. */
export const HUBBLE_EXPORT_OPTIONS: CheckTable<HubbleExportOptions> = {
  filePath: text({
    matches: (path) => path.startsWith(DIRECTORY) && !path.includes("..") && path.length > DIRECTORY.length,
    rule: `is not below ${DIRECTORY}, which is all that the chart mounts: a file elsewhere goes with the agent's pod`,
    remedy: `write it as ${DIRECTORY}events.log`,
  }),
  maxSizeMb: wholeNumber({ from: 1, remedy: "give a size in MB" }),
  maxBackups: wholeNumber({ from: 0, remedy: "give a number of files" }),
  compress: flag(),
  fields: listOf(
    text({ matches: /^[a-z][a-z0-9_.]*$/i, rule: "is not a field of a flow", remedy: "write it as source.namespace" }),
  ),
  only: listOf(FILTER),
  except: listOf(FILTER),
  aggregationSeconds: decided(number({ from: 0, remedy: "give a number of seconds" })),
};

/** What the options must look like. */
export const HUBBLE_REDACT_OPTIONS: CheckTable<HubbleRedactOptions> = {
  urlQuery: flag(),
  userInfo: flag(),
  allowHeaders: listOf(HEADER, { least: 1 }),
  denyHeaders: listOf(HEADER, { least: 1 }),
};

/** Values below `hubble.export`. */
export function hubbleExportValues(options: HubbleExportOptions | undefined): HelmValues {
  if (options === undefined) return {};
  const seconds = options.aggregationSeconds;
  return {
    export: {
      static: {
        enabled: true,
        filePath: options.filePath ?? `${DIRECTORY}events.log`,
        fileMaxSizeMb: options.maxSizeMb,
        fileMaxBackups: options.maxBackups,
        fileCompress: options.compress,
        fieldMask: options.fields,
        allowList: options.only,
        denyList: options.except,
        aggregationInterval: seconds === undefined ? undefined : `${Math.round(seconds * 1000)}ms`,
      },
    },
  };
}

/** Values below `hubble.redact`. */
export function hubbleRedactValues(options: HubbleRedactOptions | undefined): HelmValues {
  if (options === undefined) return {};
  const { allowHeaders, denyHeaders = allowHeaders === undefined ? SECRETS : undefined } = options;
  return {
    redact: {
      enabled: true,
      http: {
        urlQuery: options.urlQuery ?? true,
        userInfo: options.userInfo ?? true,
        headers: { allow: allowHeaders, deny: denyHeaders },
      },
    },
  };
}

/** Headers that carry what logs a user in. */
const SECRETS: readonly string[] = ["authorization", "cookie", "set-cookie"];

/** What is wrong between the options. */
export function hubbleRedactProblems({ allowHeaders, denyHeaders }: HubbleRedactOptions): Problem[] {
  if (!isKnown(allowHeaders) || !isKnown(denyHeaders)) return [];
  return [
    {
      property: "denyHeaders",
      value: denyHeaders,
      rule: "cannot be given together with allowHeaders: the chart refuses",
      remedy: "leave out one of the two",
    },
  ];
}

function isObject(written: string): boolean {
  try {
    const value: unknown = JSON.parse(written);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
