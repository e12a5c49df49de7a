import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { closest } from "../validation";
import { type Asked, environmentsIn, readAsked } from "./asked";
import type { LiveContext } from "./context";
import { Failure } from "./failure";

/** Options by name, as `parseArgs` takes them. */
type Options = Readonly<
  Record<string, { readonly type: "string" | "boolean"; readonly short?: string; readonly multiple?: true }>
>;

/** What was written for each option; undefined where it was not. */
type Values<O extends Options> = {
  readonly [K in keyof O]?: O[K] extends { readonly multiple: true }
    ? readonly string[]
    : O[K]["type"] extends "boolean"
      ? boolean
      : string;
};

const OUTPUT = "cdktf.out";
/** What every command that asks a running cluster takes. */
const SHARED = {
  context: { type: "string" },
  output: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const satisfies Options;

/** A command line, taken apart. */
interface Arguments<O extends Options> {
  readonly values: Values<O & typeof SHARED>;
  /** What was synthesized for the environment that is named. @throws Failure */
  readonly asked: (context: Pick<LiveContext, "workingDirectory">) => Asked;
}

/**
 * Reads a command line that names one environment.
 *
 * @param command Its name, for messages.
 * @param own Options besides those that every command has.
 * @param more What to do about further words, in the imperative.
 * @throws Failure with what is not understood.
 */
export function readArguments<const O extends Options>(
  command: string,
  args: readonly string[],
  own: O,
  more?: string,
): Arguments<O> {
  const { values, positionals } = parsed(command, args, { ...SHARED, ...own }, more);
  const { output: directory = OUTPUT } = values as Values<typeof SHARED>;
  return {
    values: values as Values<O & typeof SHARED>,
    asked: ({ workingDirectory }) => {
      const output = resolve(workingDirectory, directory);
      const [environment, ...others] = positionals;
      if (!environment) {
        const known = environmentsIn(output);
        const example = known.length > 0 ? known.join(", ") : "staging";
        throw new Failure(
          "error",
          "no environment is named",
          `gke-cilium ${command} <environment>; there is ${example}`,
        );
      }
      if (others.length > 0)
        throw new Failure("error", `${others.join(" ")} is not understood`, more ?? "name one environment at a time");
      return readAsked(output, environment);
    },
  };
}

function parsed(command: string, args: readonly string[], options: Options, more: string | undefined) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, strict: true, options });
  } catch (error) {
    const { message, code } = error as Error & { readonly code?: string };
    const [, option = ""] = /'(--?[^'\s=]+)/.exec(message) ?? [];
    const unknown = code === "ERR_PARSE_ARGS_UNKNOWN_OPTION";
    const meant = unknown ? closest(option.replace(/^-+/, ""), Object.keys(options)) : [];
    throw new Failure(
      "error",
      unknown ? `${option} is no option` : (message.split(/\.? To specify|\n/)[0] ?? message),
      meant.length > 0
        ? `did you mean --${meant[0]}?`
        : unknown && more
          ? more
          : `gke-cilium ${command} --help lists the options`,
    );
  }
}
