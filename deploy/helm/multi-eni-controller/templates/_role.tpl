{{- /* The Deployment and PodDisruptionBudget of a role, of a list (dict "root" $ "role" NAME "values" VALUES). */}}
{{- define "multi-eni.role" -}}
{{- $labels := dict "root" .root "component" .role }}
{{- $name := printf "%s-%s" (include "multi-eni.name" .root) .role }}
{{- $values := .root.Values }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $name }}
  namespace: {{ .root.Release.Namespace }}
  labels: {{- include "multi-eni.labels" $labels | nindent 4 }}
spec:
  replicas: {{ .values.replicas }}
  selector:
    matchLabels: {{- include "multi-eni.selectorLabels" $labels | nindent 6 }}
  strategy:
    rollingUpdate: { maxSurge: 1, maxUnavailable: 0 }
  template:
    metadata:
      labels:
        {{- with .values.podLabels }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
        {{- include "multi-eni.selectorLabels" $labels | nindent 8 }}
        app.kubernetes.io/part-of: aws-multi-eni-controller
      annotations:
        kubectl.kubernetes.io/default-container: controller
        # A changed setting restarts the pods.
        checksum/config: {{ include (print .root.Template.BasePath "/config.yaml") .root | sha256sum }}
        {{- if $values.temporal.apiKey }}
        checksum/secret: {{ $values.temporal.apiKey | sha256sum }}
        {{- end }}
        {{- if and $values.metrics.annotations (not $values.metrics.serviceMonitor.enabled) }}
        prometheus.io/scrape: 'true'
        prometheus.io/port: '9090'
        {{- end }}
        {{- with .values.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      serviceAccountName: {{ include "multi-eni.serviceAccountName" .root }}
      automountServiceAccountToken: true
      # A Service in this namespace would else add variables, and the program refuses MULTI_ENI_… that it does not know.
      enableServiceLinks: false
      {{- with .values.priorityClassName }}
      priorityClassName: {{ . }}
      {{- end }}
      terminationGracePeriodSeconds: 45
      {{- with $values.image.pullSecrets }}
      imagePullSecrets:
        {{- range . }}
        - name: {{ . }}
        {{- end }}
      {{- end }}
      {{- with .values.nodeSelector }}
      nodeSelector: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .values.tolerations }}
      tolerations: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .values.affinity }}
      affinity: {{- toYaml . | nindent 8 }}
      {{- end }}
      securityContext: {{- include "multi-eni.podSecurityContext" . | nindent 8 }}
      containers:
        - name: controller
          image: {{ include "multi-eni.image" .root | quote }}
          imagePullPolicy: {{ $values.image.pullPolicy }}
          args: [run, --role, {{ .role }}]
          envFrom: {{- include "multi-eni.envFrom" .root | nindent 12 }}
          env:
            - { name: POD_NAME, valueFrom: { fieldRef: { fieldPath: metadata.name } } }
            {{- with $values.extraEnv }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
          ports:
            - { name: health, containerPort: 8081 }
            - { name: metrics, containerPort: 9090 }
          startupProbe:
            httpGet: { path: /livez, port: health }
            periodSeconds: 2
            failureThreshold: 30
          livenessProbe:
            httpGet: { path: /livez, port: health }
            periodSeconds: 10
            timeoutSeconds: 5
            failureThreshold: 6
          readinessProbe:
            httpGet: { path: /readyz, port: health }
            periodSeconds: 5
            timeoutSeconds: 5
            failureThreshold: 3
          {{- with .values.resources }}
          resources: {{- toYaml . | nindent 12 }}
          {{- end }}
          securityContext: {{- include "multi-eni.securityContext" . | nindent 12 }}
          volumeMounts: {{- include "multi-eni.volumeMounts" .root | nindent 12 }}
      volumes: {{- include "multi-eni.volumes" .root | nindent 8 }}
      {{- if .values.topologySpread }}
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels: {{- include "multi-eni.selectorLabels" $labels | nindent 14 }}
      {{- end }}
{{- if and .values.podDisruptionBudget (gt (int .values.replicas) 1) }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ $name }}
  namespace: {{ .root.Release.Namespace }}
  labels: {{- include "multi-eni.labels" $labels | nindent 4 }}
spec:
  minAvailable: 1
  unhealthyPodEvictionPolicy: AlwaysAllow # a controller that is not ready must not hold up the draining of a node
  selector:
    matchLabels: {{- include "multi-eni.selectorLabels" $labels | nindent 6 }}
{{- end }}
{{- end }}
