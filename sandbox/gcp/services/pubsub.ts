import type { Cloud } from "../cloud";
import { alreadyExists, badRequest, notFound } from "../http/errors";
import { ok } from "../http/exchange";
import type { Router } from "../http/router";
import { addPolicyRoutes } from "../iam/policies";
import { type JsonObject, objectOf, stringOf } from "../json";
import { applyFieldMask } from "../proto-json";

/** A letter first, never `goog`: https://cloud.google.com/pubsub/docs/pubsub-basics#resource_names */
const TOPIC = /^(?!goog)[a-zA-Z][\w.~+%-]{2,254}$/;

/** `pubsub.googleapis.com`: topics, which cluster notifications need. */
export function addPubSub(router: Router, cloud: Cloud): void {
  const host = "pubsub.googleapis.com";
  const add = router.service({ host, prefix: "/pubsub/v1", errors: "plain" });
  const topic = "/projects/{project}/topics/{topic}";
  const nameOf = (project: string, id: string): string => `projects/${project}/topics/${id}`;
  const read = (project: string, id: string): JsonObject => {
    const found = cloud.store.get(`//${host}/${nameOf(project, id)}`);
    if (!found) throw notFound(`Resource not found (resource=${id}).`);
    return found;
  };
  add("GET", "/projects/{project}/topics", (request) => {
    const topics = cloud.store.children(`//${host}/projects/${request.project}/topics/`).map(([, each]) => each);
    return ok({ topics });
  });
  add("GET", topic, (request) => ok(read(request.project!, request.param("topic"))));
  add("PUT", topic, (request) => {
    const name = nameOf(request.project!, request.param("topic"));
    request.target = `//${host}/${name}`;
    if (!TOPIC.test(request.param("topic"))) {
      throw badRequest(
        `Invalid resource name given (name=${name}). Refer to https://cloud.google.com/pubsub/docs/pubsub-basics#resource_names for more information.`,
      );
    }
    if (cloud.store.has(request.target)) {
      throw alreadyExists(`Resource already exists in the project (resource=${request.param("topic")}).`);
    }
    const created = { ...request.body, name };
    cloud.store.put(request.target, created);
    return ok(created);
  });
  add("PATCH", topic, (request) => {
    const before = read(request.project!, request.param("topic"));
    const mask = stringOf(request.body["updateMask"]) ?? request.query.get("updateMask") ?? "";
    const after = applyFieldMask(before, objectOf(request.body["topic"]), mask);
    cloud.store.put(`//${host}/${before["name"]}`, after);
    return ok(after);
  });
  add("DELETE", topic, (request) => {
    cloud.store.delete(`//${host}/${read(request.project!, request.param("topic"))["name"]}`);
    return ok({});
  });
  addPolicyRoutes(add, topic, cloud, (request) => `//${host}/${nameOf(request.project!, request.param("topic"))}`);
}
