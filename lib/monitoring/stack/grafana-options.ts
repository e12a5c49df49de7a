import type { Problem } from "../../validation";

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

/** What is wrong with options of Grafana. */
export function grafanaProblems({ adminSecret, storageGiB }: GrafanaOptions): Problem[] {
  const problems: Problem[] = [];
  if (adminSecret !== undefined) problems.push(...secretNameProblems("adminSecret", adminSecret));
  if (storageGiB !== undefined && !(Number.isInteger(storageGiB) && storageGiB >= MIN_STORAGE_GIB))
    problems.push({
      property: "storageGiB",
      value: storageGiB,
      rule: "is not a whole number of gibibytes from 1",
      remedy: "choose one, or leave it out for no disk",
    });
  return problems;
}

/** What is wrong with the name of a Secret. */
export function secretNameProblems(property: string, name: string): Problem[] {
  if (/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name) && name.length <= 253) return [];
  return [
    {
      property,
      value: name,
      rule: "is not the name of a Secret",
      remedy: "use at most 253 lower case letters, digits, - and .",
    },
  ];
}
