{{- define "verifier.labels" -}}
app.kubernetes.io/name: verifier
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- define "verifier.secret" -}}
{{ .Values.auth.existingSecret | default (printf "%s-verifier" .Release.Name) }}
{{- end -}}

{{- define "verifier.image" -}}
{{ .Values.image.repository }}{{ with .Values.image.digest }}@{{ . }}{{ else }}:{{ .Values.image.tag | default .Chart.AppVersion }}{{ end }}
{{- end -}}

{{- define "verifier.fromSecret" -}}
valueFrom:
  secretKeyRef:
    name: {{ include "verifier.secret" .root }}
    key: {{ .key }}
{{- end -}}

{{- define "verifier.confined" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities:
  drop: [ALL]
{{- end -}}
