{{- if .Values.kubeStateMetrics.enabled }}
{{- $name := printf "%s-kube-state-metrics" .Release.Name }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $name }}
  namespace: {{ .Release.Namespace }}
  labels: {{- include "stack.labels" . | nindent 4 }}
spec:
  replicas: 1
  selector:
    matchLabels: { app.kubernetes.io/name: kube-state-metrics, app.kubernetes.io/instance: {{ .Release.Name }} }
  template:
    metadata:
      labels: { app.kubernetes.io/name: kube-state-metrics, app.kubernetes.io/instance: {{ .Release.Name }} }
    spec:
      securityContext: {{- include "stack.podSecurityContext" . | nindent 8 }}
      securityContext: { runAsNonRoot: true, runAsUser: 65534, fsGroup: 65534, seccompProfile: { type: RuntimeDefault } }
      containers:
        - name: kube-state-metrics
          image: registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.17.0
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }
          securityContext: {{- include "stack.containerSecurityContext" . | nindent 12 }}
---
{{- end }}
{{- if .Values.nodeExporter.enabled }}
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: {{ .Release.Name }}-prometheus-node-exporter
  namespace: {{ .Release.Namespace }}
  labels: {{- include "stack.labels" . | nindent 4 }}
spec:
  selector:
    matchLabels: { app.kubernetes.io/name: prometheus-node-exporter, app.kubernetes.io/instance: {{ .Release.Name }} }
  template:
    metadata:
      labels: { app.kubernetes.io/name: prometheus-node-exporter, app.kubernetes.io/instance: {{ .Release.Name }} }
    spec:
      hostNetwork: true
      tolerations: [{ effect: NoSchedule, operator: Exists }]
      containers:
        - name: node-exporter
          image: quay.io/prometheus/node-exporter:v1.10.2
{{- end }}
