import { environmentsProblems } from "../../lib/environment";
import { dataplanes, definition } from "../support/definition";

const NAMES = ["constructor", "__proto__", "toString", "hasOwnProperty"];

const policy = (changes: object) => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name: "a", namespace: "b" },
  spec: { podSelector: {} },
  ...changes,
});

describe.each(Object.entries(dataplanes))("names that every object has, in policies of %s", (_, dataplane) => {
  const told = (object: object) =>
    environmentsProblems([definition({ dataplane: dataplane(), policies: { objects: [object as never] } })]);

  test.each(NAMES)("%s is no kind", (kind) => {
    expect(told(policy({ kind })).join()).toContain(`(${kind}) is no kind of policy that is known here`);
  });

  test.each(NAMES)("%s is no version of a kind", (apiVersion) => {
    expect(told(policy({ apiVersion })).join()).toContain(
      `(${apiVersion}) is no version of NetworkPolicy that the cluster has; write networking.k8s.io/v1`,
    );
  });

  test.each(NAMES)("%s is no field", (name) => {
    const spec = JSON.parse(`{ "podSelector": {}, "${name}": [] }`) as object;
    expect(told(policy({ spec })).join()).toContain(`spec.${name}' ([]) is no field here`);
  });

  test.each(["constructor", "toString"])("but %s is a label like any other, and the name of a namespace", (name) => {
    const spec = {
      podSelector: { matchLabels: { [name]: name } },
      ingress: [{ from: [{ podSelector: { matchLabels: { [name]: "x" } } }] }],
    };
    const metadata = { name: name.toLowerCase(), namespace: name.toLowerCase(), labels: { [name]: name } };
    expect(told(policy({ metadata, spec }))).toEqual([]);
  });
});
