/** Products that are asked, by the name that they have in the google provider's variables. */
const PRODUCTS = {
  // Without a version, as the google provider takes it.
  CONTAINER: "https://container.googleapis.com/",
  COMPUTE: "https://compute.googleapis.com/compute/v1/",
  RESOURCE_MANAGER: "https://cloudresourcemanager.googleapis.com/v1/",
  SERVICE_USAGE: "https://serviceusage.googleapis.com/v1/",
  IAM: "https://iam.googleapis.com/v1/",
  STORAGE: "https://storage.googleapis.com/storage/v1/",
} as const;

export type Product = keyof typeof PRODUCTS;
type Variables = Readonly<Record<string, string | undefined>>;

const PATIENCE_MS = 20_000;

/** An answer that is not 2xx, in Google's own words. */
export class GoogleError extends Error {
  public constructor(
    /** HTTP status, or 0 where there was no answer at all. */
    public readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Asks Google's APIs, where the google provider asks them: `GOOGLE_<PRODUCT>_CUSTOM_ENDPOINT` counts here, too. */
export class GoogleClient {
  public constructor(
    private readonly token: string,
    private readonly variables: Variables,
  ) {}

  /** @throws GoogleError */
  public async get<T>(product: Product, path: string): Promise<T> {
    return this.request<T>(product, path, { method: "GET" });
  }

  /** @throws GoogleError */
  public async post<T>(product: Product, path: string, body: unknown): Promise<T> {
    return this.request<T>(product, path, { method: "POST", body: JSON.stringify(body) });
  }

  private async request<T>(product: Product, path: string, init: RequestInit): Promise<T> {
    const named = this.variables[`GOOGLE_${product}_CUSTOM_ENDPOINT`] ?? PRODUCTS[product];
    const base = path.startsWith("v1/") ? named.replace(/\/v1\/?$/, "/") : named;
    const url = new URL(path, base.endsWith("/") ? base : `${base}/`);
    const headers = { authorization: `Bearer ${this.token}`, "content-type": "application/json" };
    const response = await fetch(url, { ...init, headers, signal: AbortSignal.timeout(PATIENCE_MS) }).catch(
      (error: Error) => {
        throw new GoogleError(0, `${url.host} does not answer: ${causeOf(error)}`);
      },
    );
    const text = await response.text();
    if (!response.ok) throw new GoogleError(response.status, messageOf(text, response.status));
    return JSON.parse(text) as T;
  }
}

function causeOf(error: Error): string {
  return error.cause instanceof Error ? error.cause.message : error.message;
}

function messageOf(text: string, status: number): string {
  try {
    const { error } = JSON.parse(text) as { error?: { message?: string } };
    if (error?.message) return error.message;
  } catch {
    // Not JSON: a proxy's page, say.
  }
  return `status ${status}`;
}
