#!/bin/sh
# Creates Temporal's two databases in PostgreSQL and brings their schemas to the version of this image.
# Safe to run again: what is there stays, and only the missing versions are applied.
#
# POSTGRES_HOST, POSTGRES_PORT (5432), POSTGRES_USER, SQL_PASSWORD; needs temporal-sql-tool (temporalio/admin-tools)
set -eu

: "${POSTGRES_HOST:?}" "${POSTGRES_USER:?}" "${SQL_PASSWORD:?}"
schemas=${TEMPORAL_SCHEMA_DIR:-/etc/temporal/schema/postgresql/v12}

sql() {
  temporal-sql-tool --plugin postgres12 --endpoint "$POSTGRES_HOST" --port "${POSTGRES_PORT:-5432}" \
    --user "$POSTGRES_USER" "$@"
}

# set_up DATABASE SCHEMA
set_up() {
  echo "database $1 …"
  sql --database "$1" create-database
  sql --database "$1" setup-schema --version 0.0
  sql --database "$1" update-schema --schema-dir "$schemas/$2/versioned"
}

set_up temporal temporal
set_up temporal_visibility visibility
echo 'the schemas are up to date'
