import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { extractImage } from "../../../sandbox/real-nodes/requirements/image";

/** Shell that makes a tar archive of what an image of this name holds, on standard output. */
const IMAGE_TO_TAR = `
archive() {
  work=$(mktemp -d)
  case "$1" in
    */cilium:v1.20.2) mkdir -p "$work/usr/bin" "$work/opt/cni/bin"; echo agent >"$work/usr/bin/cilium-agent"; echo cni >"$work/opt/cni/bin/cilium-cni" ;;
    */operator-generic:v1.20.2) mkdir -p "$work/usr/bin"; echo operator >"$work/usr/bin/cilium-operator-generic" ;;
    */hubble-relay:v1.20.2) mkdir -p "$work/usr/bin"; echo relay >"$work/usr/bin/hubble-relay" ;;
    */clustermesh-apiserver:v1.20.2) mkdir -p "$work/usr/bin" "$work/var/lib/cilium"; echo mesh >"$work/usr/bin/clustermesh-apiserver"; echo etcd >"$work/usr/bin/etcd"; echo gops >"$work/usr/bin/gops"; echo endpoints: >"$work/var/lib/cilium/etcd-config.yaml" ;;
    */certgen:v*) mkdir -p "$work/usr/bin"; echo certgen >"$work/usr/bin/cilium-certgen" ;;
    *) echo "manifest of $1 unknown" >&2; rm -rf "$work"; exit 1 ;;
  esac
  tar --create --directory "$work" .
  rm -rf "$work"
}`;

/** Each tool as it is called: what it is asked for is written down, and what it cannot do it says. */
const TOOLS: Readonly<Record<string, string>> = {
  crane: `[ "$1" = export ] && [ "$3" = - ] || { echo "crane: what is '$*'" >&2; exit 2; }
archive "$2"`,
  docker: CONTAINER(),
  podman: CONTAINER(),
  skopeo: `[ "$1 $2" = "copy --quiet" ] || { echo "skopeo: what is '$*'" >&2; exit 2; }
directory=\${4#dir:}
mkdir -p "$directory"
archive "\${3#docker://}" >"$directory/layer.tar" || { rm -rf "$directory"; exit 1; }
sum=$(sha256sum <"$directory/layer.tar" | cut -d" " -f1)
mv "$directory/layer.tar" "$directory/$sum"
printf '{"config":{"digest":"sha256:%064d"},"layers":[{"digest":"sha256:%s"}]}' 0 "$sum" >"$directory/manifest.json"`,
};

const ABSENT = Object.fromEntries(
  ["crane", "docker", "podman", "skopeo"].map((name) => [name, "echo absent >&2; exit 1"]),
);

function CONTAINER(): string {
  return `case "$1" in
  create) archive "$2" >/dev/null || exit 1; echo "$2" >"$STATE/containers"; echo c1 ;;
  export) archive "$(cat "$STATE/containers")" ;;
  rm) rm "$STATE/containers" ;;
  *) echo "what is '$*'" >&2; exit 2 ;;
esac`;
}

describe("Cilium's programs out of its images", () => {
  const before = process.env["PATH"];
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "images-"));
  });

  afterEach(() => {
    process.env["PATH"] = before;
    rmSync(root, { recursive: true, force: true });
  });

  /** Puts tools where they are looked for first. All others are there as well, and fail: this machine may have its own. */
  function install(tools: Readonly<Record<string, string>>): void {
    const bin = join(root, "bin");
    mkdirSync(bin, { recursive: true });
    for (const [name, body] of Object.entries({ ...ABSENT, ...tools })) {
      const log = `echo "${name} $*" >>"${root}/calls"`;
      writeFileSync(join(bin, name), `#!/bin/bash\nSTATE="${root}"\n${log}\n${IMAGE_TO_TAR}\n${body}\n`);
      chmodSync(join(bin, name), 0o755);
    }
    process.env["PATH"] = `${bin}:/usr/bin:/bin`;
  }

  const extract = (version = "1.20.2") => extractImage({ version, cache: join(root, "cache") });
  const contents = (directory: string) => (readdirSync(directory, { recursive: true }) as string[]).sort();

  test.each(Object.keys(TOOLS))(
    "by %s: one file system with the programs of all images, and nothing else",
    async (tool) => {
      install({ [tool]: TOOLS[tool] ?? "" });
      const directory = await extract();
      expect(directory).toBe(join(root, "cache/images/cilium-1.20.2"));
      const programs = [
        "cilium-agent",
        "cilium-certgen",
        "cilium-operator-generic",
        "clustermesh-apiserver",
        "etcd",
        "hubble-relay",
      ];
      expect(contents(directory as string)).toEqual(
        [
          "opt",
          "opt/cni",
          "opt/cni/bin",
          "opt/cni/bin/cilium-cni",
          "usr",
          "usr/bin",
          ...programs.map((name) => `usr/bin/${name}`),
          "var",
          "var/lib",
          "var/lib/cilium",
          "var/lib/cilium/etcd-config.yaml",
        ].sort(),
      );
      expect(readFileSync(join(directory as string, "usr/bin/cilium-operator-generic"), "utf8")).toBe("operator\n");
      expect(contents(join(root, "cache/images")).filter((name) => !name.startsWith("cilium-1.20.2/"))).toEqual([
        "cilium-1.20.2",
      ]);
      expect(existsSync(join(root, "containers"))).toBe(false);
    },
  );

  test("asks for the images of the chart: the release's version, and certgen's own", async () => {
    install({ crane: TOOLS["crane"] ?? "" });
    await extract();
    const calls = readFileSync(join(root, "calls"), "utf8").trim().split("\n");
    expect(calls).toEqual([
      "crane export quay.io/cilium/cilium:v1.20.2 -",
      "crane export quay.io/cilium/operator-generic:v1.20.2 -",
      "crane export quay.io/cilium/hubble-relay:v1.20.2 -",
      "crane export quay.io/cilium/clustermesh-apiserver:v1.20.2 -",
      expect.stringMatching(/^crane export quay\.io\/cilium\/certgen:v\d+\.\d+\.\d+ -$/),
    ]);
    await extract();
    expect(readFileSync(join(root, "calls"), "utf8").trim().split("\n")).toEqual(calls);
  });

  test("by the next tool where one fails; nothing of the failure is left", async () => {
    install({ crane: "echo 'GET https://quay.io/v2/: no route to host' >&2; exit 1", podman: TOOLS["podman"] ?? "" });
    expect(await extract()).toBe(join(root, "cache/images/cilium-1.20.2"));
  });

  test("not: every tool's complaint is told, with the remedy, and nothing is left", async () => {
    install({
      crane: "echo one >&2; echo 'no route to host' >&2; exit 1",
      docker: "echo 'daemon is not running' >&2; exit 1",
    });
    expect(await extract()).toEqual([
      {
        what: "there are no programs of Cilium 1.20.2 (crane: no route to host; docker: daemon is not running; podman: absent; skopeo: absent)",
        remedy: expect.stringContaining("SANDBOX_CILIUM"),
      },
    ]);
    expect(readdirSync(join(root, "cache/images"))).toEqual([]);
  });

  test("not of a version that there is no image of", async () => {
    install({ docker: TOOLS["docker"] ?? "" });
    expect(await extract("1.20.99")).toEqual([
      expect.objectContaining({ what: expect.stringContaining("manifest of quay.io/cilium/cilium:v1.20.99 unknown") }),
    ]);
  });
});
