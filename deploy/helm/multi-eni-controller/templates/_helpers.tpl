{{- /* What every object's name begins with. */}}
{{- define "multi-eni.name" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride }}
{{- else if contains "multi-eni" .Release.Name }}
{{- .Release.Name | trunc 40 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-multi-eni" (.Release.Name | trunc 30 | trimSuffix "-") }}
{{- end }}
{{- end }}

{{- define "multi-eni.serviceAccountName" -}}
{{- if .Values.serviceAccount.name }}
{{- .Values.serviceAccount.name }}
{{- else if .Values.serviceAccount.create }}
{{- include "multi-eni.name" . }}-controller
{{- else }}
{{- fail "serviceAccount.name is needed where serviceAccount.create is false" }}
{{- end }}
{{- end }}

{{- define "multi-eni.secretName" -}}
{{- if and .Values.temporal.apiKey .Values.temporal.secretName }}
{{- fail "temporal.apiKey makes a Secret, temporal.secretName names one of yours: set one of them" }}
{{- end }}
{{- .Values.temporal.secretName | default (printf "%s-temporal" (include "multi-eni.name" .)) }}
{{- end }}

{{- define "multi-eni.image" -}}
{{- $tag := .Values.image.tag | default .Chart.AppVersion }}
{{- if .Values.image.digest }}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest }}
{{- else }}
{{- printf "%s:%s" .Values.image.repository $tag }}
{{- end }}
{{- end }}

{{- /* What never changes, of a list (dict "root" $ "component" NAME). */}}
{{- define "multi-eni.selectorLabels" -}}
app.kubernetes.io/name: aws-multi-eni-controller
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "multi-eni.labels" -}}
{{ include "multi-eni.selectorLabels" . }}
app.kubernetes.io/part-of: aws-multi-eni-controller
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{- define "multi-eni.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "multi-eni.securityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{- define "multi-eni.envFrom" -}}
- configMapRef: { name: {{ include "multi-eni.name" . }}-config }
# Only where Temporal asks for it: TEMPORAL_API_KEY, or TEMPORAL_TLS_CLIENT_CERT_DATA, TEMPORAL_TLS_CLIENT_KEY_DATA and their like.
- secretRef: { name: {{ include "multi-eni.secretName" . }}, optional: true }
{{- end }}

{{- define "multi-eni.volumeMounts" -}}
- { name: tmp, mountPath: /tmp }
{{- with .Values.temporal.tls }}
{{- if .clientSecretName }}
- { name: temporal-client, mountPath: /etc/temporal/client, readOnly: true }
{{- end }}
{{- if .caSecretName }}
- { name: temporal-ca, mountPath: /etc/temporal/ca, readOnly: true }
{{- end }}
{{- end }}
{{- end }}

{{- define "multi-eni.volumes" -}}
- name: tmp
  emptyDir: { sizeLimit: 64Mi }
{{- with .Values.temporal.tls }}
{{- if .clientSecretName }}
- name: temporal-client
  secret: { secretName: {{ .clientSecretName }} }
{{- end }}
{{- if .caSecretName }}
- name: temporal-ca
  secret: { secretName: {{ .caSecretName }}, items: [{ key: ca.crt, path: ca.crt }] }
{{- end }}
{{- end }}
{{- end }}
