import { type Check, type CheckTable, text, wholeNumber } from "../../validation";

const MIN_STORAGE_GIB = 1;

/** Grafana, as both kinds of monitoring offer it. */
export interface GrafanaOptions {
  /**
   * Name of an existing Secret in the monitoring namespace with the keys `admin-user` and `admin-password`.
   *
   * @default - the chart makes a random password and keeps it in the Secret `grafana`
   */
  readonly adminSecret?: string;

  /**
   * Gibibytes of a disk for what people make in Grafana themselves. Dashboards of this library need none: they come
   * from code. With a disk Grafana is bound to its zone, and an update stops it for a moment.
   *
   * @default - none: what people make themselves is lost when Grafana restarts
   */
  readonly storageGiB?: number;
}

/** A name of a Secret. */
export const secretName: Check = text({
  matches: (name) => /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name) && name.length <= 253,
  rule: "is not the name of a Secret",
  remedy: "use at most 253 lower case letters, digits, - and .",
});

/** What the options must look like. */
export const GRAFANA_OPTIONS: CheckTable<GrafanaOptions> = {
  adminSecret: secretName,
  storageGiB: wholeNumber({ from: MIN_STORAGE_GIB, remedy: "give a number of gibibytes, or leave it out for no disk" }),
};
