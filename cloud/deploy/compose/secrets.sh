#!/bin/sh
# Makes the secrets that compose.yaml names, once: what is there already stays as it is.
set -eu
cd "$(dirname "$0")"
if [ -e secrets ]; then
    echo "There are secrets already; nothing was changed." >&2
    exit 0
fi
# The folder is closed, the files in it are readable: a container's user is none of this machine's.
umask 077
work=$(mktemp -d ./secrets.XXXXXX)
trap 'rm -rf "$work"' EXIT
random() { od -An -v -tx1 -N"$1" /dev/urandom | tr -d ' \n'; }
postgres=$(random 24)
redis=$(random 24)
printf '%s' "$postgres" >"$work/postgres_password"
printf 'postgresql://devpulse:%s@postgres:5432/devpulse' "$postgres" >"$work/database_url"
printf 'requirepass %s\nappendonly yes\nappendfsync everysec\nmaxmemory 256mb\nmaxmemory-policy noeviction\ndir /data\n' "$redis" >"$work/redis_conf"
printf 'redis://:%s@redis:6379/0' "$redis" >"$work/redis_url"
head -c 32 /dev/urandom | base64 | tr -d '\n' >"$work/service_secret"
random 24 >"$work/operator_token"
chmod 0444 "$work"/*
mv "$work" secrets
trap - EXIT
echo "Made $(pwd)/secrets. Keep a copy of service_secret away from this machine: backups need it."
