import type { Namespace } from "../namespaces/namespace";
import type { Container } from "./container";
import { type FullContainer, type Handler, type Probe, portNumber } from "./pod";

/** Asks over HTTP with nothing but bash, as not every machine has curl, and prints the status line. */
const HTTP = `
exec 3<>"/dev/tcp/$1/$2" || exit 7
printf 'GET %s HTTP/1.0\\r\\nHost: %s\\r\\n%b\\r\\n' "$3" "$1" "$4" >&3
IFS= read -r line <&3 && printf '%s' "$line"
`;
const CONNECT = 'exec 3<>"/dev/tcp/$1/$2"';

/** What a busy machine may need to start the program that probes, in milliseconds: no time of the container's. */
const STARTING = 10_000;

/** Where a container and its kubelet are. */
export interface ProbeTarget {
  /** The node's network: kubelets probe from there. */
  readonly node: Namespace;
  /** Address of the pod. */
  readonly address: string;
  readonly container: FullContainer;
  readonly running: Container;
}

/** Whether a probe, or a hook of a container's life, succeeds. */
export async function probe(handler: Handler, target: ProbeTarget, timeoutSeconds: number): Promise<boolean> {
  const { node, address, container, running } = target;
  const timeout = timeoutSeconds * 1000;
  if (handler.exec) return (await running.exec(handler.exec.command, timeout)).code === 0;
  const inNode = node.only("net");
  const within = (...words: readonly string[]) =>
    inNode.run(["timeout", String(timeoutSeconds), "bash", "--norc", "-c", ...words], { timeout: timeout + STARTING });
  if (handler.httpGet) {
    const { path = "/", port, host = address, httpHeaders = [] } = handler.httpGet;
    const headers = httpHeaders.map(({ name, value }) => `${name}: ${value}\\r\\n`).join("");
    const number = String(portNumber(container, port));
    const { stdout } = await within(HTTP, "probe", host, number, path, headers);
    return /^HTTP\/[\d.]+ [23]\d\d/.test(stdout);
  }
  const port = handler.tcpSocket?.port ?? handler.grpc?.port;
  if (port === undefined) return true;
  const number = String(portNumber(container, port));
  return (await within(CONNECT, "probe", address, number)).code === 0;
}

/** What a container's probes say by now. */
export class ProbeState {
  public started: boolean;
  public ready: boolean;
  private failures = { startup: 0, readiness: 0, liveness: 0 };
  private next = { startup: 0, readiness: 0, liveness: 0 };

  public constructor(
    private readonly target: ProbeTarget,
    private readonly since: number,
  ) {
    const { startupProbe, readinessProbe } = target.container;
    this.started = startupProbe === undefined;
    this.ready = this.started && readinessProbe === undefined;
  }

  /** Probes what is due. @returns whether the container has failed and must be started again. */
  public async look(now: number): Promise<boolean> {
    const { startupProbe, readinessProbe, livenessProbe } = this.target.container;
    if (!this.started) {
      if (startupProbe && this.isDue("startup", startupProbe, now)) {
        if (await this.ask(startupProbe)) this.started = true;
        else if (++this.failures.startup >= (startupProbe.failureThreshold ?? 3)) return true;
      }
      if (!this.started) return false;
      if (!readinessProbe) this.ready = true;
    }
    if (readinessProbe && this.isDue("readiness", readinessProbe, now)) {
      if (await this.ask(readinessProbe)) {
        this.failures.readiness = 0;
        this.ready = true;
      } else if (++this.failures.readiness >= (readinessProbe.failureThreshold ?? 3)) this.ready = false;
    }
    if (livenessProbe && this.isDue("liveness", livenessProbe, now)) {
      if (await this.ask(livenessProbe)) this.failures.liveness = 0;
      else if (++this.failures.liveness >= (livenessProbe.failureThreshold ?? 3)) return true;
    }
    return false;
  }

  private ask(question: Probe): Promise<boolean> {
    return probe(question, this.target, question.timeoutSeconds ?? 1);
  }

  private isDue(kind: "startup" | "readiness" | "liveness", question: Probe, now: number): boolean {
    if (now < this.since + (question.initialDelaySeconds ?? 0) * 1000 || now < this.next[kind]) return false;
    this.next[kind] = now + (question.periodSeconds ?? 10) * 1000;
    return true;
  }
}
