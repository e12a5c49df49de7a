import type { ProcessLedger } from "../../../sandbox/processes";
import { World } from "../../../sandbox/real-nodes/namespaces/world";
import { Networks } from "../../../sandbox/real-nodes/vpc/networks";
import { Vpc } from "../../../sandbox/real-nodes/vpc/vpc";

/** What lasts as long as a network, without the namespaces that take root. */
function network() {
  const world = { stop: jest.fn(async () => {}) };
  const vpc = { world, stop: jest.fn(async () => {}) };
  return { world: world as unknown as World, vpc: vpc as unknown as Vpc };
}

describe("the networks that clusters are in", () => {
  const networks = () => new Networks("/nowhere", {} as ProcessLedger);

  beforeEach(() => {
    jest.spyOn(World, "start").mockImplementation(async () => network().world);
    jest.spyOn(Vpc, "start").mockImplementation(async () => network().vpc);
  });
  afterEach(() => jest.restoreAllMocks());

  test("are shared by clusters of one network, also by those that come at the same time, and by no others", async () => {
    const all = networks();
    const [one, other, alone] = await Promise.all([all.enter("a+mesh"), all.enter("a+mesh"), all.enter("b+mesh")]);
    expect(one).toBe(other);
    expect(alone).not.toBe(one);
    expect(jest.mocked(World.start).mock.calls.map(([directory]) => directory)).toEqual([
      "/nowhere/a+mesh",
      "/nowhere/b+mesh",
    ]);
  });

  test("end with their last cluster, and begin anew with the next", async () => {
    const all = networks();
    const first = await all.enter("a+mesh");
    await all.enter("a+mesh");
    await all.leave("a+mesh");
    expect(first.stop).not.toHaveBeenCalled();
    await all.leave("a+mesh");
    expect(first.stop).toHaveBeenCalledTimes(1);
    expect(await all.enter("a+mesh")).not.toBe(first);
  });

  test("that cannot be made leave nothing behind, and are tried again by the next", async () => {
    const { world } = network();
    jest.mocked(World.start).mockResolvedValueOnce(world);
    jest.mocked(Vpc.start).mockRejectedValueOnce(new Error("no veth"));
    const all = networks();
    await expect(all.enter("a+mesh")).rejects.toThrow("no veth");
    expect(world.stop).toHaveBeenCalledTimes(1);
    await expect(all.enter("a+mesh")).resolves.toBeDefined();
  });
});
