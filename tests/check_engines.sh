#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# One behaviour on SQLite and PostgreSQL: the same bytes written, the same words printed, the same sums of every table;
# `pccm store copy` both ways; what a database may not be.
#   tests/check_engines.sh BUILD
pccm=$1/pccm
suite=engines
PCCM_TEST_STORE=postgres
. tests/money.sh
[ -x "$pccm" ] || { echo "skip engines: $pccm is not built"; exit 0; }
on_postgres || { echo "skip engines: no PostgreSQL (run by tests/postgres.sh, which wants postgresql-15)"; exit 0; }
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

month() { # WORLD STORE MONTH: its documents and its screen
	"$pccm" run --show-values --store "$2" --in "samples/$3" --out "$work/$1/$3" --month "$3" >"$work/$1/$3.screen" 2>&1
	[ $? -le 1 ] && sed -i "s#$work/$1#WORLD#" "$work/$1/$3.screen"
}
mkdir "$work/sqlite" "$work/postgres"
file=sqlite:$work/s.db
database=$(store_url "$work/p.db")
same=0
for name in 2010-01 2010-02 2010-03; do
	month sqlite "$file" $name && month postgres "$database" $name || { same=1; cat "$work"/*/$name.screen; }
done
for member in 001234699 001234574 001234749 001234780; do
	"$pccm" explain --show-values --store "$file" $member >"$work/sqlite/$member" 2>&1 || same=1
	"$pccm" explain --show-values --store "$database" $member >"$work/postgres/$member" 2>&1 || same=1
done
count=$(find "$work/sqlite" -type f | wc -l)
diff -r "$work/sqlite" "$work/postgres" && [ $same -eq 0 ] && [ "$count" -gt 100 ]
verdict $? "three months and four members explained: the same $count files, byte for byte"

# the sums of `store verify` are of whole tables, ids and all
"$pccm" store verify "$file" >"$work/sums" 2>&1 && "$pccm" store verify "$database" >"$work/sums.there" 2>&1 && cmp "$work/sums" "$work/sums.there" &&
	[ "$(wc -l <"$work/sums")" -gt 20 ]
verdict $? "every row of every table is the same on both"

other=$(store_url "$work/other.db")
"$pccm" store copy "$file" "$other" >"$work/said" 2>&1 && "$pccm" store copy "$other" "sqlite:$work/back.db" >"$work/said.back" 2>&1 &&
	cmp "$work/said" "$work/said.back" && sqlite3 "$work/s.db" .dump >"$work/a" && sqlite3 "$work/back.db" .dump >"$work/b" && cmp "$work/a" "$work/b"
verdict $? "a store copied to PostgreSQL and back is the store that it was"
"$pccm" remit --store "$other" --date 2010-12-31 --month 2010-02 --out "$work/paid" >"$work/said" 2>&1 && diff -r "$work/paid" "$work/sqlite/2010-02/remittances"
verdict $? "... and works: a paid month is fetched again, byte for byte"
"$pccm" store copy "$file" "$other" >"$work/out" 2>"$work/said"
[ $? -eq 3 ] && grep -q 'is not empty' "$work/said" && [ ! -s "$work/out" ]
verdict $? "a store that holds something is not copied into"

refused() { # NAME PATTERN COMMAND …: exit status 3 and one sentence
	name=$1
	pattern=$2
	shift 2
	"$@" >"$work/out" 2>"$work/said"
	status=$?
	[ $status -eq 3 ] && grep -q "$pattern" "$work/said" && [ "$(wc -l <"$work/said")" -eq 1 ] || { echo "exit status $status: $(cat "$work/said")"; false; }
	verdict $? "$name: exit status 3 and one sentence"
}
ask() { # FILE SQL
	schema=$(cat "$1.schema")
	PGOPTIONS="-c search_path=$schema -c client_min_messages=error" psql -qAtX "$PCCM_TEST_POSTGRES" -c "$2"
}
load=samples/2010-01/2010-01-05-834-change.x12
refused "an empty schema is no store to read from" "is empty" "$pccm" explain --store "$(store_url "$work/none.db")" 001234574
store_url "$work/recipes.db" >/dev/null
ask "$work/recipes.db" 'CREATE TABLE recipe (name text)'
refused "a database of another program" "another program" "$pccm" load --store "$(store_url "$work/recipes.db")" $load
[ "$(ask "$work/recipes.db" "SELECT count(*) FROM pg_class WHERE relnamespace = current_schema()::regnamespace")" = 1 ]
verdict $? "... is left as it is"
ask "$work/other.db" 'UPDATE pccm_store SET version = 99'
refused "a store of a newer version" "newer than this program" "$pccm" load --store "$other" $load
refused "a schema that is not there" "names no schema" "$pccm" load --store "$PCCM_TEST_POSTGRES&options=-csearch_path%3Dabsent" $load
refused "a database that is not there" "cannot be reached" "$pccm" load --store "postgresql://pccm@/absent?host=${PCCM_TEST_POSTGRES#*host=}" $load
refused "a server that is not there, and the password is not shown" "postgresql://pccm:@/x?host=$work.*cannot be reached" \
	"$pccm" load --store "postgresql://pccm:hunter2@/x?host=$work" $load
psql -qX "$PCCM_TEST_POSTGRES" -c "SET client_min_messages = error" -c "DROP DATABASE IF EXISTS letters" -c "CREATE DATABASE letters ENCODING 'UTF8' TEMPLATE template0"
refused "a database of an encoding that would change texts" "SQL_ASCII" "$pccm" load --store "postgresql://pccm@/letters?host=${PCCM_TEST_POSTGRES#*host=}" $load
refused "a store that may only be read" "read-only" "$pccm" load --store "$database%20-cdefault_transaction_read_only%3Don" $load

# what a server may say in the middle of a load, by its code: the same sentences as on SQLite, and nothing is left behind
ill=$(store_url "$work/ill.db")
"$pccm" providers --store "$ill" --date 2009-12-21 samples/2010-01/2009-12-21-billing.csv >"$work/said" 2>&1
while read -r code pattern; do
	ask "$work/ill.db" "CREATE OR REPLACE FUNCTION ill () RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''it is so'' USING ERRCODE = ''$code''; END';
		CREATE OR REPLACE TRIGGER ill BEFORE INSERT ON span FOR EACH ROW EXECUTE FUNCTION ill ()"
	refused "$pattern ($code)" "$pattern" "$pccm" load --store "$ill" --date 2010-01-05 --out "$work/acks" $load
done <<'CODES'
53100 the disk is full: the store .* cannot grow
55P03 is locked by another process
40P01 is locked by another process
XX001 is damaged: it is so
58030 could not be read or written: it is so
57P01 cannot be reached: it is so
23505 refused a row: it is so
22021 refused a row: it is so
XX000 failed: it is so
CODES
ask "$work/ill.db" "DROP TRIGGER ill ON span"
[ "$(ask "$work/ill.db" "SELECT (SELECT count(*) FROM member) + (SELECT count(*) FROM interchange)")" = 0 ] && [ -z "$(ls "$work/acks")" ] &&
	"$pccm" load --quiet --store "$ill" --date 2010-01-05 --out "$work/acks" $load >"$work/said" 2>&1
[ $? -le 1 ] && [ "$(ask "$work/ill.db" "SELECT count(*) > 0 FROM member")" = t ]
verdict $? "... nothing of them is left, and the next load goes on"

# who owns the tables, who works, who looks (docs/operations.md)
as() { echo "$1" | sed "s#//pccm@#//$2@#"; }
books=$(store_url "$work/books.db")
schema=$(cat "$work/books.db.schema")
psql -qX "$PCCM_TEST_POSTGRES" -c "SET client_min_messages = error" -c "DROP ROLE IF EXISTS engines_owner, engines_daily, engines_auditor" \
	-c "CREATE ROLE engines_owner LOGIN" -c "CREATE ROLE engines_daily LOGIN" -c "CREATE ROLE engines_auditor LOGIN" \
	-c "ALTER SCHEMA $schema OWNER TO engines_owner" -c "GRANT USAGE ON SCHEMA $schema TO engines_daily, engines_auditor" \
	-c "ALTER DEFAULT PRIVILEGES FOR ROLE engines_owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO engines_daily" \
	-c "ALTER DEFAULT PRIVILEGES FOR ROLE engines_owner GRANT SELECT ON TABLES TO engines_auditor"
"$pccm" providers --store "$(as "$books" engines_owner)" --date 2009-12-21 samples/2010-01/2009-12-21-billing.csv >"$work/said" 2>&1 &&
	"$pccm" run --quiet --store "$(as "$books" engines_daily)" --in samples/2010-01 --out "$work/daily" --month 2010-01 >"$work/said" 2>&1
[ $? -le 1 ] && diff -r "$work/daily/remittances" "$work/sqlite/2010-01/remittances" || { cat "$work/said"; false; }
verdict $? "a role that owns nothing does a month's work"
ask_as() { PGOPTIONS="-c search_path=$schema" psql -qAtX "$(as "$PCCM_TEST_POSTGRES" "$1")" -c "$2"; }
ask_as engines_daily "ALTER TABLE posting DISABLE TRIGGER posting_update" >"$work/said" 2>&1
[ $? -ne 0 ] && grep -q 'must be owner' "$work/said"
verdict $? "... and cannot switch the triggers of the ledger off"
"$pccm" explain --store "$(as "$books" engines_auditor)" 001234574 >"$work/said" 2>&1
verdict $? "a role that may only read explains"
refused "a role that may only read" "read-only" "$pccm" load --store "$(as "$books" engines_auditor)" --date 2010-04-05 $load
psql -qX "$PCCM_TEST_POSTGRES" -c "DROP SCHEMA $schema CASCADE" -c "SET client_min_messages = error" \
	-c "DROP OWNED BY engines_owner, engines_daily, engines_auditor" -c "DROP ROLE engines_owner, engines_daily, engines_auditor" 2>/dev/null

# a writer that does not end: the next one waits a little
(ask "$work/p.db" "BEGIN; SELECT pg_advisory_xact_lock(1346585421, (SELECT oid::integer FROM pg_namespace WHERE nspname = current_schema()));
	SELECT pg_sleep(9)" >/dev/null 2>&1) &
locker=$!
sleep 0.5
refused "a store that another program writes to" "is locked by another process" "$pccm" load --store "$database" --date 2010-04-05 $load
"$pccm" explain --store "$database" 001234574 >"$work/said" 2>&1
verdict $? "... can be read meanwhile"
wait $locker
for statement in "UPDATE posting SET amount = 1" "DELETE FROM payment" "DELETE FROM payment_line" "TRUNCATE posting"; do
	ask "$work/p.db" "$statement" >"$work/said" 2>&1 && echo "done: $statement"
	grep -q 'are never' "$work/said" || { cat "$work/said"; false; }
	verdict $? "RET-1: the database refuses: $statement"
done
