#!/usr/bin/env bash
# Keeps GKE's kube-proxy away from a node that runs Cilium's replacement, or brings it back.
#
#   kube-proxy-disabler.sh disable   reconciles for ever: this node has no kube-proxy and none of its rules
#   kube-proxy-disabler.sh restore   reconciles for ever: this node runs kube-proxy again
#   kube-proxy-disabler.sh ready     exit status 0 when the node is as asked for, else prints why it is not
#   kube-proxy-disabler.sh alive     exit status 0 while the loop turns
#
# GKE runs kube-proxy as a static pod, and the node's start-up scripts write its manifest anew at every boot. So this is
# a loop and not a one-off: reboot, repair, upgrade and new nodes need nothing else. What it does is in this order:
#   1. Once kube-proxy has written its rules, take the manifest away and wait until the process is gone. The rules stay, so
#      services work meanwhile, also on a node that has just booted and whose agent answers load balancers before it serves.
#   2. Once the agent has been healthy and served port 10256 in kube-proxy's stead for a minute, take the rules away: it
#      says so some seconds before its first program is attached to the network card. Until then they do no harm.
# Google's load balancers ask 10256 whether a node may have traffic, and the agent tries to bind that port only once,
# when it starts. Hence kube-proxy goes before the agent starts (an init container of the agent waits for that). Where an
# agent already runs beside a kube-proxy that holds the port, it stays until that agent stops for its restart.
#
# On the way back kube-proxy comes first: beside an agent that holds the port it writes its rules and tries the port again
# every five seconds (https://github.com/kubernetes/kubernetes/blob/v1.33.0/cmd/kube-proxy/app/server.go, serveHealthz).
# It has the port when that agent stops for its restart, which lets go of the port for good: node by node, one step each.
#
# Log lines are JSON in the fields that Cloud Logging understands.
set -o nounset -o pipefail
export LC_ALL=C TZ=UTC

HOST_PROC=${HOST_PROC:-/host/proc}             # the host's /proc
MANIFEST_DIR=${MANIFEST_DIR:-/host/manifests}  # the kubelet's static pods
SAVED_DIR=${SAVED_DIR:-/host/saved}            # keeps the manifest that was taken away
SOURCE_DIR=${SOURCE_DIR:-/host/source}         # where the node's start-up scripts copy the manifest from
STATE_DIR=${STATE_DIR:-/run/kube-proxy-disabler}
INTERVAL_SECONDS=${INTERVAL_SECONDS:-30}       # between two looks at a node that is as it should be
BUSY_SECONDS=${BUSY_SECONDS:-5}                # between two looks at a node on its way there
GRACE_SECONDS=${GRACE_SECONDS:-120}            # a process may take this long to start or to stop
RULES_SECONDS=${RULES_SECONDS:-60}             # kube-proxy may take this long to write its rules after a boot
SERVED_SECONDS=${SERVED_SECONDS:-60}           # an agent must have served this long before the rules go
HANDOVER_SECONDS=${HANDOVER_SECONDS:-1800}     # the roll-out of a new agent may take this long to reach a node
REPEAT_SECONDS=${REPEAT_SECONDS:-600}          # a lasting fault is logged again after this
AGENT_HEALTH_PORT=${AGENT_HEALTH_PORT:-9879}
HEALTHZ_PORT=${HEALTHZ_PORT:-10256}
NODE_NAME=${NODE_NAME:-unknown}

