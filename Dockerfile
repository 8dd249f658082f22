# The controller: one image, whose arguments tell the role (run --role all|watcher|worker). How a release is built, with
# its labels: docs/releasing.md. Debian, because Temporal's native core needs glibc: @temporalio/core-bridge ships no
# musl build.
ARG NODE_VERSION=24.21.0

FROM node:${NODE_VERSION}-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=cache,target=/root/.npm npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY src src
# dist/ with the workflow bundle, so that a worker starts without webpack.
RUN npm run build

FROM node:${NODE_VERSION}-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Of the native core's five platforms, 27 MB each, only this one's is kept.
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev \
    && find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 \
         ! -name "$(uname -m)-unknown-linux-gnu" -exec rm -r {} +
# The bill of materials. Its time is the commit's, in seconds, as is the image's: see docs/releasing.md.
ARG SOURCE_DATE_EPOCH
COPY dev/production/sbom.mjs /tmp/
RUN node /tmp/sbom.mjs > sbom.cdx.json

FROM node:${NODE_VERSION}-bookworm-slim
# The AWS and Kubernetes clients need the certificates that Node brings with it; nothing else of the system is used.
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY --from=dependencies /app/sbom.cdx.json ./
COPY --from=build /app/dist dist
COPY package.json LICENSE ./

# 30 % of the container's memory for each of the two heaps, that of the main thread and that of the workflows: else both
# together may take more than there is. Below what is copied, so that a new version alone leaves those layers as they are.
ARG VERSION=0.0.0
ARG REVISION=unknown
ARG CREATED=1970-01-01T00:00:00Z
ARG SOURCE=unknown
LABEL org.opencontainers.image.title="aws-multi-eni-controller" \
      org.opencontainers.image.description="Gives each matching Kubernetes node an AWS Elastic Network Interface" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.source="${SOURCE}"
ENV NODE_ENV=production \
    NODE_USE_ENV_PROXY=1 \
    NODE_OPTIONS="--enable-source-maps --max-old-space-size-percentage=30" \
    MULTI_ENI_BUILD_VERSION=${VERSION} \
    MULTI_ENI_HEALTH_ADDR=0.0.0.0:8081 \
    MULTI_ENI_METRICS_ADDR=0.0.0.0:9090
EXPOSE 8081 9090
STOPSIGNAL SIGTERM
# A number, so that runAsNonRoot can be checked. The root file system may be read-only: nothing is written but to /tmp.
USER 65532:65532
ENTRYPOINT ["node", "dist/main.js"]
CMD ["run", "--role", "all"]
