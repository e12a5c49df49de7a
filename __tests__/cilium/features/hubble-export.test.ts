import { ciliumValuesProblems, gkeDefaultValues } from "../../../lib/cilium";
import { HUBBLE_OPTIONS, type HubbleOptions, hubbleProblems, hubbleValues } from "../../../lib/cilium/features/hubble";
import { dynamicHubbleMetric, textOfDynamicMetric } from "../../../lib/cilium/features/hubble-metrics";
import { Dataplane } from "../../../lib/dataplane";
import { describeProblem, examine } from "../../../lib/validation";
import { definition } from "../../support/definition";

const hubble = (options: HubbleOptions) => JSON.parse(JSON.stringify(hubbleValues(options).hubble ?? {})) as object;

test("export, redaction and the relay's TLS become values", () => {
  expect(
    hubble({
      export: { only: ['{"verdict":["DROPPED"]}'], fields: ["verdict"], maxSizeMb: 50, aggregationSeconds: 30 },
    }),
  ).toMatchObject({
    export: {
      static: {
        enabled: true,
        filePath: "/var/run/cilium/hubble/events.log",
        fileMaxSizeMb: 50,
        fieldMask: ["verdict"],
        allowList: ['{"verdict":["DROPPED"]}'],
        aggregationInterval: "30000ms",
      },
    },
  });
  expect(hubble({ redact: {} })).toMatchObject({
    redact: {
      enabled: true,
      http: { urlQuery: true, userInfo: true, headers: { deny: ["authorization", "cookie", "set-cookie"] } },
    },
  });
  expect(hubble({ redact: { allowHeaders: ["x-request-id"] } })).toMatchObject({
    redact: { http: { headers: { allow: ["x-request-id"] } } },
  });
  expect(hubble({ relayTls: true })).toMatchObject({ relay: { tls: { server: { enabled: true } } } });
  expect(hubble({ relayTls: "mutual" })).toMatchObject({ relay: { tls: { server: { enabled: true, mtls: true } } } });
  expect(hubble({})).not.toHaveProperty("export");
});

describe("dynamic metrics", () => {
  const TEXTS = [
    "drop",
    "dns:query;ignoreAAAA",
    "flow:sourceContext=workload-name|reserved-identity;labelsContext=source_namespace,destination_namespace",
    "httpV2:exemplars=true",
  ];
  test.each(TEXTS)("%s there and back", (text) => expect(textOfDynamicMetric(dynamicHubbleMetric(text))).toBe(text));

  test("take the list's place, and monitoring still knows them", () => {
    const options: HubbleOptions = {
      metrics: [{ handler: "dns", flags: ["query"] }, { handler: "drop" }],
      dynamicMetrics: true,
    };
    const { release, telemetry, problems } = Dataplane.kubeProxyFree({ hubble: options }).describe(definition());
    expect(problems).toEqual([]);
    expect(release?.values["hubble"]).toMatchObject({
      metrics: { dynamic: { enabled: true, config: { content: [{ name: "dns" }, { name: "drop" }] } } },
    });
    expect(hubble(options)).not.toHaveProperty("metrics.enabled");
    expect(telemetry.hubbleMetrics).toEqual(["dns:query", "drop"]);
    expect(telemetry.endpoints.map(({ component }) => component)).toContain("hubble");
  });

  test("a handler that there is none of is told in the file, too", () => {
    const dynamic = { enabled: true, config: { content: [{ name: "dnss" }] } };
    expect(
      ciliumValuesProblems({ hubble: { metrics: { dynamic } } }, { baseValues: gkeDefaultValues() }),
    ).toMatchObject([{ property: "values.hubble.metrics.dynamic.config.content[0]" }]);
  });
});

test.each<[object, string]>([
  [{ export: { filePath: "/tmp/x" } }, "'export.filePath' (/tmp/x) is not below /var/run/cilium/hubble/"],
  [{ export: { only: ["verdict=DROPPED"] } }, "'export.only[0]' (verdict=DROPPED) is not a filter written as JSON"],
  [{ export: { fields: ["source namespace"] } }, "'export.fields[0]' (source namespace) is not a field"],
  [{ redact: { denyHeaders: ["x: y"] } }, "'redact.denyHeaders[0]' (x: y) is not the name of a header"],
  [{ redact: { allowHeaders: ["a"], denyHeaders: ["b"] } }, "'redact.denyHeaders' ([\"b\"]) cannot be given together"],
  [{ relayTls: "mtls" }, "'relayTls' (mtls) is neither true nor false"],
  [{ relay: false, relayTls: true }, "'relayTls' (true) has no effect without the relay"],
  [{ enabled: false, dynamicMetrics: true }, "'dynamicMetrics' (true) needs Hubble"],
])("%j is refused", (given, message) => {
  const { problems, options } = examine<HubbleOptions>(given, HUBBLE_OPTIONS);
  const told = [...problems, ...hubbleProblems(options)].map((problem) => describeProblem("x", problem));
  expect(told).toEqual([expect.stringContaining(message)]);
});
