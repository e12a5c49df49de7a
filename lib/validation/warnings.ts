import { Annotations } from "cdktf";
import type { IConstruct } from "constructs";
import { describeProblem, type Problem } from "./problems";

/** Says at synth what works but deserves a sentence, in the words of {@link describeProblem}. */
export function addWarnings(scope: IConstruct, subject: string, warnings: readonly Problem[]): void {
  for (const warning of warnings) Annotations.of(scope).addWarning(describeProblem(subject, warning));
}
