import { check, checkEqual } from "../harness/check";
import { ENVIRONMENTS, type Scenario } from "../harness/scenario";

/** Hosts that the google provider asks by itself: once at every start, to tell who it is. */
const ASKED_BY_THE_PROVIDER = ["openidconnect.googleapis.com"];

/** What every run must leave alone. */
export const ISOLATION: Scenario = {
  id: "isolation",
  title: "Nothing is written in another project, and no request leaves this machine",
  shows: "isolation",
  environments: ENVIRONMENTS,
  steps: [
    {
      title: "every request of this environment is about its own project",
      async run(bench) {
        const mine = bench.cloud.requests({ user: bench.cloud.user });
        check(mine.length > 0, `the log has no request of ${bench.cloud.user}`);
        const elsewhere = mine.filter(
          ({ project, write }) => project !== bench.project && (write || project !== undefined),
        );
        checkEqual(
          elsewhere
            // State is kept in a bucket, whose requests name no project; the bucket's name does.
            .filter(
              ({ service, path }) => !(service === "storage.googleapis.com" && path.includes(`${bench.project}-`)),
            )
            .map(({ method, path }) => `${method} ${path}`),
          [],
          "requests about other projects",
        );
        bench.note(`${mine.length} requests, ${mine.filter(({ write }) => write).length} of them writes`);
      },
    },
    {
      title: "nothing but the sandbox was reached",
      async run(bench) {
        const refused = bench.cloud.outsideHosts().filter(({ outcome }) => outcome === "refused");
        const unexpected = refused.filter(({ host }) => !ASKED_BY_THE_PROVIDER.includes(host));
        checkEqual(unexpected, [], "outside hosts that something asked for");
        bench.note(
          `asked for and refused: ${refused.map(({ host, count }) => `${host} (${count})`).join(", ") || "none"}`,
        );
      },
    },
    {
      title: "nothing was asked of the cloud that is not simulated",
      async run(bench) {
        const unsimulated = bench.cloud.requests({ user: bench.cloud.user }).filter(({ status }) => status === 501);
        checkEqual(
          unsimulated.map(({ method, path }) => `${method} ${path}`),
          [],
          "requests answered 501",
        );
      },
    },
  ],
};
