{{- if .Values.grafana.enabled }}
{{- $name := include "stack.grafana" . }}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ $name }}
  namespace: {{ .Release.Namespace }}
  labels: {{- include "stack.labels" . | nindent 4 }}
---
{{- if .Values.grafana.persistence.enabled }}
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: {{ $name }}
  namespace: {{ .Release.Namespace }}
  labels: {{- include "stack.labels" . | nindent 4 }}
spec:
  accessModes: [ReadWriteOnce]
  resources: { requests: { storage: {{ .Values.grafana.persistence.size }} } }
---
{{- end }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $name }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "stack.labels" . | nindent 4 }}
    app.kubernetes.io/name: grafana
spec:
  replicas: 1
  selector:
    matchLabels: { app.kubernetes.io/name: grafana, app.kubernetes.io/instance: {{ .Release.Name }} }
  template:
    metadata:
      labels: { app.kubernetes.io/name: grafana, app.kubernetes.io/instance: {{ .Release.Name }} }
    spec:
      serviceAccountName: {{ $name }}
      securityContext: {{- include "stack.podSecurityContext" . | nindent 8 }}
      securityContext: { runAsNonRoot: true, runAsUser: 472, fsGroup: 472, seccompProfile: { type: RuntimeDefault } }
      containers:
        - name: grafana
          image: docker.io/grafana/grafana:12.3.0
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }
          ports: [{ name: grafana, containerPort: 3000 }]
          securityContext: {{- include "stack.containerSecurityContext" . | nindent 12 }}
          resources: {{- toYaml .Values.grafana.resources | nindent 12 }}
      {{- if .Values.grafana.persistence.enabled }}
      volumes: [{ name: storage, persistentVolumeClaim: { claimName: {{ $name }} } }]
      {{- end }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ $name }}
  namespace: {{ .Release.Namespace }}
  labels: {{- include "stack.labels" . | nindent 4 }}
spec:
  selector: { app.kubernetes.io/name: grafana, app.kubernetes.io/instance: {{ .Release.Name }} }
  ports: [{ name: http-web, port: {{ .Values.grafana.service.port }}, targetPort: grafana }]
{{- end }}
