# shellcheck shell=bash
# What there is to see of a node: sourced by kube-proxy-disabler.sh, which sets HOST_PROC, AGENT_HEALTH_PORT and
# HEALTHZ_PORT. Nothing here changes anything, or needs any privilege.

# Prints the answer to GET /healthz on loopback, header and all. Fails where nobody listens.
ask() { # port
  # Bash speaks TCP itself: the image has no curl. The header asks the agent for its own health only, as its probes do.
  # shellcheck disable=SC2016
  timeout 5 bash -c '
    exec 3<>"/dev/tcp/127.0.0.1/$1" || exit 7
    printf "GET /healthz HTTP/1.0\r\nHost: 127.0.0.1\r\nbrief: true\r\n\r\n" >&3
    IFS= read -r -N 4096 -t 3 answer <&3
    printf "%s" "$answer"' ask "$1" 2>/dev/null
  [[ $? -ne 7 ]]
}

# Sets status to the HTTP status in an answer, or to 000 where it is not HTTP.
http_status() { # answer
  status=000
  [[ $1 =~ ^HTTP/[0-9.]+\ ([0-9]{3}) ]] && status=${BASH_REMATCH[1]}
}

# Prints the names in a file such as /proc/net/dev, which is readable where the link ns/net is not.
interfaces() { # file
  local line names=
  while IFS= read -r line; do
    [[ $line == *:* ]] && line=${line%%:*} && names+=" ${line// /}"
  done <"$1"
  echo "$names"
} 2>/dev/null

# Whether a process works on this network namespace. A cluster within a pod (kind, vcluster) may have a kube-proxy of its
# own, which is none of our business: it sees other interfaces.
shares_our_network() { # directory in /proc
  local before theirs after
  before=$(interfaces /proc/self/net/dev)
  theirs=$(interfaces "$1/net/dev")
  after=$(interfaces /proc/self/net/dev)
  # Nothing to compare, or pods come and go just now: take it for the host's.
  [[ -z $theirs || $theirs == "$before" || $theirs == "$after" || $before != "$after" ]]
}

# Sets proxy to the process id of the node's kube-proxy, or to nothing.
find_kube_proxy() {
  local directory name state
  proxy=
  for directory in "$HOST_PROC"/[0-9]*; do
    IFS= read -r name 2>/dev/null <"$directory/comm" || continue
    [[ $name == kube-proxy ]] || continue
    IFS= read -r state 2>/dev/null <"$directory/stat" || continue
    [[ ${state##*) } == Z* ]] && continue
    shares_our_network "$directory" || continue
    proxy=${directory##*/}
    return
  done
}

# Sets proxy, agent (stopped, running or healthy), and who answers as healthz (none, kube-proxy or other) with what
# healthz_status.
observe() {
  local answer status
  find_kube_proxy
  agent=stopped
  if answer=$(ask "$AGENT_HEALTH_PORT"); then
    http_status "$answer"
    agent=running
    [[ $status == 200 ]] && agent=healthy
  fi
  healthz=none healthz_status=
  if answer=$(ask "$HEALTHZ_PORT"); then
    http_status "$answer"
    healthz=other healthz_status=$status
    # Only kube-proxy tells whether the node is eligible for traffic (KEP-3836), Cilium does not.
    if [[ $answer == *'"nodeEligible"'* && (-n $proxy || $agent == stopped) ]]; then healthz=kube-proxy; fi
  fi
  # Read by the script that sources this one.
  : "$proxy $agent $healthz $healthz_status"
}
