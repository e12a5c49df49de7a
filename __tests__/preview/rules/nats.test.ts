import type { StackChanges } from "../../../lib/preview/model/changes";
import { finding, type Planned, planned, predicted, resources } from "./crafted";

const FIRST = { lifecycle: { create_before_destroy: true } };

test("a NAT under another name needs the range that the old one still serves, where it is made first", () => {
  const nat = (more: object) => ({ name: "nat", router: "r", region: "a", subnetwork: [{ name: "nodes" }], ...more });
  const all = { subnetwork: [], source_subnetwork_ip_ranges_to_nat: "ALL_SUBNETWORKS_ALL_IP_RANGES" };
  const taken = (order: string, before: object, after: object, forced = "name") =>
    finding(
      "ST17",
      planned([["google_compute_router_nat.n", order, nat(before), nat(after), { replace_paths: [[forced]] }]]),
    )?.detail;
  expect(taken("create,delete", {}, { name: "two" })).toBe("both serve the same range, and a range has one NAT");
  expect(taken("create,delete", all, { ...all, name: "two" })).toMatch(/one NAT/);
  expect(taken("delete,create", {}, { name: "two" })).toBeUndefined();
  expect(taken("create,delete", {}, { name: "two", subnetwork: [{ name: "others" }] })).toBeUndefined();
  expect(taken("create,delete", {}, { name: "two", router: "s" }, "router")).toMatch(/one NAT/);
  expect(taken("create,delete", all, { ...all, name: "two", router: "s" }, "router")).toBeUndefined();
  expect(taken("create,delete", {}, { name: "two", region: "b" }, "region")).toBeUndefined();
  expect(taken("create,delete", { type: "PRIVATE" }, { type: "PRIVATE", name: "two" })).toBeUndefined();
  const serving = (kind: string, host = "") => ({
    subnetwork: [{ name: `${host}projects/p/regions/a/subnetworks/nodes`, source_ip_ranges_to_nat: [kind] }],
  });
  const [primary, every] = [serving("PRIMARY_IP_RANGE"), serving("ALL_IP_RANGES", "https://www.example.com/v1/")];
  expect(taken("create,delete", every, { ...primary, name: "two" })).toMatch(/one NAT/);
  const listed = serving("LIST_OF_SECONDARY_IP_RANGES").subnetwork[0];
  const named = (name: string) => ({ name, subnetwork: [{ ...listed, secondary_ip_range_names: ["pods"] }] });
  expect(taken("create,delete", primary, named("two"))).toBeUndefined();
  expect(taken("create,delete", every, named("two"))).toMatch(/one NAT/);
  expect(taken("create,delete", named("nat"), named("two"))).toMatch(/one NAT/);
});

test("and under another router too, but not where its subnet is a new one as well", () => {
  const network = (subnet: string, router: string) =>
    resources({
      "google_compute_subnetwork.s": { name: subnet, region: "a", network: "n", ip_cidr_range: "10.0.0.0/24" },
      "google_compute_router.r": { name: router, region: "a", network: "n" },
      "google_compute_router_nat.n": {
        name: "nat",
        router: "${google_compute_router.r.name}",
        region: "a",
        nat_ip_allocate_option: "AUTO_ONLY",
        source_subnetwork_ip_ranges_to_nat: "LIST_OF_SUBNETWORKS",
        subnetwork: [{ name: "${google_compute_subnetwork.s.id}", source_ip_ranges_to_nat: ["ALL_IP_RANGES"] }],
        lifecycle: FIRST.lifecycle,
      },
    });
  const told = (subnet: string, router: string) =>
    finding("ST17", predicted(network("nodes", "router"), network(subnet, router)))?.detail;
  expect(told("nodes", "two")).toMatch(/one NAT/);
  expect(told("others", "two")).toBeUndefined();
});

