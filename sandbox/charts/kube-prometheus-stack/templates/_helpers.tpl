{{- define "stack.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{ .Values.fullnameOverride }}
{{- else if contains .Chart.Name .Release.Name -}}
{{ .Release.Name }}
{{- else -}}
{{ printf "%s-%s" .Release.Name .Chart.Name }}
{{- end -}}
{{- end -}}

{{- define "stack.grafana" -}}
{{ .Values.grafana.fullnameOverride | default (printf "%s-grafana" .Release.Name) }}
{{- end -}}

{{- define "stack.labels" -}}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/instance: {{ .Release.Name }}
chart: {{ .Chart.Name }}-{{ .Chart.Version }}
release: {{ .Release.Name }}
heritage: {{ .Release.Service }}
sandbox.cdktf-gke-cilium/stand-in: "true"
{{- end -}}

{{- /* As the real chart has it: passes the Pod Security Standard `restricted`. */}}
{{- define "stack.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: 65534
seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{- define "stack.containerSecurityContext" -}}
allowPrivilegeEscalation: false
capabilities: { drop: [ALL] }
{{- end -}}