here=${BASH_SOURCE[0]%/*}
# shellcheck source-path=SCRIPTDIR source=node-state.sh
source "$here/node-state.sh"
manifest=$MANIFEST_DIR/kube-proxy.manifest
saved=$SAVED_DIR/kube-proxy.manifest
# Tells the agent's init container that this node keeps its kube-proxy: seconds since 1970 until when that holds, as a
# mark that nobody renews says nothing. The kubelet ignores the name.
kept=$MANIFEST_DIR/.kube-proxy.kept
restart_agent="restart the agent on this node: kubectl -n kube-system delete pod -l k8s-app=cilium --field-selector spec.nodeName=$NODE_NAME"

log() { # severity event message [remedy]
  local -a text=("$@")
  local i
  for i in "${!text[@]}"; do
    text[i]=${text[i]//\\/\\\\}
    text[i]=${text[i]//\"/\\\"}
    text[i]=${text[i]//[[:cntrl:]]/ }
  done
  printf '{"time":"%(%Y-%m-%dT%H:%M:%SZ)T","severity":"%s","event":"%s","node":"%s","message":"%s"%s}\n' -1 \
    "${text[0]}" "${text[1]}" "$NODE_NAME" "${text[2]}" "${text[3]:+,\"remedy\":\"${text[3]}\"}"
}

declare -A since=() said=() touched=()
declare -a reasons=()

# Sets held_for to the seconds that a condition has held without a break.
hold() { # name
  touched[$1]=1
  [[ -n ${since[$1]:-} ]] || since[$1]=$SECONDS
  held_for=$((SECONDS - since[$1]))
}

# Logs what is new, and again from time to time while it lasts.
say() { # severity event message [remedy]
  touched[$2]=1
  local last=${said[$2]:-}
  [[ -n $last && ${last#* } == "$3" && $((SECONDS - ${last%% *})) -lt $REPEAT_SECONDS ]] && return
  said[$2]="$SECONDS $3"
  log "$@"
}

# The node is not as asked for: on its way there, or in a state that needs somebody.
pending() { # event message
  reasons+=("$2")
  say INFO "$1" "$2"
}
unexpected() { # event message remedy
  reasons+=("$2; $3")
  at_fault=1
  say WARNING "$@"
}

# A copy comes first, and whole: the directories are on different file systems, so there is no atomic move.
take_manifest() {
  cp -p -- "$manifest" "$SAVED_DIR/.incoming" && mv -f -- "$SAVED_DIR/.incoming" "$saved" && rm -f -- "$manifest"
}

# The kubelet ignores names with a leading dot, so it never reads half a manifest.
put_manifest() { # file
  cp -- "$1" "$MANIFEST_DIR/.kube-proxy.manifest" && mv -f -- "$MANIFEST_DIR/.kube-proxy.manifest" "$manifest"
}

# Whether kube-proxy has written its rules. It makes chains and jumps first, and fills them all at once when it knows every
# Service; this one is always the last. Read to the end, as a pipe that closes early counts as failed.
rules_written() {
  local tool
  for tool in iptables-nft iptables-legacy; do
    if "$tool-save" 2>/dev/null | grep -c '^-A KUBE-SERVICES .*-j KUBE-NODEPORTS$' >/dev/null; then return; fi
  done
  return 1
}

clean_rules() {
  local verb tool table rest findings status
  findings=$(bash "$here/kube-proxy-rules.sh" remove 2>"$STATE_DIR/errors")
  status=$?
  while read -r verb tool table rest; do
    case $verb in
    removed) log INFO rules-removed "removed $rest from table $table of $tool" ;;
    kept) say INFO rules-kept "kept ${rest%% *} in table $table of $tool: another program's rule needs it: ${rest#* }" ;;
    blocked)
      unexpected rules-blocked "another program's rule uses ${rest%% *} in table $table of $tool: ${rest#* }" "delete that rule"
      ;;
    esac
  done <<<"$findings"
  if [[ $findings == *removed* && -n $cleaned ]]; then
    unexpected rules-returned "rules of kube-proxy came back and were removed again" \
      "find out what writes them: a kube-proxy outside the static pod, or a restored iptables dump"
  fi
  case $status in
  0) cleaned=1 ;;
  1) [[ $at_fault -eq 1 ]] || pending rules-left "rules of kube-proxy are left" ;;
  *)
    unexpected rules-unreadable "the iptables rules cannot be cleaned: $(tr '\n' ' ' <"$STATE_DIR/errors")" \
      "look at the error; the loop tries again, and recreating the node is always safe"
    ;;
  esac
}

reconcile_disable() {
  rm -f -- "$kept"
  if [[ -e $manifest ]]; then
    if [[ -z $gone && $agent != stopped && $healthz == kube-proxy ]]; then
      hold handover
      if [[ $held_for -ge $HANDOVER_SECONDS ]]; then
        unexpected handover-overdue "kube-proxy still holds port $HEALTHZ_PORT, and the agent beside it has not been restarted" \
          "$restart_agent"
      else
        say INFO handover "kube-proxy stays until the agent beside it restarts, so that port $HEALTHZ_PORT is always answered"
      fi
      return
    fi
    if [[ $RULES_SECONDS -gt 0 && -z $gone && $agent == stopped ]] && ! rules_written; then
      hold unwritten
      if [[ $held_for -lt $RULES_SECONDS ]]; then
        pending unwritten "waiting for kube-proxy to write its rules, which carry services until the agent does"
        soon=1
        return
      fi
      say WARNING rules-missing "kube-proxy has written no rules in $RULES_SECONDS s and goes without: load balancers may be refused until the agent serves" \
        "look at /var/log/kube-proxy.log on this node"
    fi
    if ! take_manifest 2>"$STATE_DIR/errors"; then
      unexpected manifest-stuck "the manifest cannot be taken away: $(tr '\n' ' ' <"$STATE_DIR/errors")" \
        "make room on the node's disk or recreate the node"
      return
    fi
    if [[ -n $gone ]]; then
      unexpected manifest-returned "the manifest of kube-proxy came back and was taken away again" \
        "if this repeats, find out what writes it; it is only expected when a node boots"
    else
      log INFO manifest-removed "took the manifest of kube-proxy away"
    fi
  fi

  if [[ -n $proxy || $healthz == kube-proxy ]]; then
    hold stopping
    if [[ $held_for -ge $GRACE_SECONDS ]]; then
      unexpected kube-proxy-runs "kube-proxy runs though it has no manifest" \
        "take the label node.kubernetes.io/kube-proxy-ds-ready off this node, it admits GKE's kube-proxy DaemonSet; or recreate the node"
    else
      pending stopping "waiting for kube-proxy to stop"
    fi
    return
  fi
  [[ -n $gone ]] || log INFO kube-proxy-gone "kube-proxy is gone"
  gone=1

  [[ $agent == healthy ]] || return
  if [[ $healthz_status == 200 ]]; then
    hold served
    [[ $held_for -lt $SERVED_SECONDS ]] && return
    clean_rules
    busy=0
  else
    # No fault at once: an agent opens this port a little later than the other.
    hold unserved
    [[ $held_for -lt $GRACE_SECONDS ]] && return
    unexpected healthz-unserved "the agent is healthy but does not serve port $HEALTHZ_PORT, so load balancers take this node for dead" \
      "set kubeProxyReplacement and kubeProxyReplacementHealthzBindAddr=0.0.0.0:$HEALTHZ_PORT, then $restart_agent"
  fi
}

# The mark outlasts three rounds, as the loop's own sign of life does.
keep_kube_proxy() {
  if ! echo $((EPOCHSECONDS + 3 * INTERVAL_SECONDS + 240)) 2>"$STATE_DIR/errors" >"$kept"; then
    unexpected mark-stuck "the agent cannot be told that this node keeps its kube-proxy: $(tr '\n' ' ' <"$STATE_DIR/errors")" \
      "make room on the node's disk or recreate the node"
  fi
}

reconcile_restore() {
  local source
  keep_kube_proxy
  if [[ ! -e $manifest ]]; then
    # The saved copy is what this node ran last; the start-up scripts' file may hold unfilled placeholders.
    if [[ -s $saved ]]; then
      source=$saved
    elif [[ -s $SOURCE_DIR/kube-proxy.manifest ]] && ! grep -q '{{' "$SOURCE_DIR/kube-proxy.manifest"; then
      source=$SOURCE_DIR/kube-proxy.manifest
    else
      unexpected manifest-missing "there is no copy of kube-proxy's manifest to restore" \
        "reboot or recreate the node: its start-up scripts write the manifest"
      return
    fi
    if ! put_manifest "$source" 2>"$STATE_DIR/errors"; then
      unexpected manifest-stuck "the manifest cannot be put back: $(tr '\n' ' ' <"$STATE_DIR/errors")" \
        "make room on the node's disk or recreate the node"
      return
    fi
    log INFO manifest-restored "put the manifest of kube-proxy back from $source"
  fi
  if [[ -z $proxy ]]; then
    hold starting
    if [[ $held_for -ge $GRACE_SECONDS ]]; then
      unexpected kube-proxy-missing "kube-proxy does not start though its manifest is in place" \
        "look for kube-proxy in the kubelet's log on this node; or recreate the node"
    else
      pending starting "waiting for kube-proxy to start"
    fi
    return
  fi
  case $healthz in
  kube-proxy) busy=0 ;;
  none)
    # It tries again every five seconds where the port was taken when it started.
    hold unanswered
    if [[ $held_for -ge $GRACE_SECONDS ]]; then
      unexpected healthz-unanswered "kube-proxy runs but does not answer port $HEALTHZ_PORT, so load balancers take this node for dead" \
        "look at /var/log/kube-proxy.log on this node; or recreate the node"
    else
      pending unanswered "waiting for kube-proxy to answer port $HEALTHZ_PORT"
    fi
    ;;
  *)
    # Ready for the next step, which restarts the agent.
    hold handover
    if [[ $held_for -ge $HANDOVER_SECONDS ]]; then
      unexpected handover-overdue "the agent still answers port $HEALTHZ_PORT in kube-proxy's place, and has not been restarted" \
        "$restart_agent"
    else
      say INFO handover "the agent answers port $HEALTHZ_PORT until it restarts; kube-proxy runs beside it and takes the port then"
    fi
    ;;
  esac
}

# What was not seen in this round is over: it is timed and told afresh when it comes again.
forget() {
  local name
  for name in "${!since[@]}"; do [[ -n ${touched[$name]:-} ]] || unset "since[$name]"; done
  for name in "${!said[@]}"; do [[ -n ${touched[$name]:-} ]] || unset "said[$name]"; done
  touched=()
}

publish() {
  if [[ ${#reasons[@]} -eq 0 ]]; then
    [[ -e $STATE_DIR/ready ]] || log INFO ready "this node is as asked for: $mode"
    : >"$STATE_DIR/ready"
  else
    printf '%s\n' "${reasons[@]}" >"$STATE_DIR/reasons"
    rm -f "$STATE_DIR/ready"
  fi
}

run() {
  trap '[[ -n ${nap:-} ]] && kill "$nap" 2>/dev/null; exit 0' TERM INT
  rm -f "$STATE_DIR/ready"
  echo "nothing is known of this node yet" >"$STATE_DIR/reasons"
  gone='' cleaned='' nap=''
  while :; do
    echo "$EPOCHSECONDS" >"$STATE_DIR/heartbeat"
    reasons=() busy=1 at_fault=0 soon=''
    observe
    "reconcile_$mode"
    publish
    forget
    local seconds=$INTERVAL_SECONDS
    [[ $busy -eq 1 && $at_fault -eq 0 && $BUSY_SECONDS -lt $seconds ]] && seconds=$BUSY_SECONDS
    [[ -n $soon ]] && seconds=1
    sleep "$seconds" &
    nap=$!
    wait "$nap"
  done
}

mode=${1:-}
case $mode in
disable | restore) run ;;
ready)
  [[ -e $STATE_DIR/ready ]] && exit 0
  cat "$STATE_DIR/reasons" 2>/dev/null
  exit 1
  ;;
alive)
  read -r beat <"$STATE_DIR/heartbeat" || exit 1
  # Rules by the ten thousand take half a minute a ruleset to read and remove.
  [[ $((EPOCHSECONDS - beat)) -lt $((3 * INTERVAL_SECONDS + 240)) ]]
  ;;
*)
  echo "usage: $0 disable|restore|ready|alive" >&2
  exit 2
  ;;
esac
