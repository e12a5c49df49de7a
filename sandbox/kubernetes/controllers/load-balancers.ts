import type { Service } from "../client";
import { addressIn } from "../nodes/ranges";
import type { Action, Snapshot } from "./snapshot";

/**
 * Gives Services of type LoadBalancer an address, as Google's controller does: that which a Service asks for, unless another
 * has it. Who installs a chart and waits for it waits for that too. Others are loopback ones on which nobody listens, but where
 * nodes are real.
 */
export function assignLoadBalancers({ services, loadBalancerRange }: Snapshot): Action[] {
  const taken = new Set(services.flatMap(addresses));
  const address = (number: number) =>
    loadBalancerRange ? addressIn(loadBalancerRange, number) : loopbackAddress(number);
  return services
    .filter(({ spec, metadata }) => spec?.type === "LoadBalancer" && !metadata.deletionTimestamp)
    .filter((service) => addresses(service).length === 0)
    .flatMap(({ metadata, spec }): Action[] => {
      const ip = spec?.loadBalancerIP || firstFree(address, taken);
      if (taken.has(ip)) return [];
      taken.add(ip);
      return [
        {
          do: "patch",
          path: `/api/v1/namespaces/${metadata.namespace}/services/${metadata.name}/status`,
          patch: { status: { loadBalancer: { ingress: [{ ip, ipMode: "VIP" }] } } },
        },
      ];
    });
}

function firstFree(address: (number: number) => string, taken: ReadonlySet<string>): string {
  let number = 1;
  while (taken.has(address(number))) number += 1;
  return address(number);
}

function loopbackAddress(number: number): string {
  return `127.63.${Math.floor(number / 250)}.${1 + (number % 250)}`;
}

function addresses({ status }: Service): string[] {
  return (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => (ip ? [ip] : []));
}
