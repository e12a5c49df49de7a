{{- /* Not tpl: an object that contains {{ }} (an alert's text, a dashboard) must reach the cluster as it was written. */}}
{{- range $key, $manifest := .Values.manifests }}
---
{{ $manifest | toRawJson }}
{{- end }}
