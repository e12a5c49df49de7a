import { type JsonObject, stringOf } from "../json";
import { type OperationRecord, rpcCode } from "./record";

/** An operation as google.longrunning words it. */
export function longRunningOperation(operation: OperationRecord): JsonObject {
  const done = operation.status === "DONE";
  return {
    name: `projects/${operation.project}/${operation.scope}/operations/${operation.name}`,
    metadata: {
      "@type": stringOf(operation.args["metadataType"]) ?? "type.googleapis.com/google.protobuf.Empty",
      createTime: operation.insertedAt,
      ...(operation.endedAt ? { endTime: operation.endedAt } : {}),
      target: operation.target.replace(/^\/\/[^/]+\//, ""),
      verb: operation.type,
      apiVersion: "v1",
    },
    done,
    ...(operation.error
      ? { error: { code: rpcCode(operation.error.code), message: operation.error.message } }
      : done
        ? { response: operation.response ?? { "@type": "type.googleapis.com/google.protobuf.Empty" } }
        : {}),
  };
}
