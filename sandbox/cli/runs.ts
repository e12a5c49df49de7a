/** A stack, and what is deployed before it. */
export interface OrderedStack {
  readonly name: string;
  readonly dependencies: readonly string[];
}

/**
 * The arguments of each run of cdktf that a command on some stacks takes.
 *
 * cdktf keeps the order of stacks where it is given all that they depend on (at destroy: all that depends on them).
 * Where some are left out it must be told to ignore them, and then it minds no order at all but starts every stack at
 * once: hence one run a stack, in the order of the dependencies. `cdktf diff` takes one stack at a time anyway.
 *
 * @param selected The stacks that are meant.
 * @param all Every stack there is.
 */
export function cdktfRuns(
  verb: "deploy" | "diff" | "destroy",
  selected: readonly OrderedStack[],
  all: readonly OrderedStack[],
): string[][] {
  const deployed = inOrder(selected, all).map(({ name }) => name);
  const order = verb === "destroy" ? deployed.reverse() : deployed;
  if (verb === "diff") return order.map((name) => [name]);
  const isSelected = (name: string) => order.includes(name);
  const needed = verb === "deploy" ? selected.flatMap(({ dependencies }) => dependencies) : dependents(order, all);
  return needed.every(isSelected)
    ? [[...order, "--auto-approve"]]
    : order.map((name) => [name, "--auto-approve", "--ignore-missing-stack-dependencies"]);
}

/** Each stack after all that it depends on, also by way of stacks that are not selected. */
function inOrder(selected: readonly OrderedStack[], all: readonly OrderedStack[]): OrderedStack[] {
  const found = new Set<OrderedStack>();
  const visit = (stack: OrderedStack) => {
    if (found.has(stack)) return;
    for (const name of stack.dependencies) all.filter((other) => other.name === name).forEach(visit);
    found.add(stack);
  };
  selected.forEach(visit);
  return [...found].filter((stack) => selected.includes(stack));
}

function dependents(names: readonly string[], all: readonly OrderedStack[]): string[] {
  return all.filter(({ dependencies }) => dependencies.some((name) => names.includes(name))).map(({ name }) => name);
}
