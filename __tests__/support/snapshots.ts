/** Whether jest was called with `-u`: what a page shows is then renewed as snapshots are. */
export function updatesSnapshots(): boolean {
  const state: unknown = expect.getState()["snapshotState"];
  return typeof state === "object" && state !== null && "_updateSnapshot" in state && state._updateSnapshot === "all";
}
