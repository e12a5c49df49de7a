import { readFileSync } from "node:fs";
import { packageFile } from "../../package-files";
import { SMALL_TYPES } from "./small-types";

/** What is known of an attribute: only what differs from a plain optional argument. */
export interface AttributeFacts {
  /** A change replaces the resource. */
  readonly forcesReplacement: boolean;
  /** Taken out of the configuration it keeps its value: the provider computes it. */
  readonly keptByProvider: boolean;
  /** Never written by the user. */
  readonly output: boolean;
  /** Order and position of its elements mean nothing. */
  readonly set: boolean;
  readonly default?: unknown;
}

type Entry = string | readonly [string, unknown];

interface Tables {
  readonly versions: Readonly<Record<string, string>>;
  readonly types: Readonly<Record<string, Readonly<Record<string, Entry>>>>;
  readonly sensitive: Readonly<Record<string, readonly string[]>>;
}

/** In what a later major differs from the table of the pinned version. */
interface LaterMajor {
  readonly provider: string;
  readonly version: string;
  /** Null where the attribute is gone. */
  readonly types: Readonly<Record<string, Readonly<Record<string, Entry | null>>>>;
}

/** Files of {@link LaterMajor}, by provider and major. */
const LATER = ["google-7", "kubernetes-3"];

const PLAIN: AttributeFacts = {
  forcesReplacement: false,
  keptByProvider: false,
  output: false,
  set: false,
};

/**
 * The providers' tables: `data/provider-tables.json`, written by `scripts/preview/provider-tables.ts` for the pinned
 * versions, and one file a later major (`scripts/preview/later-tables.ts`). Terraform's own schema output does not say
 * what forces a replacement.
 */
export class ProviderSchema {
  private static loaded: ProviderSchema | undefined;
  private static readonly byMajors = new Map<string, ProviderSchema>();
  private readonly sensitive = new Map<string, ReadonlySet<string>>();

  public static load(): ProviderSchema {
    ProviderSchema.loaded ??= new ProviderSchema(
      JSON.parse(readFileSync(packageFile("lib/facts/providers/data/provider-tables.json"), "utf8")),
    );
    return ProviderSchema.loaded;
  }

  /**
   * The tables of the majors that a stack requires, as far as they are there; of the pinned versions where they are not.
   *
   * @param required Provider name to version or constraint, as `required_providers` has them.
   */
  public static of(required: Readonly<Record<string, string>> = {}): ProviderSchema {
    const wanted = LATER.filter((name) => {
      const [provider = "", major] = name.split("-");
      return /\d+/.exec(required[provider] ?? "")?.[0] === major;
    });
    if (wanted.length === 0) return ProviderSchema.load();
    const key = wanted.join();
    const known = ProviderSchema.byMajors.get(key);
    if (known) return known;
    const later = wanted.map((name) =>
      JSON.parse(readFileSync(packageFile(`lib/facts/providers/data/${name}.json`), "utf8")),
    );
    const made = new ProviderSchema((later as LaterMajor[]).reduce(laidOver, ProviderSchema.load().tables));
    ProviderSchema.byMajors.set(key, made);
    return made;
  }

  private constructor(private readonly tables: Tables) {
    for (const [type, paths] of Object.entries(tables.sensitive)) this.sensitive.set(type, new Set(paths));
  }

  /** Provider name to the version its table was made of. */
  public get versions(): Readonly<Record<string, string>> {
    return this.tables.versions;
  }

  public get types(): readonly string[] {
    return Object.keys(this.tables.types);
  }

  /** The raw rows of a type. */
  public entries(type: string): Readonly<Record<string, Entry>> {
    return this.tables.types[type] ?? {};
  }

  /** Whether a replacement of this type can be told from an update. */
  public knows(type: string): boolean {
    return type in this.tables.types || Object.hasOwn(SMALL_TYPES, type);
  }

  /** @returns plain facts for an attribute without any peculiarity, and for every attribute of an unknown type. */
  public attribute(type: string, path: string): AttributeFacts {
    const entry =
      this.tables.types[type]?.[path] ?? (Object.hasOwn(SMALL_TYPES, type) ? SMALL_TYPES[type]![path] : undefined);
    if (entry === undefined) return PLAIN;
    const [flags, defaultValue] = typeof entry === "string" ? [entry, undefined] : entry;
    return {
      forcesReplacement: flags.includes("f"),
      keptByProvider: flags.includes("c"),
      output: flags.includes("o"),
      set: flags.includes("s"),
      default: defaultValue,
    };
  }

  /** Paths of a type that force its replacement. */
  public replacingPaths(type: string): readonly string[] {
    return Object.keys(this.tables.types[type] ?? {}).filter((path) => this.attribute(type, path).forcesReplacement);
  }

  /** Whether the provider marks the attribute, or a block or map it is in. */
  public isSensitive(type: string, path: string): boolean {
    const paths = this.sensitive.get(type);
    if (!paths) return false;
    if (paths.has(path)) return true;
    for (let dot = path.lastIndexOf("."); dot > 0; dot = path.lastIndexOf(".", dot - 1)) {
      if (paths.has(path.slice(0, dot))) return true;
    }
    return false;
  }
}

/** The tables with what a later major says otherwise. */
function laidOver(tables: Tables, { provider, version, types }: LaterMajor): Tables {
  const changed = Object.entries(types).map(([type, paths]) => {
    const rows = { ...tables.types[type], ...paths };
    return [type, Object.fromEntries(Object.entries(rows).filter(([, entry]) => entry !== null))] as const;
  });
  return {
    ...tables,
    versions: { ...tables.versions, [provider]: version },
    types: { ...tables.types, ...Object.fromEntries(changed) } as Tables["types"],
  };
}
