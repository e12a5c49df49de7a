# Run in a pod: tries what CHECKS lists, a line each ("name kind host port expected", with yes or no), all at once, and writes
# "name yes" or "name no" to its termination message, which is read from the pod's status: no logs, no exec, as both go
# through the very network that is looked at.
#
# It runs in Cilium's own image, which every node has, and there asks with bash; or in agnhost.
set -u
REPORT=${REPORT:-/run/report}
SECONDS_EACH=${SECONDS_EACH:-3}
# A policy, an endpoint or a name is there a moment after it was written.
TRIES=${TRIES:-3}

reach() { # host port
  if [ -x /agnhost ]; then
    /agnhost connect --timeout="${SECONDS_EACH}s" "$1:$2"
  else
    timeout "$SECONDS_EACH" bash -c ': <>"/dev/tcp/$0/$1"' "$1" "$2"
  fi
}

resolve() { # name
  # The one is in Cilium's image, the other in small ones.
  timeout "$SECONDS_EACH" getent hosts "$1" || timeout "$SECONDS_EACH" nslookup "$1"
}

try() { # name kind host port expected
  attempt=0
  while :; do
    if "$2" "$3" "$4" >/dev/null 2>&1; then seen=yes; else seen=no; fi
    attempt=$((attempt + 1))
    if [ "$seen" = "$5" ] || [ "$attempt" -ge "$TRIES" ]; then break; fi
    sleep 1
  done
  # Short enough to be written at once.
  echo "$1 $seen" >>"$REPORT"
}

while read -r name kind host port expected; do
  [ -z "$name" ] || try "$name" "$kind" "$host" "$port" "$expected" &
done <<EOF
$CHECKS
EOF
wait