describe("a NAT beside another one", () => {
  const N = "google_compute_router_nat";
  const link = (name: string) => `https://www.example.com/compute/v1/projects/p/regions/a/subnetworks/${name}`;
  const serving = (...subnets: readonly string[]) =>
    subnets.map((name) => ({ name, source_ip_ranges_to_nat: ["ALL_IP_RANGES"] }));
  const nat = (name: string, more: object = {}) => ({
    name,
    router: "r",
    region: "a",
    source_subnetwork_ip_ranges_to_nat: "LIST_OF_SUBNETWORKS",
    subnetwork: serving(link("nodes")),
    ...more,
  });
  const all = { subnetwork: [], source_subnetwork_ip_ranges_to_nat: "ALL_SUBNETWORKS_ALL_IP_RANGES" };
  const router = (name: string, network = "n"): Planned => {
    const object = {
      name,
      region: "a",
      network: `https://www.example.com/compute/v1/projects/p/global/networks/${network}`,
    };
    return [`google_compute_router.${name}`, "no-op", object, object];
  };
  const one: Planned = [`${N}.one`, "no-op", nat("one"), nat("one")];
  const told = (...changes: readonly Planned[]) => finding("ST17", planned(changes));

  test("that stays is refused, and what is there stays", () => {
    expect(told(one, [`${N}.two`, "create", null, nat("two")])).toMatchObject({
      severity: "high",
      detail: `${N}.one serves the same range, and a range has one NAT`,
      consequence: expect.stringMatching(/^Google refuses.*the NAT that is there stays\.$/),
    });
  });

  test.each<[what: string, more: object, refused: boolean]>([
    ["of another router of the network", { router: "s" }, true],
    ["of another subnet", { subnetwork: serving(link("others")) }, false],
    ["of a subnet of the same name elsewhere", { region: "b", router: "t", subnetwork: serving("nodes") }, false],
    ["of a subnet by its name alone", { subnetwork: serving("nodes") }, true],
    ["with one new subnet and one that it shares", { subnetwork: serving(link("others"), link("nodes")) }, true],
    ["for all subnets", all, true],
    ["for all subnets of another network", { ...all, router: "u" }, false],
    ["for all subnets of who knows which network", { ...all, router: "elsewhere" }, false],
    ["that is private", { type: "PRIVATE" }, false],
    ["of another project", { project: "q" }, false],
  ])("%s", (_, more, refused) => {
    const there = { ...nat("one"), project: "p" };
    const routers = [router("r"), router("s"), router("u", "m")];
    const found = told(...routers, [`${N}.one`, "no-op", there, there], [`${N}.two`, "create", null, nat("two", more)]);
    expect(found !== undefined).toBe(refused);
  });

  test("is told once where both are new, and not at all where both were there before", () => {
    const both = planned([
      [`${N}.one`, "create", null, nat("one")],
      [`${N}.two`, "create", null, nat("two")],
    ]);
    expect(finding("ST17", both)!.detail).toMatch(/^google_compute_router_nat\.one serves/);
    expect(told(one, [`${N}.two`, "update", nat("two"), nat("two", { min_ports_per_vm: 64 })])).toBeUndefined();
  });

  test("that takes a further subnet in place is told where it is changed, not where the other one is", () => {
    const wider = nat("two", { subnetwork: serving(link("others"), link("nodes")) });
    const changed = planned([
      [`${N}.one`, "update", nat("one"), nat("one", { min_ports_per_vm: 64 })],
      [`${N}.two`, "update", nat("two", { subnetwork: serving(link("others")) }), wider],
    ]);
    expect(finding("ST17", changed)).toMatchObject({ detail: expect.stringMatching(/nat\.one serves the same/) });
  });

  test("that goes in the same apply is told to go in no order", () => {
    const found = told([`${N}.one`, "delete", nat("one"), null], [`${N}.two`, "create", null, nat("two")]);
    expect(found).toMatchObject({
      detail: `${N}.one serves the same range until it is deleted, which may come later; a range has one NAT`,
      consequence: expect.stringMatching(/in no order/),
    });
    const narrower = nat("one", { subnetwork: serving(link("others")) });
    expect(
      told([`${N}.one`, "update", nat("one"), narrower], [`${N}.two`, "create", null, nat("two")])!.detail,
    ).toMatch(/until it is changed/);
    expect(told([`${N}.one`, "forget", nat("one"), null], [`${N}.two`, "create", null, nat("two")])!.detail).toMatch(
      /one serves the same range, and/,
    );
  });

  describe("as the configurations show it", () => {
    const network = (nats: Readonly<Record<string, object>>, more: Readonly<Record<string, object>> = {}) =>
      resources({
        "google_compute_network.n": { name: "n" },
        "google_compute_subnetwork.s": {
          name: "nodes",
          region: "a",
          network: "${google_compute_network.n.id}",
          ip_cidr_range: "10.0.0.0/24",
        },
        "google_compute_router.r": { name: "router", region: "a", network: "${google_compute_network.n.id}" },
        ...Object.fromEntries(
          Object.entries(nats).map(([id, attributes]) => [
            `${N}.${id}`,
            {
              name: id,
              router: "${google_compute_router.r.name}",
              region: "a",
              nat_ip_allocate_option: "AUTO_ONLY",
              source_subnetwork_ip_ranges_to_nat: "LIST_OF_SUBNETWORKS",
              subnetwork: [{ name: "${google_compute_subnetwork.s.id}", source_ip_ranges_to_nat: ["ALL_IP_RANGES"] }],
              ...attributes,
            },
          ]),
        ),
        ...more,
      });
    const detail = (stack: StackChanges) => finding("ST17", stack)?.detail;

    test("a second one is refused, whichever way it calls the subnet", () => {
      const also = (name: string) => network({ one: {}, two: { subnetwork: serving(name) } });
      for (const name of ["${google_compute_subnetwork.s.self_link}", "nodes", link("nodes")])
        expect(detail(predicted(network({ one: {} }), also(name)))).toMatch(/nat\.one serves the same range, and/);
      expect(detail(predicted(network({ one: {} }), network({ one: {}, two: all })))).toMatch(/nat\.one serves/);
      expect(detail(predicted(network({ one: {} }), also("others")))).toBeUndefined();
    });

    test("one that goes here and comes there has no order, unless it depends on the other or on what both lose", () => {
      expect(detail(predicted(network({ one: {} }), network({ two: {} })))).toMatch(/until it is deleted/);
      const others = { subnetwork: serving("others") };
      expect(detail(predicted(network({ one: {} }), network({ one: others, two: {} })))).toMatch(/until it is changed/);
      const after = { two: { depends_on: [`${N}.one`] }, one: others };
      expect(detail(predicted(network({ one: {} }), network(after)))).toBeUndefined();
      const rebuilt = {
        "google_compute_router.r": { name: "other", region: "a", network: "${google_compute_network.n.id}" },
      };
      expect(detail(predicted(network({ one: {} }), network({ two: {} }, rebuilt)))).toBeUndefined();
    });

    test("of a list in which one subnet is new, the one that stays is what is served twice", () => {
      const subnet = (name: string) => ({
        "google_compute_subnetwork.more": {
          name,
          region: "a",
          network: "${google_compute_network.n.id}",
          ip_cidr_range: "10.1.0.0/24",
        },
      });
      const both = serving("${google_compute_subnetwork.s.id}", "${google_compute_subnetwork.more.id}");
      const list = (id: string) => ({ x: { name: id, subnetwork: both, ...FIRST } });
      const change = predicted(network(list("one"), subnet("more")), network(list("two"), subnet("other")));
      expect(detail(change)).toBe("both serve the same range, and a range has one NAT");
      const alone = (id: string) => ({
        x: { name: id, subnetwork: serving("${google_compute_subnetwork.more.id}"), ...FIRST },
      });
      expect(
        detail(predicted(network(alone("one"), subnet("more")), network(alone("two"), subnet("other")))),
      ).toBeUndefined();
    });

    test("and so it is planned, where the new subnet's name is not known yet", () => {
      const unknown = { after_unknown: { subnetwork: [{}, { name: true }] }, replace_paths: [["name"]] };
      const kept = { source_ip_ranges_to_nat: ["ALL_IP_RANGES"] };
      const before = nat("one", { subnetwork: serving(link("nodes"), link("more")) });
      const after = nat("two", { subnetwork: [...serving(link("nodes")), kept] });
      expect(told([`${N}.x`, "create,delete", before, after, unknown])!.detail).toMatch(/^both serve the same range/);
    });
  });
});
