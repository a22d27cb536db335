#!/bin/sh
# The command `gramscribe` in the image. Before the daemon starts for the first time its model is downloaded; without a
# connection it says so and what to type, and the daemon itself says what it lacks.
set -eu
if [ "${1:-start}" != start ]; then
  exec node /opt/gramscribe/dist/main.js "$@"
fi
node /opt/gramscribe/dist/setup/setup.mjs --models-only --quiet
# A stop asked of the container is for the daemon, which ends in its own time.
trap 'kill -TERM "$daemon" 2>/dev/null' TERM INT
node /opt/gramscribe/dist/main.js start &
daemon=$!
status=0
wait "$daemon" || status=$?
# The wait ends at a signal too; the daemon's own status comes with its end.
if kill -0 "$daemon" 2>/dev/null; then status=0; wait "$daemon" || status=$?; fi
# 78: only the owner can help. Starting again and again would ask Telegram each time with a session that it refuses.
if [ "$status" -eq 78 ]; then
  # There is no daemon any more that a stop could be for.
  trap - TERM INT
  echo 'gramscribe: waiting; after the fix: docker compose restart gramscribe' >&2
  exec sleep infinity
fi
exit "$status"
