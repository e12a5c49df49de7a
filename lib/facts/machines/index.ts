export { DISK_TYPES } from "./disks";
export {
  type CustomMachine,
  type Finding,
  type MachineType,
  machineTypeDoubt,
  machineTypeFault,
  readMachineType,
} from "./machine-type";
export * from "./nodes";
export * from "./offers";
export {
  type Architecture,
  type ConfidentialKind,
  type ConfidentialOffer,
  type CustomSizes,
  type GpuOffer,
  type LocalSsds,
  MACHINE_SERIES,
  type MachineSeries,
} from "./series";
