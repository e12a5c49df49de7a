import { also, type Check, isKnown, recordOf, type TextRule, text, textJudgedBy } from "../validation";
import { COMPUTE_NAME, type NameRule, nameProblems, resourceLabelProblems } from "./naming";

/** Text of any kind, the empty one included: for values that are judged otherwise. */
export const ANY_TEXT: TextRule = { matches: () => true, rule: "is not text", remedy: "write it as text in quotes" };

/** The name of a resource, in the limits of its kind. */
export function name(rule: NameRule): Check {
  return textJudgedBy((value, property) => nameProblems(property, value, rule), "give a name such as staging-1");
}

/** A network tag. */
export const networkTag: Check = name(COMPUTE_NAME);

/** Labels of Google Cloud resources. */
export const resourceLabels: Check = also(recordOf(text(ANY_TEXT)), (value, property) =>
  resourceLabelProblems(property, value as Readonly<Record<string, string>>),
);

/** A project id, with the domain of its organization in front in old ones. */
const PROJECT = /^([a-z0-9.-]+:)?[a-z][-a-z0-9]{4,28}[a-z0-9]$/;

/** The id of a project. */
export const projectId: Check = text({
  matches: PROJECT,
  rule: "is not the id of a project",
  remedy: "use its id (not its name or number): 6 to 30 lower case letters, digits and dashes",
});

/** A project that something belongs to, by id or number. */
export const projectReference: Check = text({
  matches: (value) => PROJECT.test(value) || /^[1-9]\d+$/.test(value),
  rule: "is neither the id nor the number of a project",
  remedy: "use its id: 6 to 30 lower case letters, digits and dashes",
});

const KMS_KEY = /^projects\/[^/]+\/locations\/([^/]+)\/keyRings\/[^/]+\/cryptoKeys\/[^/]+$/;

/** The full name of a Cloud KMS key. */
export const kmsKey: Check = text({
  matches: KMS_KEY,
  rule: "is not the full name of a Cloud KMS key",
  remedy: "give projects/<project>/locations/<location>/keyRings/<ring>/cryptoKeys/<key>, without a version",
});

/** Where a key lies: a region, a multi-region such as `europe`, or `global`. */
export function locationOfKey(key: string | undefined): string | undefined {
  return isKnown(key) ? KMS_KEY.exec(key)?.[1] : undefined;
}

/** The address of a service account for nodes, and not the one that can do everything. */
export const nodeAccount: Check = textJudgedBy((email, property) => {
  if (!/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email))
    return [
      {
        property,
        value: email,
        rule: "is not the address of a service account",
        remedy: "give one such as nodes@my-project.iam.gserviceaccount.com",
      },
    ];
  if (/-compute@developer\.gserviceaccount\.com$/.test(email))
    return [
      {
        property,
        value: email,
        rule: "is the Compute Engine default account, in many projects an editor of everything",
        remedy: "leave it out for an account with the least roles that work",
      },
    ];
  return [];
}, "give one such as nodes@my-project.iam.gserviceaccount.com");

/** A kind of accelerator, as GKE calls it. */
export const acceleratorType: Check = text({
  matches: /^[a-z][a-z0-9-]*[a-z0-9]$/,
  rule: "is not a kind of accelerator",
  remedy: "give one such as nvidia-l4",
});

/** Anything that stands for itself and has no form of its own. */
export const anyText: Check = text();
