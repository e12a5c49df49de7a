import type { Service } from "../client";
import { addressIn } from "../nodes/ranges";
import type { Action, Snapshot } from "./snapshot";

/**
 * Gives Services of type LoadBalancer an address, as Google's controller does; who installs a chart and waits for it
 * waits for that too. The addresses are loopback ones on which nobody listens, but where nodes are real.
 */
export function assignLoadBalancers({ services, loadBalancerRange }: Snapshot): Action[] {
  const taken = new Set(services.flatMap(addresses));
  const address = (number: number) =>
    loadBalancerRange ? addressIn(loadBalancerRange, number) : loopbackAddress(number);
  return services
    .filter(({ spec, metadata }) => spec?.type === "LoadBalancer" && !metadata.deletionTimestamp)
    .filter((service) => addresses(service).length === 0)
    .map(({ metadata }) => {
      let last = 1;
      while (taken.has(address(last))) last += 1;
      taken.add(address(last));
      return {
        do: "patch",
        path: `/api/v1/namespaces/${metadata.namespace}/services/${metadata.name}/status`,
        patch: { status: { loadBalancer: { ingress: [{ ip: address(last), ipMode: "VIP" }] } } },
      };
    });
}

function loopbackAddress(number: number): string {
  return `127.63.${Math.floor(number / 250)}.${1 + (number % 250)}`;
}

function addresses({ status }: Service): string[] {
  return (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => (ip ? [ip] : []));
}
