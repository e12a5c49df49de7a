/**
 * Types of Terraform's own and of its utility providers, which stacks have beside those of a cloud: attribute to flags, as
 * in `data/provider-tables.json` (f replaces, o output only). `terraform_data` as Terraform 1.11 plans it; the others by
 * their documentation (random 3, null 3, tls 4, time 0.13, local 2), where whatever is written replaces.
 */
export const SMALL_TYPES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  terraform_data: { triggers_replace: "f", output: "o", id: "o" },
  null_resource: { triggers: "f", id: "o" },
  random_id: { ...made("keepers byte_length prefix"), ...outputs("b64_std b64_url dec hex id") },
  random_bytes: { ...made("keepers length"), ...outputs("base64 hex") },
  random_integer: { ...made("keepers min max seed"), ...outputs("result id") },
  random_pet: { ...made("keepers length prefix separator"), ...outputs("id") },
  random_uuid: { ...made("keepers"), ...outputs("result id") },
  random_shuffle: { ...made("keepers input result_count seed"), ...outputs("result id") },
  random_string: { ...made(characters()), ...outputs("result id") },
  random_password: { ...made(characters()), ...outputs("result bcrypt_hash id") },
  tls_private_key: {
    ...made("algorithm rsa_bits ecdsa_curve"),
    ...outputs(
      "id private_key_pem private_key_openssh private_key_pem_pkcs8 public_key_pem public_key_openssh public_key_fingerprint_md5 public_key_fingerprint_sha256",
    ),
  },
  time_static: { ...made("triggers rfc3339"), ...outputs("id unix year month day hour minute second") },
  time_sleep: { ...made("triggers"), ...outputs("id") },
  local_file: {
    ...made("content content_base64 sensitive_content source filename file_permission directory_permission"),
    ...outputs("id content_md5 content_sha1 content_sha256 content_sha512 content_base64sha256 content_base64sha512"),
  },
};

function characters(): string {
  return "keepers length lower upper number numeric special override_special min_lower min_upper min_numeric min_special";
}

function made(names: string): Record<string, string> {
  return flagged(names, "f");
}

function outputs(names: string): Record<string, string> {
  return flagged(names, "o");
}

function flagged(names: string, flag: string): Record<string, string> {
  return Object.fromEntries(names.split(" ").map((name) => [name, flag]));
}
