#!/usr/bin/env bash
# Init container of the Cilium agent: lets it start on this node once kube-proxy is gone.
#
# The agent tries to bind port 10256 once, when it starts. If kube-proxy still has it, load balancers find nobody there
# as soon as kube-proxy is gone. After a reboot kube-proxy is back and starts at the same time as the agent; init
# containers run again then, so the order holds on every boot.
#
# It looks at the facts and not at a mark that kube-proxy-disabler leaves: a mark would outlive what it says. But one
# thing is not to be seen: that kube-proxy is on its way back and this agent is of before (it restarts, or its node
# boots, before the release is rolled out anew). That the other pod has to say, for a few minutes at a time.
set -o nounset
export TZ=UTC

MANIFEST_DIR=${MANIFEST_DIR:-/host/manifests}
HEALTHZ_PORT=${HEALTHZ_PORT:-10256}
TIMEOUT_SECONDS=${TIMEOUT_SECONDS:-300}
# The kubelet may be about to start kube-proxy from a manifest that it has read already.
SETTLE_SECONDS=${SETTLE_SECONDS:-3}
NODE_NAME=${NODE_NAME:-unknown}

log() { # severity message
  printf '{"time":"%(%Y-%m-%dT%H:%M:%SZ)T","severity":"%s","node":"%s","message":"%s"}\n' -1 "$1" "$NODE_NAME" "$2"
}

# Whether the node is to keep its kube-proxy, said not long ago.
kube_proxy_stays() {
  local until=
  read -r until 2>/dev/null <"$MANIFEST_DIR/.kube-proxy.kept"
  [[ $until =~ ^[0-9]{1,12}$ && $EPOCHSECONDS -lt $until ]]
}

told='' calm=0
while [[ $calm -lt $SETTLE_SECONDS ]]; do
  if kube_proxy_stays; then
    log INFO "kube-proxy is to stay on this node: the agent starts beside it"
    exit 0
  fi
  obstacle=
  if [[ -e $MANIFEST_DIR/kube-proxy.manifest ]]; then
    obstacle="its manifest is in place"
  elif (: <>"/dev/tcp/127.0.0.1/$HEALTHZ_PORT") 2>/dev/null; then
    obstacle="port $HEALTHZ_PORT is in use"
  fi
  if [[ -z $obstacle ]]; then
    calm=$((calm + 1))
  else
    calm=0
    [[ $obstacle == "$told" ]] || log INFO "waiting for kube-proxy to go: $obstacle"
    told=$obstacle
    if [[ $SECONDS -ge $TIMEOUT_SECONDS ]]; then
      log ERROR "kube-proxy is still here after $TIMEOUT_SECONDS s ($obstacle): see the logs of the pod kube-proxy-disabler on this node"
      exit 1
    fi
  fi
  sleep 1
done
log INFO "kube-proxy is gone"
