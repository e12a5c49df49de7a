import { X509Certificate } from "node:crypto";
import { count, keyOf, type Policy, some } from "../objects";
import { about, type StatusFinding } from "./finding";
import type { ClusterSnapshot, PolicyKind } from "./snapshot";

const DAY_MS = 24 * 60 * 60_000;
/** Renewal comes long before: what has so little left is not renewed. */
const SHORT_DAYS = 21;
/** Secrets of the release's own certificates. */
const OURS = /^(hubble|cilium|clustermesh)-/;

/** How long the certificates of Hubble, of the mesh and of their authority are valid. */
export function certificateFindings({ certificates, place }: ClusterSnapshot, now: Date): StatusFinding[] {
  const { ok, wrong, doubt, refused } = about("certificates");
  if (certificates.refused) return [refused("expiry", certificates.refused)];
  return certificates.is
    .filter(({ metadata }) => OURS.test(metadata.name))
    .map(({ metadata: { name }, data }) => {
      const until = validUntil(data?.["tls.crt"]);
      if (until === undefined) return doubt(name, "holds no certificate that can be read", "look at its key tls.crt");
      const days = Math.floor((until.getTime() - now.getTime()) / DAY_MS);
      const remedy = `kubectl --namespace ${place.namespace} get cronjobs: hubble-generate-certs renews them; create a job from it`;
      if (days < 0) return wrong(name, `has expired on ${dayOf(until)}`, remedy);
      return days < SHORT_DAYS
        ? doubt(name, `expires on ${dayOf(until)}, in ${count(days, "day")}`, remedy)
        : ok(name, `valid until ${dayOf(until)}`);
    });
}

function validUntil(data: string | undefined): Date | undefined {
  if (data === undefined) return undefined;
  try {
    return new Date(new X509Certificate(Buffer.from(data, "base64")).validTo);
  } catch {
    return undefined;
  }
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}

/** Services, those that nobody answers, and load balancers without an address. */
export function serviceFindings({ services, slices }: ClusterSnapshot): StatusFinding[] {
  const { ok, doubt, refused } = about("services");
  if (services.refused) return [refused("Services", services.refused)];
  const all = services.is;
  const types = [...new Set(all.map(({ spec }) => spec?.type ?? "ClusterIP"))].sort();
  const byType = types.map(
    (type) => `${all.filter(({ spec }) => (spec?.type ?? "ClusterIP") === type).length} ${type}`,
  );
  const findings: StatusFinding[] = [ok("Services", byType.length === 0 ? "none" : byType.join(", "))];
  const waiting = all.filter(
    ({ spec, status }) => spec?.type === "LoadBalancer" && !status?.loadBalancer?.ingress?.length,
  );
  if (waiting.length > 0)
    findings.push(
      doubt(
        "without an address",
        some(waiting.map(keyOf)),
        "kubectl describe service: its events say what Google answered",
      ),
    );
  if (slices.refused) return [...findings, refused("endpoints", slices.refused)];
  const answered = new Set(
    slices.is
      .filter(({ endpoints }) => endpoints?.some(({ conditions }) => conditions?.ready !== false))
      .map(({ metadata }) => `${metadata.namespace}/${metadata.labels?.["kubernetes.io/service-name"]}`),
  );
  const empty = all.filter(
    (service) => Object.keys(service.spec?.selector ?? {}).length > 0 && !answered.has(keyOf(service)),
  );
  if (empty.length > 0)
    findings.push(
      doubt(
        "without a ready pod",
        some(empty.map(keyOf)),
        "compare their selectors with the labels of pods, and see to those pods",
      ),
    );
  return findings;
}

/** What policies there are, and those that the agents refuse. */
export function policyFindings({ policies }: ClusterSnapshot): StatusFinding[] {
  const { ok, wrong, refused } = about("policies");
  if (policies.refused) return [refused("in force", policies.refused)];
  const kinds = Object.keys(policies.is) as PolicyKind[];
  const counts = kinds
    .filter((kind) => policies.is[kind].length > 0)
    .map((kind) => `${policies.is[kind].length} ${kind}`);
  const invalid = kinds.flatMap((kind) =>
    policies.is[kind].flatMap((policy) => {
      const why = complaintOf(policy);
      return why === undefined
        ? []
        : [wrong(`${kind} ${keyOf(policy)}`, `is not enforced: ${why}`, "correct it; until then it does nothing")];
    }),
  );
  return [
    ok("in force", counts.length === 0 ? "none: every pod may talk to every other" : counts.join(", ")),
    ...invalid,
  ];
}

/** What the operator says of a policy that it cannot use. */
function complaintOf({ status }: Policy): string | undefined {
  const valid = status?.conditions?.find(({ type }) => type === "Valid");
  return valid?.status === "False" ? (valid.message ?? valid.reason ?? "not valid") : undefined;
}
