import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../paths";
import { badRequest } from "../http/errors";
import type { Json, JsonObject } from "../json";
import { readBody } from "./check";
import type { ServiceSchema } from "./schema";

/** A request that is described: its service, and the message of its body. */
interface Described {
  readonly schema: ServiceSchema;
  readonly method: string;
  readonly pattern: RegExp;
  readonly message: string;
}

/** What Google's discovery documents say of the requests that are simulated. */
export class DiscoveryCatalogue {
  private readonly described: readonly Described[];

  public constructor(schemas: readonly ServiceSchema[]) {
    this.described = schemas.flatMap((schema) =>
      Object.entries(schema.methods).map(([key, message]) => {
        const [method, template] = key.split(" ") as [string, string];
        return { schema, method, pattern: patternOf(schema.root + template), message };
      }),
    );
  }

  /**
   * The body of a request as Google would understand it; `undefined` where no document describes the request.
   *
   * @throws ApiError 400 where a field does not exist, or cannot hold what it is given
   */
  public read(method: string, path: string, body: () => JsonObject): JsonObject | undefined {
    const described = this.described.find((each) => each.method === method && each.pattern.test(path));
    if (!described) return undefined;
    const { body: read, violations } = readBody(described.schema, described.message, body());
    if (violations.length === 0) return read;
    throw badRequest(violations.map(({ description }) => description).join("\n"), {
      details: [
        { "@type": "type.googleapis.com/google.rpc.BadRequest", fieldViolations: violations as unknown as Json },
      ],
    });
  }
}

let loaded: DiscoveryCatalogue | undefined;

/** The catalogue of everything in `data/`, read once. */
export function discoveryCatalogue(): DiscoveryCatalogue {
  loaded ??= new DiscoveryCatalogue(readSchemas());
  return loaded;
}

function readSchemas(): ServiceSchema[] {
  const directory = join(packageRoot(), "sandbox", "gcp", "discovery", "data");
  return readdirSync(directory)
    .filter((file) => file.endsWith(".json"))
    .map((file) => JSON.parse(readFileSync(join(directory, file), "utf8")) as ServiceSchema);
}

/** `v1/projects/{projectsId}:setIamPolicy` as an expression for a path that is still percent-encoded. */
function patternOf(template: string): RegExp {
  const source = template.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{[^}]+\}/g, "[^/:]+");
  return new RegExp(`^${source}$`);
}
