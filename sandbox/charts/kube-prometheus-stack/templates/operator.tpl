{{- if .Values.prometheusOperator.enabled }}
{{- $name := printf "%s-operator" (include "stack.fullname" .) }}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ $name }}
  namespace: {{ .Release.Namespace }}
  labels: {{- include "stack.labels" . | nindent 4 }}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $name }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "stack.labels" . | nindent 4 }}
    app: {{ .Chart.Name }}-operator
spec:
  replicas: 1
  selector:
    matchLabels: { app: {{ .Chart.Name }}-operator, release: {{ .Release.Name }} }
  template:
    metadata:
      labels:
        {{- include "stack.labels" . | nindent 8 }}
        app: {{ .Chart.Name }}-operator
    spec:
      serviceAccountName: {{ $name }}
      securityContext: {{- include "stack.podSecurityContext" . | nindent 8 }}
      securityContext: { runAsNonRoot: true, runAsUser: 65534, fsGroup: 65534, seccompProfile: { type: RuntimeDefault } }
      containers:
        - name: {{ .Chart.Name }}
          image: quay.io/prometheus-operator/prometheus-operator:{{ .Chart.AppVersion }}
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }
          ports: [{ name: http, containerPort: 8080 }]
          securityContext: {{- include "stack.containerSecurityContext" . | nindent 12 }}
          resources: {{- toYaml .Values.prometheusOperator.resources | nindent 12 }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ $name }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "stack.labels" . | nindent 4 }}
    app: {{ .Chart.Name }}-operator
spec:
  selector: { app: {{ .Chart.Name }}-operator, release: {{ .Release.Name }} }
  ports: [{ name: http, port: 8080, targetPort: http }]
{{- end }}
