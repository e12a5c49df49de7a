{{- if .Values.prometheus.enabled }}
{{- $name := printf "%s-prometheus" (include "stack.fullname" .) }}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ $name }}
  namespace: {{ .Release.Namespace }}
  labels: {{- include "stack.labels" . | nindent 4 }}
---
{{- $spec := .Values.prometheus.prometheusSpec }}
{{- $given := dict }}
{{- range $key, $value := $spec }}
{{- /* Switches of the chart itself; the rest are fields of the object. */}}
{{- if not (or (hasSuffix "NilUsesHelmValues" $key) (hasPrefix "podAntiAffinity" $key) (eq $key "storageSpec")) }}
{{- $_ := set $given $key $value }}
{{- end }}
{{- end }}
apiVersion: monitoring.coreos.com/v1
kind: Prometheus
metadata:
  name: {{ $name }}
  namespace: {{ .Release.Namespace }}
  labels: {{- include "stack.labels" . | nindent 4 }}
spec:
  serviceAccountName: {{ $name }}
  {{- with $spec.storageSpec }}
  storage: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- range $kind := list "serviceMonitor" "podMonitor" "rule" "probe" "scrapeConfig" }}
  {{- $key := printf "%sSelector" $kind }}
  {{- if not (hasKey $given $key) }}
  {{- if eq (toString (get $spec (printf "%sSelectorNilUsesHelmValues" $kind))) "false" }}
  {{ $key }}: {}
  {{- else }}
  {{ $key }}: { matchLabels: { release: {{ $.Release.Name }} } }
  {{- end }}
  {{- end }}
  {{- end }}
  {{- toYaml $given | nindent 2 }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ $name }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "stack.labels" . | nindent 4 }}
    app: {{ .Chart.Name }}-prometheus
spec:
  selector: { app.kubernetes.io/name: prometheus, operator.prometheus.io/name: {{ $name }} }
  ports: [{ name: http-web, port: 9090, targetPort: 9090 }]
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: {{ $name }}
  namespace: {{ .Release.Namespace }}
  labels: {{- include "stack.labels" . | nindent 4 }}
spec:
  selector: { matchLabels: { app: {{ .Chart.Name }}-prometheus, release: {{ .Release.Name }} } }
  endpoints: [{ port: http-web }]
{{- if .Values.defaultRules.create }}
---
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: {{ include "stack.fullname" . }}-general.rules
  namespace: {{ .Release.Namespace }}
  labels: {{- include "stack.labels" . | nindent 4 }}
spec:
  groups:
    - name: general.rules
      rules: [{ alert: Watchdog, expr: vector(1), labels: { severity: none } }]
{{- end }}
{{- end }}
