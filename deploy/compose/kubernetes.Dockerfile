# A kube-apiserver with its etcd in one process (dev/control-plane), and kubectl. For development alone.
ARG GO_VERSION
ARG DEBIAN_VERSION
ARG KUBERNETES_VERSION

FROM golang:${GO_VERSION}-bookworm AS build
WORKDIR /src
COPY dev/control-plane/go.mod dev/control-plane/go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY dev/control-plane ./
# About five minutes on two cores the first time.
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    sh build.sh /kube-control-plane

FROM registry.k8s.io/kubectl:v${KUBERNETES_VERSION} AS kubectl

FROM debian:${DEBIAN_VERSION}-slim
COPY --from=build /kube-control-plane /usr/local/bin/
COPY --from=kubectl /bin/kubectl /usr/local/bin/
# A new volume takes this folder's owner; the controller runs as the same user and reads the kubeconfig in it.
RUN install --directory --owner=65532 --group=65532 --mode=0700 /data
VOLUME /data
USER 65532:65532
ENTRYPOINT []
CMD ["kube-control-plane", "--dir", "/data", "--port", "6443", "--controllers"]
