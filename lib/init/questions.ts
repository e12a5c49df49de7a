import { createInterface } from "node:readline/promises";
import {
  completeOptions,
  DATAPLANES,
  type InitArguments,
  InitError,
  type InitOptions,
  MONITORINGS,
  packageNameOf,
  parseEnvironment,
  STATES,
} from "./options";

/** Where questions are asked: a terminal, or whatever a test puts there. */
export interface Conversation {
  ask(question: string): Promise<string>;
  say(text: string): void;
}

interface Question {
  readonly property: keyof InitOptions;
  readonly text: string;
  readonly suggestion?: string;
  /** The answer as the option has it. */
  readonly read: (answer: string) => unknown;
}

const words = (answer: string): string[] => answer.split(/[\s,]+/).filter(Boolean);

/** Asks for what the command line left open, one after the other, and again where an answer cannot be. */
export async function askForRest(given: InitArguments, { ask, say }: Conversation): Promise<InitOptions> {
  let answers = given;
  for (const question of questionsOf(given)) {
    if (answers[question.property] !== undefined) continue;
    for (;;) {
      const suggestion = question.property === "monitoring" ? monitoringFor(answers) : question.suggestion;
      const hint = suggestion === undefined ? "" : ` (${suggestion || "none"})`;
      const answer = (await ask(`${question.text}${hint}: `)).trim() || suggestion;
      if (answer === undefined) continue;
      const value = answer === "" ? undefined : question.read(answer);
      const problem = problemOf({ ...answers, [question.property]: value }, question.property);
      if (problem === undefined) {
        answers = { ...answers, [question.property]: value };
        break;
      }
      say(`${problem}\n`);
    }
  }
  return completeOptions(answers);
}

function questionsOf({ directory }: InitArguments): Question[] {
  return [
    { property: "name", text: "Name of the repository", suggestion: packageNameOf(directory), read: (name) => name },
    {
      property: "environments",
      text: "Environments with their projects, e.g. dev=acme-dev prod=acme-prod",
      read: (answer) => words(answer).map(parseEnvironment),
    },
    {
      property: "location",
      text: "Region or zone of the clusters, e.g. asia-northeast1",
      read: (location) => location,
    },
    {
      property: "dataplane",
      text: `Dataplane
  dataplane-v2     Google runs Cilium: nothing to upgrade, network policies and flows
  kube-proxy-free  you run Cilium, alone: every feature, and every upgrade
  cni-chaining     you run Cilium beside GKE's own networking: Hubble's view, little else
Which`,
      suggestion: DATAPLANES[0],
      read: (answer) => answer,
    },
    { property: "monitoring", text: `Monitoring, one of ${MONITORINGS.join(", ")}`, read: (answer) => answer },
    {
      property: "state",
      text: "Terraform's state: in a bucket of each project, or local to try things out",
      suggestion: STATES[0],
      read: (answer) => answer,
    },
    {
      property: "github",
      text: "GitHub repository whose workflows preview and apply, owner/name",
      suggestion: "",
      read: (answer) => answer,
    },
    { property: "owners", text: "Owners of the code, e.g. @acme/platform", suggestion: "", read: words },
  ];
}

function monitoringFor({ dataplane }: InitArguments): string {
  return dataplane === "dataplane-v2" ? MONITORINGS[0] : MONITORINGS[1];
}

/** What is wrong with one answer; others may still be missing. */
function problemOf(answers: InitArguments, property: string): string | undefined {
  try {
    completeOptions(answers);
  } catch (error) {
    if (!(error instanceof InitError)) throw error;
    const lines = error.message.split("\n").filter((line) => line.includes(`'${property}`));
    return lines.length > 0 ? lines.join("\n") : undefined;
  }
  return undefined;
}

/** A conversation on the terminal. */
export function terminalConversation(): Conversation & { close(): void } {
  const line = createInterface({ input: process.stdin, output: process.stdout });
  return {
    ask: (question) => line.question(question),
    say: (text) => process.stdout.write(text),
    close: () => line.close(),
  };
}
