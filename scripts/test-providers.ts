import type { ProviderVersions } from "../lib/environment";
import { PROVIDER_VERSIONS, PROVIDERS } from "../lib/facts/providers/versions";
import { GOOGLE, PROVEN } from "./deployment/environments";
import { type Proof, prove } from "./deployment/in-sandbox";
import { inOrder, writeStacks } from "./deployment/synthesized";
import { Terraform } from "./deployment/terraform";

/**
 * Environments deployed with the providers that the bindings stand for, taken over by the newest that were tried, and
 * destroyed with those: they may plan nothing. Then one is deployed with them from nothing. docs/providers.md says what differs otherwise.
 *
 * Exit code 77: not run, because one of the providers cannot be had.
 */
const NEWEST: ProviderVersions = Object.fromEntries(
  PROVIDERS.flatMap((provider) => {
    const { tried } = PROVIDER_VERSIONS[provider];
    return tried.length > 0 ? [[provider, tried[tried.length - 1]]] : [];
  }),
);
const UPGRADED = PROVEN.map((definition) => ({ ...definition, providers: NEWEST }));

const proof: Proof = {
  name: "providers",
  write: (app) => {
    const newest = writeStacks(app, UPGRADED);
    return [writeStacks(app, PROVEN), newest];
  },
  async run({ environments: [bound, newest] }, app) {
    const before = new Terraform(app, bound ?? {});
    const after = new Terraform(app, newest ?? {});
    const stacks = inOrder(writeStacks(app, PROVEN));
    for (const stack of stacks) await before.apply(stack);
    for (const stack of stacks) await before.mustBeEmpty(stack);
    writeStacks(app, UPGRADED);
    for (const stack of stacks) {
      const planned = await after.plan(stack);
      if (planned.length > 0) throw new Error(`${stack}: the newer providers plan ${JSON.stringify(planned, null, 1)}`);
      await after.apply(stack);
    }
    for (const stack of stacks) await after.mustBeEmpty(stack);
    await planNewField(after, app);
    for (const stack of [...stacks].reverse()) await after.destroy(stack);
    const anew = stacks.filter((stack) => stack.startsWith(GOOGLE.name));
    for (const stack of anew) await after.apply(stack);
    for (const stack of anew) await after.mustBeEmpty(stack);
    for (const stack of [...anew].reverse()) await after.destroy(stack);
    const words = (versions: ProviderVersions) =>
      Object.entries(versions)
        .map((pair) => pair.join(" "))
        .join(", ");
    return `${stacks.length} stacks are taken over by ${words(NEWEST)} without a change, and destroyed; ${anew.length} are deployed from nothing with them.`;
  },
};

/** A field that only the newer provider has, through the escape hatch that docs/providers.md shows. */
async function planNewField(newest: Terraform, app: string): Promise<void> {
  writeStacks(app, UPGRADED, ({ cluster }) => cluster.cluster.cluster.addOverride("secret_sync_config.enabled", true));
  const planned = await newest.plan(`${GOOGLE.name}-cluster`);
  const [change] = planned;
  const field = JSON.stringify(change?.after?.["secret_sync_config"] ?? null);
  if (planned.length !== 1 || change?.actions.join() !== "update" || !field.includes('"enabled":true'))
    throw new Error(`an override of a new field plans ${JSON.stringify(planned, null, 1)}`);
  writeStacks(app, UPGRADED);
}

prove(proof).then((code) => {
  process.exitCode = code;
});
