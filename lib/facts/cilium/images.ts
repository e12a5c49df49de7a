/** Where Cilium publishes its images. */
export const UPSTREAM_REGISTRY = "quay.io/cilium";

/**
 * Digests of the agent's image `quay.io/cilium/cilium` by version.
 *
 * Sources: `image.digest` in the values of the published charts (github.com/cilium/charts), and for the versions that
 * came after that list was made the section "Docker Manifests" of their release (github.com/cilium/cilium/releases).
 */
const AGENT_DIGESTS: Readonly<Record<string, string>> = {
  "1.18.0": "sha256:dfea023972d06ec183cfa3c9e7809716f85daaff042e573ef366e9ec6a0c0ab2",
  "1.18.1": "sha256:65ab17c052d8758b2ad157ce766285e04173722df59bdee1ea6d5fda7149f0e9",
  "1.18.2": "sha256:858f807ea4e20e85e3ea3240a762e1f4b29f1cb5bbd0463b8aa77e7b097c0667",
  "1.18.3": "sha256:5649db451c88d928ea585514746d50d91e6210801b300c897283ea319d68de15",
  "1.18.4": "sha256:49d87af187eeeb9e9e3ec2bc6bd372261a0b5cb2d845659463ba7cc10fe9e45f",
  "1.18.5": "sha256:2c92fb05962a346eaf0ce11b912ba434dc10bd54b9989e970416681f4a069628",
  "1.18.6": "sha256:42ec562a5ff6c8a860c0639f5a7611685e253fd9eb2d2fcdade693724c9166a4",
  "1.18.7": "sha256:99b029a0a7c2224dac8c1cc3b6b3ba52af00e2ff981d927e84260ee781e9753c",
  "1.18.8": "sha256:070a63cc414869cf6c53202cb50929a87adb7d5b25de0f2f40ab39eb6434b706",
  "1.18.9": "sha256:c9140c2ebcc636ba346a4152fb28d616a4a51586c22c72dcd6f273bed41053c0",
  "1.18.10": "sha256:dd573bc2f7213dbd978e564a363ecaad060e9578ed557b92b53e42eeeb0f2294",
  "1.18.11": "sha256:e6945db60ad6d3b384e06ed678dbcee65f57f2f9fdcc64e976e7319f3db2b485",
  "1.18.12": "sha256:94149589d9b77fe3a78f900121b36fab51b1ede0c4190924e2328facc37de210",
  "1.18.13": "sha256:6e6e6a82a6a2a6d0bfe6dd7e36cb0222fa48135ad139ddc979b5c3c841e2db1a",
  "1.18.14": "sha256:0e65a0910d74be4d56ebc8f8a010b566f9177444667dbb8eb5b2d8d840ea5406",
  "1.19.0": "sha256:be9f8571c2e114b3e12e41f785f2356ade703b2eac936aa878805565f0468c60",
  "1.19.1": "sha256:41f1f74a0000de8656f1de4088ea00c8f2d49d6edea579034c73c5fd5fe01792",
  "1.19.2": "sha256:7bc7e0be845cae0a70241e622cd03c3b169001c9383dd84329c59ca86a8b1341",
  "1.19.3": "sha256:2e61680593cddca8b6c055f6d4c849d87a26a1c91c7e3b8b56c7fb76ab7b7b10",
  "1.19.4": "sha256:2eb67991eaa9368ba199c2fac2c573cb0ffdeb79184533344f42fc9a7ff6af3c",
  "1.19.5": "sha256:20fbbc14ac20b55a292c0dcda5571bf31cde30a7dbc68c29db3e709390ab0732",
  "1.19.6": "sha256:0df5b2750b64c49843aba1d649e9eaf61467cb0645ad3171db6f6962c095ac92",
  "1.19.7": "sha256:1b58bcb81c723cf130a0dd2fb2e1132c57f8fbc2ef7bdb85519cfcc36111c77e",
  "1.20.0": "sha256:383968cd5e8873f7976fa76aa6196045643558f4cc9518a207b9335cb24a0e93",
  "1.20.1": "sha256:ae9ea21f7427fe24bc6ea7247eb552157a1b0a431744045d3f641545ca71d11b",
  "1.20.2": "sha256:2939231d0d3e3ebddcd80fffa168b7ddcc78fdf0dc864d1c8c126ff523c54f01",
};

/** Digest of the agent's image of a version, `sha256:…`; undefined where it is not known here. */
export function agentDigest(version: string): string | undefined {
  return Object.hasOwn(AGENT_DIGESTS, version) ? AGENT_DIGESTS[version] : undefined;
}

/** Versions whose digest is known, in the order of the table. */
export function versionsWithDigest(): readonly string[] {
  return Object.keys(AGENT_DIGESTS);
}
