/** GPUs of each node. */
export interface Accelerator {
  /** Kind: `nvidia-l4`, `nvidia-tesla-t4`. */
  readonly type: string;

  /** How many a node. */
  readonly count: number;

  /**
   * Driver that GKE installs.
   *
   * @default "DEFAULT"
   */
  readonly driverVersion?: "DEFAULT" | "LATEST" | "INSTALLATION_DISABLED";

  /**
   * Size of the partitions of a multi-instance GPU: `1g.5gb`.
   *
   * @default - not partitioned
   */
  readonly partitionSize?: string;

  /**
   * How a GPU is shared by containers.
   *
   * @default - not shared
   */
  readonly sharing?: "TIME_SHARING" | "MPS";

  /**
   * How many containers share one, 2 to 48. Required with {@link sharing}.
   *
   * @default - not shared
   */
  readonly maxClients?: number;
}
