import { type Check, nested, UNKNOWN } from "../../validation";
import { HUBBLE_METRIC } from "./hubble-metrics";

const OBJECT = nested(HUBBLE_METRIC);

/** A metric as an object. Text, as the chart and every write-up have it, is answered with the object that it means. */
export const HUBBLE_METRIC_ITEM: Check = {
  ...OBJECT,
  examine: (value, property) => {
    if (typeof value !== "string") return OBJECT.examine(value, property);
    return {
      value: UNKNOWN.anything(),
      problems: [
        {
          property,
          value,
          rule: "is text, as the chart has it, where an object belongs",
          remedy: `write ${metricOfText(value)}, or the whole list as text in values.hubble.metrics.enabled`,
        },
      ],
    };
  },
};

/** `{ handler: "dns", flags: ["query"] }` for `dns:query`. */
function metricOfText(text: string): string {
  const [handler = "", settings = ""] = text.trim().split(/:(.*)/s);
  const parts = settings.split(";").filter(Boolean);
  const isFlag = (part: string) => !part.includes("=") || /=true$/.test(part);
  const flags = parts.filter(isFlag).map((part) => JSON.stringify(part.replace(/=true$/, "")));
  const contexts = parts
    .filter((part) => !isFlag(part))
    .map((part) => {
      const [name = "", values = ""] = part.split(/=(.*)/s);
      const list = values.split(/\\?[,|]/).map((value) => JSON.stringify(value));
      return `${name}: [${list.join(", ")}]`;
    });
  const fields = [`handler: ${JSON.stringify(handler)}`, ...(flags.length > 0 ? [`flags: [${flags.join(", ")}]`] : [])];
  return `{ ${[...fields, ...contexts].join(", ")} }`;
}
