/** A second set of nodes beside the first during upgrades, with the first kept for a while. */
export interface BlueGreenUpgrade {
  /**
   * Share of the old nodes drained at a time, above 0 up to 1. Either this or {@link batchNodes}.
   *
   * @default - 1 node at a time
   */
  readonly batchShare?: number;

  /**
   * Number of old nodes drained at a time.
   *
   * @default 1
   */
  readonly batchNodes?: number;

  /**
   * Minutes of waiting after each batch.
   *
   * @default 0
   */
  readonly batchSoakMinutes?: number;

  /**
   * Minutes that the old nodes are kept when all are drained, at most a week.
   *
   * @default 60
   */
  readonly soakMinutes?: number;
}
