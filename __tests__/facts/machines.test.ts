import {
  architectureOf,
  bootDisksOf,
  commonVolumeDisks,
  confidentialKindsOf,
  DISK_TYPES,
  gpusOf,
  hasPlainPool,
  localSsdCountsOf,
  MACHINE_SERIES,
  machineTypeDoubt,
  machineTypeFault,
  needsArmToleration,
  readMachineType,
  volumeDisksOf,
} from "../../lib/facts/machines";

describe("the table", () => {
  test.each(Object.entries(MACHINE_SERIES))(
    "of %s names disks that exist and types that are published",
    (series, it) => {
      for (const disk of [...it.bootDisks, ...it.volumes]) expect(DISK_TYPES).toContain(disk);
      expect(it.bootDisks.length).toBeGreaterThan(0);
      const types = Object.entries(it.types).flatMap(([form, sizes]) =>
        sizes === "" ? [form] : sizes.split(" ").map((size) => form.replace("*", size)),
      );
      for (const type of types) {
        expect(machineTypeFault(`${series}-${type}`)).toBeUndefined();
        expect(machineTypeDoubt(`${series}-${type}`)).toBeUndefined();
      }
      for (const { form } of it.gpus ?? []) expect(["*", ...Object.keys(it.types)]).toContain(form);
      for (const { form } of it.confidential ?? [])
        if (form !== undefined) expect(Object.keys(it.types)).toContain(form);
    },
  );

  test("no series is Arm and confidential at once", () => {
    for (const { architecture, confidential } of Object.values(MACHINE_SERIES))
      if (architecture === "arm64") expect(confidential).toBeUndefined();
  });
});

describe("a machine type", () => {
  test("is taken apart", () => {
    expect(readMachineType("c3-standard-22-lssd")).toMatchObject({ series: "c3", form: "standard-*-lssd", size: 22 });
    expect(readMachineType("a2-highgpu-8g")).toMatchObject({ series: "a2", form: "highgpu-*g", size: 8 });
    expect(readMachineType("e2-medium")).toMatchObject({ series: "e2", form: "medium", size: 0 });
    expect(readMachineType("custom-4-8192")).toMatchObject({ series: "n1", custom: { cpus: 4, memoryMb: 8192 } });
  });

  test.each([
    ["e2-standard-4"],
    ["n2-custom-4-8192"],
    ["n2-custom-4-65536-ext"],
    ["custom-6-20480"],
    ["n1-custom-1-2048"],
    ["e2-custom-small-2048"],
    ["e2-custom-2-1024"],
    ["n2d-custom-16-16384"],
    ["n4-custom-6-24576"],
    ["x9-standard-4"],
  ])("%s has no fault", (name) => {
    expect(machineTypeFault(name)).toBeUndefined();
  });

  test.each([
    ["e2", "is not a machine type"],
    ["E2-standard-4", "is not a machine type"],
    ["e2_standard_4", "is not a machine type"],
    ["c3-custom-4-16384", "is a custom machine type, which series c3 has none of"],
    ["e2-custom-3-4096", "has 3 vCPUs"],
    ["e2-custom-64-65536", "has 64 vCPUs"],
    ["n2-custom-34-65536", "has 34 vCPUs"],
    ["n2d-custom-10-16384", "has 10 vCPUs"],
    ["n2-custom-4-8000", "is no multiple of 256"],
    ["n2-custom-4-512", "has 512 MB of memory"],
    ["n2-custom-4-65536", "has 65536 MB of memory"],
    ["n4-custom-4-4096", "has 4096 MB of memory"],
    ["e2-custom-4-65536-ext", "has extended memory"],
    ["e2-custom-micro-8192", "has 8192 MB of memory"],
  ])("%s has one", (name, rule) => {
    expect(machineTypeFault(name)?.rule).toContain(rule);
  });

  test.each([
    ["e2-foo-4", "is not among the machine types that Google has published"],
    ["e2-standard-5", "is not among the machine types"],
    ["e2-nano", "is not among the machine types"],
    ["c3-standard-4-lsd", "is not among the machine types"],
    ["z9-standard-4", "is of series z9"],
    ["toString-standard-4", undefined],
    ["constructor-standard-4", "is of series constructor"],
  ])("%s is doubtful", (name, rule) => {
    if (rule === undefined) expect(machineTypeFault(name)).toBeDefined();
    else expect(machineTypeDoubt(name)?.rule).toContain(rule);
  });
});

