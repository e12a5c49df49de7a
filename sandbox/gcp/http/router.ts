import type { ErrorStyle } from "./errors";
import type { ApiRequest, ApiResponse } from "./exchange";

/** Answers one request. */
export type Handler = (request: ApiRequest) => ApiResponse | Promise<ApiResponse>;

/** What all routes of a service have in common. */
export interface ServiceProfile {
  /** Host name of the real service, e.g. `compute.googleapis.com`. Also its name in service usage. */
  readonly host: string;
  /** Path under the simulator's address that the service's routes begin with, e.g. `/compute/v1`. */
  readonly prefix: string;
  readonly errors: ErrorStyle;
}

/** A route that fits a request. */
export interface Match {
  readonly service: ServiceProfile;
  readonly handler: Handler;
  readonly params: Readonly<Record<string, string>>;
}

interface Route {
  readonly method: string;
  readonly pattern: RegExp;
  readonly names: readonly string[];
  readonly service: ServiceProfile;
  readonly handler: Handler;
}

/**
 * Finds the handler of a request. Templates are those of Google's discovery documents: `{network}` is one segment,
 * `{name=**}` any number, `{cluster}:setResourceLabels` a custom verb. The first route added that fits is taken.
 */
export class Router {
  private readonly routes: Route[] = [];
  private readonly services: ServiceProfile[] = [];

  /** Adds routes of one service: `add("GET", "/projects/{project}/zones", handler)`. */
  public service(profile: ServiceProfile): (method: string, template: string, handler: Handler) => void {
    this.services.push(profile);
    return (method, template, handler) => {
      const names: string[] = [];
      const source = template
        .split(/(\{[^}]+\})/)
        .map((part) => {
          if (!part.startsWith("{")) return part.replace(/[.*+?^$()|[\]\\]/g, "\\$&");
          const name = part.slice(1, -1);
          const many = name.endsWith("=**");
          names.push(many ? name.slice(0, -3) : name);
          return many ? "(.+?)" : "([^/:]+)";
        })
        .join("");
      this.routes.push({
        method,
        pattern: new RegExp(`^${profile.prefix}${source}$`),
        names,
        service: profile,
        handler,
      });
    };
  }

  /** The handler for a request, or `undefined`. `path` is still percent-encoded; parameters come out decoded. */
  public find(method: string, path: string): Match | undefined {
    for (const route of this.routes) {
      if (route.method !== method) continue;
      const match = route.pattern.exec(path);
      if (!match) continue;
      const params = Object.fromEntries(route.names.map((name, i) => [name, decode(match[i + 1]!)]));
      return { service: route.service, handler: route.handler, params };
    }
    return undefined;
  }

  /** The service whose prefix a path begins with: its style is used where no route fits. */
  public serviceOf(path: string): ServiceProfile | undefined {
    return this.services
      .filter((service) => path.startsWith(`${service.prefix}/`))
      .sort((a, b) => b.prefix.length - a.prefix.length)[0];
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
