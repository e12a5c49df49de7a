/** What is read of Grafana's JSON, in the forms that Cilium's dashboards use. */
export interface UpstreamDashboard {
  readonly title: string;
  readonly uid: string;
  readonly description?: string;
  readonly templating: { readonly list: readonly UpstreamVariable[] };
  readonly panels: readonly UpstreamPanel[];
}

export interface UpstreamVariable {
  readonly name: string;
  readonly label?: string | null;
  readonly type: string;
  readonly query: string | { readonly query: string };
  readonly multi?: boolean;
  readonly includeAll?: boolean;
}

export interface UpstreamPanel {
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly options?: { readonly content?: string };
  readonly fieldConfig?: {
    readonly defaults?: {
      readonly unit?: string;
      readonly max?: number;
      readonly min?: number;
      readonly custom?: { readonly stacking?: { readonly mode?: string } };
    };
  };
  /** Of the old type `graph`. */
  readonly stack?: boolean;
  readonly yaxes?: readonly { readonly format?: string }[];
  readonly targets?: readonly { readonly expr: string; readonly legendFormat?: string; readonly hide?: boolean }[];
  readonly content?: string;
}
