import {
  bootDisksOf,
  confidentialKindsOf,
  DISK_TYPES,
  gpusOf,
  localSsdCountsOf,
  machineTypeDoubt,
  machineTypeFault,
  readMachineType,
} from "../../facts/machines";
import { closest, isKnown, type Problem } from "../../validation";
import type { Accelerator } from "./accelerator";
import type { EffectiveNodePool } from "./effective";
import type { GkeNodePoolOptions } from "./options";

const IMAGE_TYPES = ["COS_CONTAINERD", "UBUNTU_CONTAINERD"];

/** What is certainly wrong with the name of a machine type. */
export function machineTypeProblems(value: string, property: string): Problem[] {
  const fault = machineTypeFault(value);
  return fault === undefined ? [] : [{ property, value, ...fault }];
}

/** What is wrong with the kind of a boot disk, whatever the machine. */
export function diskTypeProblems(value: string, property: string): Problem[] {
  const remedy = "choose pd-balanced, pd-ssd, pd-standard or hyperdisk-balanced";
  if (!/^(pd|hyperdisk)-[a-z-]+$/.test(value)) return [{ property, value, rule: "is not a kind of disk", remedy }];
  // Google publishes no more kinds of Persistent Disk; of Hyperdisk there may be new ones.
  if (!value.startsWith("pd-") || DISK_TYPES.includes(value)) return [];
  const meant = closest(value, DISK_TYPES);
  return [
    {
      property,
      value,
      rule: "is not a kind of disk",
      remedy: meant.length > 0 ? `did you mean ${meant[0]}?` : remedy,
    },
  ];
}

/** What is wrong with an operating system. */
export function imageTypeProblems(value: string, property: string): Problem[] {
  if (IMAGE_TYPES.includes(value)) return [];
  // COS and UBUNTU, of before containerd.
  const successor = IMAGE_TYPES.find((type) => type === `${value.trim().toUpperCase()}_CONTAINERD`);
  return [
    {
      property,
      value,
      rule: /^windows/i.test(value)
        ? "runs Windows, where no Cilium agent runs and no network policy is enforced"
        : "is not an image with containerd",
      remedy: successor === undefined ? `choose ${IMAGE_TYPES.join(" or ")}` : `use ${successor}, which took its place`,
    },
  ];
}

/** What the machines of a pool cannot carry. Of machines that the table does not know nothing is said here. */
export function machineProblems(options: GkeNodePoolOptions, pool: EffectiveNodePool): Problem[] {
  return [
    ...diskProblems(pool),
    ...localSsdProblems(options, pool),
    ...(isKnown(options.accelerators) ? options.accelerators : []).flatMap((accelerator, index) => [
      ...acceleratorProblems(pool.machineType, accelerator, `accelerators[${index}]`),
      ...sharingProblems(accelerator, `accelerators[${index}]`),
    ]),
    ...confidentialProblems(options, pool),
  ];
}

/** What is doubtful about them, because the table of Google's machines does not know it. */
export function machineWarnings({ machineType, diskType }: EffectiveNodePool): Problem[] {
  const doubt = isKnown(machineType) ? machineTypeDoubt(machineType) : undefined;
  return [
    ...(doubt === undefined ? [] : [{ property: "machineType", value: machineType, ...doubt }]),
    ...(isKnown(diskType) && !DISK_TYPES.includes(diskType)
      ? [
          {
            property: "diskType",
            value: diskType,
            rule: "is not among the kinds of disk that Google has published",
            remedy: `there are ${DISK_TYPES.join(", ")}`,
          },
        ]
      : []),
  ];
}

function diskProblems({ machineType, diskType }: EffectiveNodePool): Problem[] {
  const disks = isKnown(machineType) ? bootDisksOf(machineType) : undefined;
  // One that nobody has published is told as a doubt.
  if (disks === undefined || !isKnown(diskType) || disks.includes(diskType) || !DISK_TYPES.includes(diskType))
    return [];
  return [
    {
      property: "diskType",
      value: diskType,
      rule: `is no boot disk of machineType (${machineType})`,
      remedy: `choose ${disks.join(" or ")}, or leave it out`,
    },
  ];
}