describe("what a machine can carry", () => {
  test.each<[string, readonly string[] | undefined]>([
    ["e2-standard-4", ["pd-balanced", "pd-standard", "pd-ssd"]],
    ["c3-standard-4", ["pd-balanced", "pd-ssd", "hyperdisk-balanced"]],
    ["g2-standard-4", ["pd-balanced", "pd-ssd"]],
    ["n4-standard-4", ["hyperdisk-balanced"]],
    ["c4a-standard-4", ["hyperdisk-balanced"]],
    ["a3-highgpu-8g", ["pd-balanced", "pd-ssd", "hyperdisk-balanced"]],
    ["a3-ultragpu-8g", ["hyperdisk-balanced"]],
    ["z9-standard-4", undefined],
  ])("%s boots from %j", (name, disks) => {
    expect(bootDisksOf(name)).toEqual(disks);
  });

  test("volumes of a Hyperdisk-only machine are no Persistent Disks", () => {
    expect(volumeDisksOf("n4-standard-4")?.some((kind) => kind.startsWith("pd-"))).toBe(false);
    expect(commonVolumeDisks([{ machineType: "e2-standard-4" }, { machineType: "c4-standard-4" }])).toEqual([
      "hyperdisk-balanced-high-availability",
      "hyperdisk-throughput",
    ]);
    expect(commonVolumeDisks([{ machineType: "c2-standard-4" }, { machineType: "c4-standard-4" }])).toEqual([]);
    expect(commonVolumeDisks([{ machineType: "z9-standard-4" }, { machineType: "c4-standard-4" }])).toBeUndefined();
  });

  test.each<[string, readonly string[] | undefined]>([
    ["n2d-standard-4", ["SEV", "SEV_SNP"]],
    ["c3-standard-4", ["TDX"]],
    ["c3-standard-4-lssd", ["TDX"]],
    ["c3-highmem-4", []],
    ["c4-standard-4", ["TDX"]],
    ["c4-standard-4-lssd", []],
    ["c4d-standard-4", ["SEV"]],
    ["a3-highgpu-1g", ["TDX"]],
    ["a3-highgpu-8g", []],
    ["e2-standard-4", []],
    ["z9-standard-4", undefined],
  ])("%s can be confidential by %j", (name, kinds) => {
    expect(confidentialKindsOf(name)).toEqual(kinds);
  });

  test.each<[string, unknown]>([
    ["e2-standard-4", []],
    ["a2-highgpu-2g", [{ type: "nvidia-tesla-a100", counts: [2], built: true }]],
    ["g2-standard-24", [{ type: "nvidia-l4", counts: [2], built: true }]],
    ["a3-ultragpu-8g", [{ type: "nvidia-h200-141gb", counts: [8], built: true }]],
    ["z9-standard-4", undefined],
  ])("%s has the GPUs %j", (name, gpus) => {
    expect(gpusOf(name)).toEqual(gpus);
  });

  test("GPUs are attached to N1 machines in some numbers, custom ones too", () => {
    expect(gpusOf("n1-standard-4")).toContainEqual({ type: "nvidia-tesla-t4", counts: [1, 2, 4], built: false });
    expect(gpusOf("custom-4-8192")).toContainEqual({ type: "nvidia-tesla-v100", counts: [1, 2, 4, 8], built: false });
  });

  test.each<[string, unknown]>([
    ["e2-standard-4", []],
    ["n2-standard-48", [8, 16, 24]],
    ["c3-standard-4", []],
    ["c3-standard-4-lssd", "bundled"],
    ["z3-highmem-8", "bundled"],
    ["a3-highgpu-8g-nolssd", []],
    ["a2-highgpu-4g", [4, 8]],
    ["z9-standard-4", undefined],
  ])("%s takes local SSDs: %j", (name, counts) => {
    expect(localSsdCountsOf(name)).toEqual(counts);
  });
});

describe("where pods can run", () => {
  const arm = { machineType: "c4a-standard-4" };
  const amd = { machineType: "e2-standard-4" };
  const tainted = { ...amd, taints: [{}] };

  test.each([
    ["t2a-standard-4", "arm64"],
    ["a4x-highgpu-4g", "arm64"],
    ["t2d-standard-4", "amd64"],
    ["z9-standard-4", undefined],
  ])("%s is %s", (name, architecture) => {
    expect(architectureOf(name)).toBe(architecture);
  });

  test("Arm's toleration is needed where every pool without taints of the author's is Arm", () => {
    expect(needsArmToleration([arm])).toBe(true);
    expect(needsArmToleration([arm, tainted])).toBe(true);
    expect(needsArmToleration([arm, amd])).toBe(false);
    expect(needsArmToleration([tainted])).toBe(false);
    expect(needsArmToleration([{ machineType: "z9-standard-4" }])).toBe(false);
  });

  test("a plain pool is untainted and not Arm", () => {
    expect(hasPlainPool([amd])).toBe(true);
    expect(hasPlainPool([arm, tainted])).toBe(false);
    expect(hasPlainPool([])).toBe(false);
  });
});
