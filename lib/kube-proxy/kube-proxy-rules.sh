#!/usr/bin/env bash
# Removes the iptables rules that a stopped kube-proxy left in this network namespace, and nothing else.
#
#   kube-proxy-rules.sh list      what would go
#   kube-proxy-rules.sh remove    takes it out: one transaction a table, the jumps to kube-proxy's chains first
#
# Prints one line a finding, "<verb> <tool> <table> <details>":
#   found   iptables-nft nat 24 chains, 3 jumps            (list)
#   removed iptables-nft nat 24 chains, 3 jumps            (remove)
#   kept    iptables-nft nat KUBE-MARK-MASQ -A CNI-DN-...  harmless, and a rule of somebody else's needs it
#   blocked iptables-nft nat KUBE-SERVICES -A INPUT ...    carries traffic, and a rule of somebody else's uses it
# Exit status: 0 nothing of kube-proxy's is left but what is "kept", 1 something is left, 2 a ruleset cannot be read or
# written (the reason is on stderr).
#
# Why not `kube-proxy --cleanup`: that of 1.33 leaves KUBE-MARK-MASQ and the canary chains behind, and any works in one
# backend only and must have the version of the kube-proxy it cleans up after. Why not `iptables-save | grep -v KUBE | iptables-restore`:
# it takes the kubelet's chains along and writes back, with stale contents, every rule that others change meanwhile.
#
# Both backends are cleaned with this image's own binaries, not with the host's: kube-proxy wrote with those of its own
# image too, a host has only one of the two backends for certain, and entering the host's mount namespace would take
# SYS_ADMIN, SYS_CHROOT, SYS_PTRACE and an unconfined AppArmor profile. NET_ADMIN is enough for nft, and NET_ADMIN with
# NET_RAW for legacy.
set -o nounset -o pipefail
export LC_ALL=C

action=${1:-}
case $action in
list | remove) ;;
*)
  echo "usage: $0 list|remove" >&2
  exit 2
  ;;
esac

# Rulesets of large clusters take tens of megabytes: they go to a file, and only names are held in memory.
work=$(mktemp -d "${TMPDIR:-/tmp}/kube-proxy-rules.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT

# The chains of kube-proxy's iptables mode; hashed names end in 16 characters of base32.
# https://github.com/kubernetes/kubernetes/blob/v1.33.0/pkg/proxy/iptables/proxier.go
# Not its own, though kube-proxy may write into them: KUBE-FIREWALL, KUBE-MARK-DROP, KUBE-KUBELET-CANARY and
# KUBE-IPTABLES-HINT belong to the kubelet.
is_kube_proxys() { # table chain
  case "$1 $2" in
  "nat KUBE-SERVICES" | "nat KUBE-NODEPORTS" | "nat KUBE-POSTROUTING" | "nat KUBE-MARK-MASQ") ;;
  "filter KUBE-SERVICES" | "filter KUBE-NODEPORTS" | "filter KUBE-EXTERNAL-SERVICES" | "filter KUBE-FORWARD") ;;
  "filter KUBE-PROXY-FIREWALL" | "nat KUBE-PROXY-CANARY" | "filter KUBE-PROXY-CANARY" | "mangle KUBE-PROXY-CANARY") ;;
  "nat KUBE-"*) [[ $2 =~ ^KUBE-(SVC|SVL|SEP|EXT|FW|XLB)-[A-Z2-7]{16}$ ]] ;;
  *) return 1 ;;
  esac
}

