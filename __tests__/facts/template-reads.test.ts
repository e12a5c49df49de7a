import { templateReads } from "../../scripts/cilium/template-reads";

/** Paths that a template reads, those read whole marked with *, those gone through with []. */
function reads(template: string, others: Readonly<Record<string, string>> = {}): string[] {
  const found = templateReads(new Map([["templates/x.yaml", template]]), (name) => others[name]);
  return [...found].map(([path, uses]) => path + (uses.has("whole") ? "*" : uses.has("items") ? "[]" : "")).sort();
}

test.each<[string, string, string[]]>([
  ["a plain value", "a: {{ .Values.a.b }}", ["a.b"]],
  ["in a pipeline", "{{ .Values.a | default .Values.b | quote }}", ["a", "b"]],
  [
    "through a variable",
    "{{- $s := (coalesce .Values.s .Values.h) }}{{ if $s.x }}{{ $s.y }}{{ end }}",
    ["h.x", "h.y", "s.x", "s.y"],
  ],
  [
    "through a variable that changes",
    "{{ $v := .Values.a }}{{ if .Values.c }}{{ $v = .Values.b }}{{ end }}{{ $v.x }}",
    ["a.x", "b.x", "c"],
  ],
  ["with", "{{ with .Values.a }}{{ .b }}{{ $.Values.c }}{{ else }}{{ .Values.d }}{{ end }}", ["a", "a.b", "c", "d"]],
  ["range over items", "{{ range $k, $v := .Values.a }}{{ $v.x }}{{ $k }}{{ end }}", ["a[]", "a[].x"]],
  ["range over a tuple", "{{ range $c := tuple .Values.a .Values.b }}{{ $c.x }}{{ end }}", ["a.x", "b.x"]],
  ["index", '{{ index .Values.a "x-y" "z" }}', ["a.x-y.z"]],
  ["get and hasKey", '{{ if hasKey .Values.a "x" }}{{ get .Values.a "y" }}{{ end }}', ["a.x", "a.y"]],
  ["dig", '{{ dig "a" "b" .Values.c .Values.AsMap }}', ["a.b", "c"]],
  ["written whole", "{{ toYaml .Values.a | nindent 2 }}", ["a*"]],
  ["written whole within with", "{{ with .Values.a }}{{ toYaml . }}{{ end }}", ["a*"]],
  ["a named template", '{{ define "t" }}{{ .Values.a }}{{ end }}{{ include "t" . }}', ["a"]],
  [
    "a dict passed to one",
    '{{ define "t" }}{{ .c.x }}{{ .r.Values.y }}{{ end }}{{ include "t" (dict "c" .Values.a "r" $) }}',
    ["a.x", "y"],
  ],
  [
    "a list passed to one",
    '{{ define "t" }}{{ (index . 0).Values.y }}{{ index . 1 }}{{ end }}{{ template "t" (list $ .Values.p) }}',
    ["p", "y"],
  ],
  [
    "a chained else",
    "{{ if .Values.a }}{{ else if .Values.b }}{{ .Values.c }}{{ else }}{{ .Values.d }}{{ end }}",
    ["a", "b", "c", "d"],
  ],
  ["a group with names after it", "{{ (default .Values.a .Values.b).x }}", ["a.x", "b.x"]],
  ["comments and text that look like actions", '{{/* .Values.no */}}{{ "}} .Values.no" }}{{ .Values.a }}', ["a"]],
])("%s", (_what, template, expected) => {
  expect(reads(template)).toEqual(expected);
});

test("a file that is rendered as a template", () => {
  const files = { "files/x.bash": "{{ .Values.inFile }}", "files/raw": "{{ .Values.not }}" };
  expect(reads('{{ tpl (.Files.Get "files/x.bash") . }}{{ .Files.Get "files/raw" }}', files)).toEqual(["inFile"]);
});

test("a template that does not exist is an error, not silence", () => {
  expect(() => reads('{{ include "nobody" . }}')).toThrow("nobody");
});
