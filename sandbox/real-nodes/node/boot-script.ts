/**
 * First process of a node. What it is told comes in variables:
 * - `DISK`: directory on the disk that outlives reboots; `NAME`, `ADDRESS`, `GATEWAY`, `POD_CIDR`, `MTU`.
 * - `IMAGE`: directory with what Cilium's image holds; `IMAGE_IS_WHOLE`: 0 where it lies over the machine's own files.
 * - `PLUGINS`: lines `name=path` of the CNI plugins.
 * - `KUBELET_VERSION`: what the kubelet says of itself. `MASQUERADE`: 1 where GKE's own source NAT is on.
 *
 * As on Container-Optimized OS, `/etc` and `/tmp` are made anew at each boot, `/home/kubernetes` and `/var` are kept, and
 * `/run` is memory. https://cloud.google.com/container-optimized-os/docs/concepts/disks-and-filesystem
 */
export const BOOT_SCRIPT = `
set -e
hostname "$NAME"
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t bpf bpf /sys/fs/bpf
mount -t cgroup2 cgroup2 /sys/fs/cgroup

# What is needed of the machine later is bound before anything is laid over it.
mkdir -p "$DISK/image"
mount --bind "$IMAGE" "$DISK/image"
mount -t tmpfs -o mode=755 run /run
mkdir -p /run/lock /run/netns /run/sandbox/image /run/sandbox/disk
mount --bind "$DISK" /run/sandbox/disk
mount --bind "$DISK/image" /run/sandbox/image
touch /run/xtables.lock

# Links to what is in the image, as a directory must not lie over another that it is in.
if [[ $IMAGE_IS_WHOLE == 0 ]]; then
  mkdir -p /run/sandbox/layer/var/lib/cilium
  for name in bpf etcd-config.yaml; do
    ln -s /run/sandbox/image/var/lib/cilium/$name /run/sandbox/layer/var/lib/cilium/$name
  done
  cd /run/sandbox/image
  find . -path ./var -prune -o ! -type d -print | while read -r file; do
    mkdir -p "/run/sandbox/layer/\${file%/*}"
    ln -s "/run/sandbox/image/\${file#./}" "/run/sandbox/layer/\${file#./}"
  done
  cd /
fi

rm -rf "$DISK/etc" "$DISK/tmp"
for directory in etc home opt root tmp usr/local var; do
  layer="/run/sandbox/disk/$directory"
  mkdir -p "$layer/upper" "$layer/work"
  mount -t overlay overlay -o "lowerdir=/$directory,upperdir=$layer/upper,workdir=$layer/work" "/$directory"
done

ip link set lo up
printf '127.0.0.1 localhost\\n%s %s\\n' "$ADDRESS" "$NAME" >/etc/hosts
rm -f /etc/resolv.conf
printf 'nameserver 169.254.169.254\\n' >/etc/resolv.conf
sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.disable_ipv6=0

mkdir -p /etc/cni/net.d /etc/containerd /etc/kubernetes/manifests /home/kubernetes/bin /opt/cni/bin /var/lib/cni
while IFS='=' read -r name path; do ln -sf "$path" "/home/kubernetes/bin/$name"; done <<<"$PLUGINS"
mkdir -p /home/kubernetes/kube-manifests/kubernetes /var/lib/kube-proxy /usr/local/sbin

# A node is made once, and its start-up scripts run at each boot.
if [[ ! -e /home/kubernetes/bin/kubelet ]]; then
  printf '%s\\n' "$KUBELET" >/home/kubernetes/bin/kubelet
  chmod +x /home/kubernetes/bin/kubelet
  printf '%s\\n' "$CNI_TEMPLATE" >/home/kubernetes/cni.template
fi
printf '%s\\n' "$CONTAINERD_CONFIG" >/etc/containerd/config.toml
printf '%s\\n' "$SYSTEMCTL" >/usr/local/sbin/systemctl
chmod +x /usr/local/sbin/systemctl
if [[ -n $KUBE_PROXY_MANIFEST ]]; then
  printf '%s\\n' "$KUBE_PROXY_MANIFEST" >/etc/kubernetes/manifests/kube-proxy.manifest
  printf '%s\\n' "$KUBE_PROXY_KUBECONFIG" >/var/lib/kube-proxy/kubeconfig
fi
if [[ $MASQUERADE == 1 ]]; then
  iptables -w -t nat -N IP-MASQ
  iptables -w -t nat -A POSTROUTING -m comment --comment "ip-masq: ensure nat POSTROUTING directs all non-LOCAL destination traffic to our custom IP-MASQ chain" -m addrtype ! --dst-type LOCAL -j IP-MASQ
  for range in 169.254.0.0/16 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10 240.0.0.0/4; do
    iptables -w -t nat -A IP-MASQ -d "$range" -j RETURN
  done
  iptables -w -t nat -A IP-MASQ -j MASQUERADE
fi
printf "%s\\n" "$KUBELET_VERSION" >/run/sandbox/kubelet.version
echo booted

# The network card comes from outside: the services start when it is there.
while [[ ! -e /sys/class/net/eth0 ]]; do sleep 0.02; done
ip address add "$ADDRESS/32" dev eth0
ip link set eth0 up
ip route add "$GATEWAY" dev eth0 scope link
ip route add default via "$GATEWAY" dev eth0 src "$ADDRESS" mtu "$MTU"
# Both are started at once, as systemd does.
systemctl start containerd &
systemctl start kubelet &
# A shell takes in orphans, and ends with its input.
while read -r _; do :; done
`;

