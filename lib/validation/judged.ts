import { assertNoProblems, type Problem } from "./problems";

const JUDGED = new WeakSet<object>();

/**
 * Marks props as judged: an environment has already told everything that is wrong with them, under the names that its
 * author wrote, so that the construct they are for need not judge them again.
 */
export function judged<T extends object>(props: T): T {
  JUDGED.add(props);
  return props;
}

/** Whether props are {@link judged}: their warnings were told as well. */
export function isJudged(props: object): boolean {
  return JUDGED.has(props);
}

/**
 * What every construct does with its props before it creates anything: throws one error with every problem, unless the
 * props are {@link judged}.
 *
 * @param problems Only called where the props are not judged, so that each rule runs once a synth.
 * @throws ConfigurationError
 */
export function assertSound(subject: string, props: object, problems: () => readonly Problem[]): void {
  if (!isJudged(props)) assertNoProblems(subject, problems());
}
