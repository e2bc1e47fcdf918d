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

{{- define "verifier.ourEnv" -}}
{{- with .Values.redis.prefix }}
- name: VERIFIER_REDIS_PREFIX
  value: {{ . | quote }}
{{- end }}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- /* Changes with the secret, so that a changed one rolls the pods. */ -}}
{{- define "verifier.secretDigest" -}}
{{- if .Values.auth.existingSecret -}}
{{ (lookup "v1" "Secret" .Release.Namespace .Values.auth.existingSecret).data | toJson | sha256sum }}
{{- else -}}
{{ include (print $.Template.BasePath "/secret.yaml") . | sha256sum }}
{{- end -}}
{{- end -}}

{{- define "verifier.confined" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities:
  drop: [ALL]
{{- end -}}