/**
 * The kubelet as far as other programs of a node see it: a program in /home/kubernetes/bin that tells its version and
 * runs as long as it is not ended. Whoever moves it and puts a wrapper in its place is run as the kubelet would be. What
 * it does about pods, the sandbox does, as long as this one runs.
 */
export const KUBELET = `#!/bin/bash
if [[ \${1:-} == --version ]]; then
  echo "Kubernetes $(cat /run/sandbox/kubelet.version)"
  exit
fi
echo $$ >/run/sandbox/kubelet.pid
exec sleep infinity`;

/** systemctl for the three services that matter: kubelet, containerd, and the one that applies kernel parameters. */
export const SYSTEMCTL = `#!/bin/bash
# systemctl of the sandbox: start, stop, restart, enable, disable [--now] of kubelet and containerd.
state=/run/sandbox
now=0 words=()
for word in "$@"; do
  case $word in
  --now) now=1 ;;
  -*) ;;
  *) words+=("$word") ;;
  esac
done
action=\${words[0]:-} unit=\${words[1]:-}
unit=\${unit%.service}
stop() {
  case $unit in
  kubelet)
    [[ -e $state/kubelet.pid ]] && kill "$(cat $state/kubelet.pid)" 2>/dev/null
    rm -f $state/kubelet.pid
    ;;
  containerd) rm -f $state/containerd.running ;;
  esac
}
start() {
  case $unit in
  kubelet)
    # Whoever asks for it, a service has an environment of its own.
    env -i PATH="$PATH" setsid /home/kubernetes/bin/kubelet --config /home/kubernetes/kubelet-config.yaml </dev/null >>/var/log/kubelet.log 2>&1 &
    ;;
  containerd) [[ -e $state/containerd.disabled ]] || : >$state/containerd.running ;;
  systemd-sysctl) sysctl -q --system >/dev/null 2>&1 ;;
  esac
}
case $action in
start) start ;;
stop) stop ;;
restart | reload-or-restart) stop; start ;;
enable)
  rm -f "$state/$unit.disabled"
  [[ $now == 1 ]] && start
  ;;
disable)
  : >"$state/$unit.disabled"
  [[ $now == 1 ]] && stop
  ;;
is-active) [[ $unit == containerd ]] && { [[ -e $state/containerd.running ]]; exit; }; kill -0 "$(cat $state/kubelet.pid 2>/dev/null)" 2>/dev/null ;;
esac
exit 0`;

/** containerd's configuration, as far as somebody reads or changes it. */
export const CONTAINERD_CONFIG = `version = 2
[plugins."io.containerd.grpc.v1.cri"]
  stream_server_address = "127.0.0.1"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/home/kubernetes/bin"
    conf_dir = "/etc/cni/net.d"
    conf_template = "/home/kubernetes/cni.template"`;

/** What GKE's nodes have as a template for their own CNI, where no network policy is enforced. */
export const CNI_TEMPLATE = `{
  "name": "k8s-pod-network",
  "cniVersion": "0.3.1",
  "plugins": [
    {
      "type": "ptp",
      "mtu": 1460,
      "ipam": {
        "type": "host-local",
        "subnet": "{{.PodCIDR}}",
        "routes": [{ "dst": "0.0.0.0/0" }]
      }
    },
    { "type": "portmap", "capabilities": { "portMappings": true } }
  ]
}`;
