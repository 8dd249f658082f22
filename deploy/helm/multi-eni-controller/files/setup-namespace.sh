#!/bin/sh
# Creates the Temporal namespace and registers the controller's search attributes in it. Safe to run again.
#
# TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, and whatever else the temporal CLI reads (TEMPORAL_API_KEY, TEMPORAL_TLS_*);
# needs the temporal CLI (temporalio/admin-tools). RETENTION (7d) is of the closed workflows, in a new namespace.
set -eu

: "${TEMPORAL_ADDRESS:?}" "${TEMPORAL_NAMESPACE:?}"
export TEMPORAL_ADDRESS

# All of the type Keyword; test/deploy checks that src/contract/search-attributes.ts has the same.
SEARCH_ATTRIBUTES='NodeEniName NodeName NodeEniPhase EniId InstanceId'

# retry WHAT COMMAND…: for a minute, as the server may be starting; the last output is shown when it never succeeds.
retry() {
  what=$1
  shift
  attempt=1
  until output=$("$@" 2>&1); do
    if [ "$attempt" -ge 30 ]; then
      echo "$what failed: $output" >&2
      exit 1
    fi
    attempt=$((attempt + 1))
    sleep 2
  done
  echo "$what: done"
}

namespace() {
  temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1 ||
    temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "${RETENTION:-7d}"
}

search_attributes() {
  registered=$(temporal operator search-attribute list --namespace "$TEMPORAL_NAMESPACE") || return 1
  for name in $SEARCH_ATTRIBUTES; do
    # One call each: given several names, temporal 1.9.1 registers the first and reports success.
    echo "$registered" | grep -qw "$name" ||
      temporal operator search-attribute create --namespace "$TEMPORAL_NAMESPACE" --type Keyword --name "$name" ||
      return 1
  done
}

retry 'Temporal answers' temporal operator cluster health
retry "namespace $TEMPORAL_NAMESPACE" namespace
retry 'search attributes' search_attributes
