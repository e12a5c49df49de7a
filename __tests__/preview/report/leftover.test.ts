import { planned } from "../rules/crafted";
import { reportOf } from "../support";

const host = "https://www.example.com/compute/v1/";
const link = "projects/p/regions/a/addresses/old";
const address = { id: link, name: "old", self_link: `${host}${link}` };
const nat = (...addresses: readonly string[]) => ({ name: "nat", nat_ips: addresses });

/** Why the address that is left over from an earlier replacement goes, beside another change. */
function why(type: string, change: object, before: object = address): readonly string[] {
  const resource = (kind: string, name: string, what: object) => ({
    address: `${kind}.${name}`,
    mode: "managed",
    type: kind,
    name,
    change: what,
  });
  const left = resource("google_compute_address", "a", { actions: ["delete"], before, after: null });
  const resource_changes = [{ ...left, deposed: "0a1b2c3d" }, resource(type, "other", change)];
  const [stack] = reportOf([planned([], { resource_changes })]).stacks;
  return stack!.resources.find(({ action }) => action === "delete")!.why.slice(1);
}

const NAT = "google_compute_router_nat";

test.each<[what: string, change: object, expected: readonly string[]]>([
  [
    "that nothing is done to",
    { actions: ["no-op"], before: nat(address.self_link), after: nat(address.self_link) },
    ["still used by google_compute_router_nat.other, also after this apply: its deletion may be refused"],
  ],
  [
    "that calls it without the host",
    { actions: ["update"], before: nat(address.self_link), after: nat(link) },
    ["still used by google_compute_router_nat.other, also after this apply: its deletion may be refused"],
  ],
  [
    "that is to use another one",
    { actions: ["update"], before: nat(address.self_link), after: nat(), after_unknown: { nat_ips: [true] } },
    ["still used by google_compute_router_nat.other, until this apply changes that"],
  ],
  ["that uses another one", { actions: ["no-op"], before: nat(`${host}x`), after: nat(`${host}x`) }, []],
])("of what is left over it is told what uses it: a NAT %s", (_, change, expected) => {
  expect(why(NAT, change)).toEqual(expected);
});

test("what has no link that is its own is left", () => {
  const map = { id: "kube-system/scripts", metadata: [{ name: "scripts", namespace: "kube-system" }] };
  const other = { id: "kube-system/scripts" };
  expect(why("kubernetes_daemon_set_v1", { actions: ["no-op"], before: other, after: other }, map)).toEqual([]);
});