# Sets target to the chain that a rule (as iptables-save prints it) jumps or goes to, and comment to its comment.
parse_rule() {
  local rest=$1 head
  target='' comment=''
  # Quoted arguments may hold anything, " -j " too.
  while [[ $rest == *\"* ]]; do
    head=${rest%%\"*}
    [[ $rest =~ ^[^\"]*\"(([^\"\\]|\\.)*)\"(.*)$ ]] || break
    [[ $head == *"--comment " ]] && comment=${BASH_REMATCH[1]}
    rest="${head}_${BASH_REMATCH[3]}"
  done
  [[ $rest =~ \ -[jg]\ ([^\ ]+) ]] && target=${BASH_REMATCH[1]}
}

# Reads $work/rules into: mine (kube-proxy's chains), jumps (its rules in built-in chains, by table), and used (those of
# mine that somebody else's rule needs, with that rule).
read_rules() {
  mine=() jumps=() used=() built_in=()
  local line table='' chain
  while IFS= read -r line; do
    case $line in
    '*'*) table=${line#\*} ;;
    :*)
      chain=${line#:}
      chain=${chain%% *}
      [[ $line == ":$chain - "* ]] || built_in["$table $chain"]=1
      if [[ $chain == KUBE-* ]] && is_kube_proxys "$table" "$chain"; then mine["$table $chain"]=1; fi
      ;;
    "-A "*" KUBE-"*)
      chain=${line#-A }
      chain=${chain%% *}
      [[ -n ${mine["$table $chain"]:-} ]] && continue
      parse_rule "$line"
      [[ -n $target && -n ${mine["$table $target"]:-} ]] || continue
      # Every jump that kube-proxy makes from a built-in chain says so in its comment.
      if [[ -n ${built_in["$table $chain"]:-} && $comment == "kubernetes "* ]]; then
        jumps["$table"]+="-D ${line#-A }"$'\n'
      else
        used["$table $target"]=$line
      fi
      ;;
    "# Table "*" is incompatible"*)
      echo "$tool cannot read it: ${line#\# }" >&2
      return 1
      ;;
    esac
  done <"$work/rules"
}

# Adds to used whatever the chains in it need themselves. A mark is worth nothing without the rule that masquerades.
follow_uses() {
  [[ ${#used[@]} -eq 0 ]] && return
  local line table chain grown=1
  while [[ $grown -eq 1 ]]; do
    grown=0 table=''
    while IFS= read -r line; do
      case $line in
      '*'*) table=${line#\*} ;;
      "-A KUBE-"*" KUBE-"*)
        chain=${line#-A }
        chain=${chain%% *}
        [[ -n ${used["$table $chain"]:-} ]] || continue
        parse_rule "$line"
        if [[ -n $target && -n ${mine["$table $target"]:-} && -z ${used["$table $target"]:-} ]]; then
          used["$table $target"]=${used["$table $chain"]} grown=1
        fi
        ;;
      esac
    done <"$work/rules"
  done
  if [[ -n ${used["nat KUBE-MARK-MASQ"]:-} && -n ${mine["nat KUBE-POSTROUTING"]:-} ]]; then
    used["nat KUBE-POSTROUTING"]=${used["nat KUBE-MARK-MASQ"]}
  fi
}

# Writes $work/changes for iptables-restore and $work/findings for the caller.
plan() {
  local table key chain jump verb
  local -a goes
  : >"$work/changes"
  : >"$work/findings"
  for table in raw mangle nat filter security; do
    goes=()
    for key in "${!mine[@]}"; do
      [[ $key == "$table "* ]] || continue
      chain=${key#* }
      if [[ -n ${used[$key]:-} ]]; then
        verb=blocked
        [[ $key == "nat KUBE-MARK-MASQ" || $key == "nat KUBE-POSTROUTING" ]] && verb=kept
        echo "$verb $tool $table $chain ${used[$key]}" >>"$work/findings"
      else
        goes+=("$chain")
      fi
    done
    [[ ${#goes[@]} -eq 0 ]] && continue
    local jump_count=0
    {
      echo "*$table"
      while IFS= read -r jump; do
        [[ -n $jump ]] || continue
        parse_rule "$jump"
        [[ -n ${used["$table $target"]:-} ]] && continue
        jump_count=$((jump_count + 1))
        printf '%s\n' "$jump"
      done <<<"${jumps[$table]:-}"
      printf -- '-F %s\n' "${goes[@]}"
      printf -- '-X %s\n' "${goes[@]}"
      echo COMMIT
    } >>"$work/changes"
    echo "found $tool $table ${#goes[@]} chains, $jump_count jumps" >>"$work/findings"
  done
}

# Reads one ruleset and plans. 1: cannot be read.
inspect() {
  if ! "$tool-save" >"$work/rules" 2>"$work/errors"; then
    # A kernel without this backend or family holds no rules of it.
    if ! grep -qiE 'protocol not supported|address family not supported' "$work/errors"; then
      echo "$tool-save failed: $(tr '\n' ' ' <"$work/errors")" >&2
      return 1
    fi
    : >"$work/rules"
  fi
  read_rules || return 1
  follow_uses
  plan
}

clean() {
  inspect || return 2
  if [[ $action == remove && -s $work/changes ]]; then
    if ! "$tool-restore" --noflush --wait 5 <"$work/changes" 2>"$work/errors"; then
      echo "$tool-restore failed: $(tr '\n' ' ' <"$work/errors")" >&2
      return 2
    fi
    grep '^found ' "$work/findings" | sed 's/^found/removed/'
    # Another program may have written in between: what counts is what is there now.
    inspect || return 2
  fi
  cat "$work/findings"
  grep -qE '^(found|blocked) ' "$work/findings" && return 1
  return 0
}

declare -A mine jumps used built_in
result=0
for tool in iptables-nft ip6tables-nft iptables-legacy ip6tables-legacy; do
  clean
  status=$?
  [[ $status -gt $result ]] && result=$status
done
exit "$result"
