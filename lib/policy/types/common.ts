/** What names an object. */
export interface PolicyMetadata {
  /** Unique among the objects of its kind in its namespace. */
  readonly name: string;

  /**
   * Namespace of the object. Not for kinds of the whole cluster.
   *
   * @default - the policies' `namespace`
   */
  readonly namespace?: string;

  /**
   * Labels of the object.
   *
   * @default - none
   */
  readonly labels?: Readonly<Record<string, string>>;

  /**
   * Annotations of the object. On a NetworkPolicy, `policy.network.gke.io/enable-logging: "true"` makes Dataplane V2 log what
   * it allows.
   *
   * @default - none
   */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** One condition on the label `key`. */
export interface LabelExpression {
  readonly key: string;
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";

  /**
   * The values of `In` and `NotIn`.
   *
   * @default - none
   */
  readonly values?: readonly string[];
}

/** Selects by labels; all conditions must hold, and an empty one selects whatever there is. */
export interface LabelSelector {
  /**
   * Labels with their values.
   *
   * @default - any
   */
  readonly matchLabels?: Readonly<Record<string, string>>;

  /**
   * Conditions on labels.
   *
   * @default - none
   */
  readonly matchExpressions?: readonly LabelExpression[];
}
