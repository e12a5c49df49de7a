import type { NodeFacts } from "./environment";
import type { FullContainer, FullPod } from "./pod";

/** How a container stands. */
export type ContainerState =
  | { readonly kind: "waiting"; readonly restarts: number }
  | {
      readonly kind: "running";
      readonly restarts: number;
      readonly started: boolean;
      readonly ready: boolean;
      readonly startedAt: Date;
    }
  | {
      readonly kind: "completed";
      readonly restarts: number;
      /** @default 0 */
      readonly exitCode?: number;
      /** What it wrote to its termination message. */
      readonly message?: string;
    };

/** The status of a pod as a kubelet writes it. */
export function podStatus(
  pod: FullPod,
  states: ReadonlyMap<string, ContainerState>,
  facts: NodeFacts,
  message: string,
): object {
  const { initContainers = [], containers } = pod.spec;
  const stateOf = ({ name }: FullContainer): ContainerState => states.get(name) ?? { kind: "waiting", restarts: 0 };
  const initialized = initContainers.every(
    (one) => stateOf(one).kind === "completed" || (one.restartPolicy === "Always" && stateOf(one).kind === "running"),
  );
  const done = containers.every((one) => stateOf(one).kind === "completed");
  const ready = initialized && containers.every((one) => isReady(stateOf(one)));
  const begun = initialized && containers.some((one) => stateOf(one).kind === "running");
  const restarted = containers.some((one) => stateOf(one).restarts > 0);
  const condition = (type: string, holds: boolean, reason?: string) => ({
    type,
    status: holds ? "True" : "False",
    ...(holds || !reason ? {} : { reason, ...(message ? { message } : {}) }),
  });
  return {
    phase: done
      ? containers.some((one) => failed(stateOf(one)))
        ? "Failed"
        : "Succeeded"
      : begun || (initialized && restarted)
        ? "Running"
        : "Pending",
    hostIP: facts.address,
    hostIPs: [{ ip: facts.address }],
    ...(facts.podAddress ? { podIP: facts.podAddress, podIPs: [{ ip: facts.podAddress }] } : {}),
    conditions: [
      condition("PodScheduled", true),
      condition("PodReadyToStartContainers", facts.podAddress !== "", "ContainerCreating"),
      condition("Initialized", initialized, "ContainersNotInitialized"),
      condition("ContainersReady", ready, done ? "PodCompleted" : "ContainersNotReady"),
      condition("Ready", ready, done ? "PodCompleted" : "ContainersNotReady"),
    ],
    initContainerStatuses: initContainers.map((one) => containerStatus(one, stateOf(one))),
    containerStatuses: containers.map((one) => containerStatus(one, stateOf(one))),
  };
}

function failed(state: ContainerState): boolean {
  return state.kind === "completed" && (state.exitCode ?? 0) !== 0;
}

function isReady(state: ContainerState): boolean {
  return state.kind === "running" && state.ready;
}

function containerStatus({ name, image }: FullContainer, state: ContainerState): object {
  return {
    name,
    image,
    imageID: "",
    containerID: `containerd://${name}`,
    restartCount: state.restarts,
    ready: state.kind === "completed" || isReady(state),
    started: state.kind === "running" && state.started,
    state: {
      waiting: state.kind === "waiting" ? { reason: "ContainerCreating" } : null,
      running: state.kind === "running" ? { startedAt: state.startedAt.toISOString() } : null,
      terminated: state.kind === "completed" ? terminated(state) : null,
    },
  };
}

function terminated({ exitCode = 0, message }: Extract<ContainerState, { kind: "completed" }>): object {
  return { exitCode, reason: exitCode === 0 ? "Completed" : "Error", ...(message ? { message } : {}) };
}
