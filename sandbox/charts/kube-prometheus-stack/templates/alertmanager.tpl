{{- if .Values.alertmanager.enabled }}
{{- $name := printf "%s-alertmanager" (include "stack.fullname" .) }}
{{- $spec := omit .Values.alertmanager.alertmanagerSpec "useExistingSecret" }}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ $name }}
  namespace: {{ .Release.Namespace }}
  labels: {{- include "stack.labels" . | nindent 4 }}
---
apiVersion: monitoring.coreos.com/v1
kind: Alertmanager
metadata:
  name: {{ $name }}
  namespace: {{ .Release.Namespace }}
  labels: {{- include "stack.labels" . | nindent 4 }}
spec:
  serviceAccountName: {{ $name }}
  {{- toYaml $spec | nindent 2 }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ $name }}
  namespace: {{ .Release.Namespace }}
  labels: {{- include "stack.labels" . | nindent 4 }}
spec:
  selector: { app.kubernetes.io/name: alertmanager, alertmanager: {{ $name }} }
  ports: [{ name: http-web, port: 9093, targetPort: 9093 }]
{{- end }}
