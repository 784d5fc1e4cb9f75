#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Run a command beside a PostgreSQL of its own: in a temporary folder, on a UNIX socket there, without TCP; it is stopped
# and gone when the command ends, and on Ctrl-C.  The command finds it in PCCM_TEST_POSTGRES (a URL of a database
# where each store of a test has a schema; tests/store.sh) and says "skip" if that is empty.
#   tests/postgres.sh COMMAND [WORD...]
# A bare Debian gets postgresql-15 by `make packages-test`; the cluster that Debian makes is not used.
PCCM_TEST_POSTGRES=
export PCCM_TEST_POSTGRES
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
[ -x "$bin/initdb" ] || exec "$@"

home=$(mktemp -d /tmp/pccm-postgres-XXXXXX)
as=
if [ "$(id -u)" = 0 ]; then
	# the server refuses to be root
	user=postgres
	id -u "$user" >/dev/null 2>&1 || user=nobody
	chown "$user" "$home"
	as="setpriv --reuid=$(id -u "$user") --regid=$(id -g "$user") --clear-groups"
fi
stop() {
	trap '' INT TERM HUP
	[ -z "$child" ] || kill "$child" 2>/dev/null
	# shellcheck disable=SC2086
	(cd "$home" && $as "$bin/pg_ctl" -D "$home/data" -m immediate stop >/dev/null 2>&1)
	rm -rf "$home"
}
child=
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
# Nothing here outlives the test: what a crash of the machine would lose may be lost, so no sync.
# shellcheck disable=SC2086
if (cd "$home" && $as "$bin/initdb" -D data -U pccm --auth=trust --encoding=SQL_ASCII --locale=C --no-sync >initdb.log 2>&1 &&
	$as "$bin/pg_ctl" -D data -w -t 60 -l server.log -o "-c listen_addresses='' -c unix_socket_directories='$home' -c fsync=off \
		-c full_page_writes=off -c max_connections=40 -c shared_buffers=64MB -c max_locks_per_transaction=1024" start >start.log 2>&1); then
	PCCM_TEST_POSTGRES="postgresql://pccm@/postgres?host=$home"
else
	echo "postgres: the server did not start:" >&2
	tail -5 "$home"/*.log >&2
fi
# in the background, so that a signal is heard while it runs
"$@" &
child=$!
wait "$child"
status=$?
child=
exit $status
