{{- /*
Objects are not run through tpl: one that contains braces (an alert's text, a dashboard) must reach the cluster as it was
written. JSON is YAML but for a few characters that JSON may hold as they are, and that YAML refuses or takes for line
breaks; these are escaped.
*/}}
{{- $unescaped := concat (untilStep 127 160 1) (list 65279 65534 65535) }}
{{- range $key, $manifest := .Values.manifests }}
{{- $text := toRawJson $manifest }}
{{- range $character := $unescaped }}
{{- $text = replace (printf "%c" $character) (printf "\\u%04x" $character) $text }}
{{- end }}
---
{{ $text }}
{{- end }}
