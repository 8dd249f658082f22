#!/bin/sh
# copy.sh: brings the charts' copies up to date, as a chart cannot reach outside its folder. test/helm tells when to.
set -eu
cd "$(dirname "$0")/../../deploy"

cp crds/networking.k8s.aws_*.yaml helm/multi-eni-crds/files/
cp observability/alerts.yaml temporal/setup-namespace.sh helm/multi-eni-controller/files/
