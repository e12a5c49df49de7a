/** Exit codes of the commands that ask a running cluster. They are public interface: scripts branch on them. */
export const EXIT_CODES = {
  /** Everything is as it should be. */
  fine: 0,
  /** The command could not be understood, or something unforeseen happened. */
  error: 1,
  /** The cluster was asked, and something in it is wrong. */
  wrong: 2,
  /** A program that is needed is not on this machine. */
  tool: 3,
  /** Nobody is logged in, or the login is not accepted. */
  login: 4,
  /** The cluster is not there, or cannot be reached from here. */
  reach: 5,
  /** The login lacks a right. */
  rights: 6,
  /** Ended by Ctrl-C or SIGTERM. */
  interrupted: 130,
} as const;

export type FailureKind = "error" | "wrong" | "tool" | "login" | "reach" | "rights";

/** Why a command could not do its work, and what to do about it. */
export class Failure extends Error {
  public constructor(
    public readonly kind: FailureKind,
    message: string,
    /** What to do, in the imperative. */
    public readonly remedy: string,
  ) {
    super(message);
  }
}

const PLUGIN_REMEDY =
  'gcloud components install gke-gcloud-auth-plugin, or connection: { authentication: "access-token" }';

/** What kubectl, its login program and the API server say, by what it means. The first that matches counts. */
const MEANINGS: readonly (readonly [pattern: RegExp, kind: FailureKind, remedy: string])[] = [
  [/executable gke-gcloud-auth-plugin not found/i, "tool", PLUGIN_REMEDY],
  [
    /context .* does not exist|no context exists/i,
    "error",
    "kubectl config get-contexts lists the contexts; leave --context out for the environment's own login",
  ],
  [
    /No agent available|error dialing backend/i,
    "reach",
    "the control plane does not reach the kubelet: see to konnectivity-agent in kube-system, and to the node",
  ],
  [
    /getting credentials|Unauthorized|provide credentials|must be logged in|token.*expired|invalid_grant/i,
    "login",
    "gcloud auth application-default login; kubectl's own login is that of gcloud auth login",
  ],
  [
    /forbidden/i,
    "rights",
    "ask for roles/container.viewer on the project, or for a (Cluster)Role that grants what is named",
  ],
  [
    /refused|timed? ?out|timeout|no such host|no route|unreachable|deadline exceeded|unable to connect|certificate|EOF|bad gateway|proxyconnect|reset by peer/i,
    "reach",
    "look at the network between here and the control plane: VPN or bastion for a private endpoint, authorized networks for the public one, HTTPS_PROXY; a cluster's connection names which one is used",
  ],
];

/** A failure made of what a program or the API server said. */
export function failureOf(said: string, doing: string): Failure {
  const text = said.trim().split("\n").filter(Boolean).at(-1) ?? "";
  const [, kind, remedy] = MEANINGS.find(([pattern]) => pattern.test(said)) ?? [
    undefined,
    "error" as const,
    "run the command that is named by hand",
  ];
  return new Failure(kind, `${doing}: ${text || "ended without a word"}`, remedy);
}