function localSsdProblems(options: GkeNodePoolOptions, { machineType }: EffectiveNodePool): Problem[] {
  const property = options.localSsdCount === undefined ? "rawLocalSsdCount" : "localSsdCount";
  const count = options[property];
  const counts = isKnown(machineType) ? localSsdCountsOf(machineType) : undefined;
  if (!isKnown(count) || counts === undefined) return [];
  const problem = (rule: string, remedy: string): Problem[] => [{ property, value: count, rule, remedy }];
  if (counts === "bundled")
    return problem(`cannot be chosen: machineType (${machineType}) brings its local SSDs itself`, "leave it out");
  if (counts.includes(count)) return [];
  if (counts.length === 0)
    return problem(
      `is not possible: machineType (${machineType}) takes no local SSDs`,
      "leave it out, or choose a machine that does, such as n2-standard-4 or a c3 with -lssd",
    );
  return problem(`is not possible for machineType (${machineType})`, `choose ${counts.join(", ")}`);
}

function acceleratorProblems(machineType: string, { type, count }: Accelerator, at: string): Problem[] {
  const gpus = isKnown(machineType) ? gpusOf(machineType) : undefined;
  if (gpus === undefined || !isKnown(type)) return [];
  if (gpus.length === 0)
    return [
      {
        property: `${at}.type`,
        value: type,
        rule: `cannot be attached to machineType (${machineType})`,
        remedy: "choose a machine with GPUs such as g2-standard-4, or an n1",
      },
    ];
  const offer = gpus.find((each) => each.type === type);
  if (offer === undefined)
    return [
      {
        property: `${at}.type`,
        value: type,
        rule: `is not a GPU of machineType (${machineType})`,
        remedy: `there are ${gpus.map((each) => each.type).join(", ")}`,
      },
    ];
  if (!isKnown(count) || offer.counts.includes(count)) return [];
  return [
    {
      property: `${at}.count`,
      value: count,
      rule: offer.built
        ? `is not the number that machineType (${machineType}) brings`
        : `is not a number of ${type} that machineType (${machineType}) takes`,
      remedy: `give ${offer.counts.join(", ")}`,
    },
  ];
}

function sharingProblems({ sharing, maxClients }: Accelerator, at: string): Problem[] {
  if ((sharing === undefined) === (maxClients === undefined)) return [];
  return [
    {
      property: `${at}.${sharing === undefined ? "maxClients" : "sharing"}`,
      value: sharing ?? maxClients,
      rule: `needs '${sharing === undefined ? "sharing" : "maxClients"}'`,
      remedy: "give both or neither",
    },
  ];
}

function confidentialProblems(options: GkeNodePoolOptions, pool: EffectiveNodePool): Problem[] {
  const { machineType, confidentialNodes: kind } = pool;
  if (!isKnown(kind) || !isKnown(machineType)) return [];
  const kinds = confidentialKindsOf(machineType);
  if (kinds === undefined || kinds.includes(kind)) return [];
  const has = kinds.length === 0 ? "has none" : `has ${kinds.join(" and ")}`;
  const remedy = "choose an n2d for SEV and SEV_SNP, a c3-standard for TDX";
  if (options.confidentialNodes !== undefined)
    return [
      {
        property: "confidentialNodes",
        value: kind,
        rule: `does not exist for machineType (${machineType}), which ${has}`,
        remedy,
      },
    ];
  return [
    {
      property: "machineType",
      value: machineType,
      rule: `cannot encrypt its memory as the cluster's 'confidentialNodes' (${kind}) asks of all nodes: ${readMachineType(machineType)?.series} ${has}`,
      remedy,
    },
  ];
}
