# Where the stores of a test lie, sourced by tests/check_*.sh.  A test names each by a file; it is that file, unless
# PCCM_TEST_STORE is "postgres": then it is a schema of the server beside which tests/postgres.sh runs the test.
#   $pccm   the program
# A schema belongs to a file FILE.schema, which holds its name: a file that is gone, or not yet there, means a new store.
on_postgres() { [ "$PCCM_TEST_STORE" = postgres ] && [ -n "$PCCM_TEST_POSTGRES" ]; }

store_url() { # FILE: what --store is given
	on_postgres || { echo "sqlite:$1"; return; }
	if [ ! -e "$1.schema" ]; then
		name=s$(echo "$1 $$" | sha256sum | cut -c1-20)
		mkdir -p "$(dirname "$1")"
		psql -qX "$PCCM_TEST_POSTGRES" -c "SET client_min_messages = error; DROP SCHEMA IF EXISTS $name CASCADE; CREATE SCHEMA $name" >&2
		echo "$name" >"$1.schema"
	fi
	echo "$PCCM_TEST_POSTGRES&options=-csearch_path%3D$(cat "$1.schema")"
}

# What sqlite3 can be asked: the file, or a copy of what is in the database now.
store_file() { # FILE
	on_postgres || { echo "$1"; return; }
	rm -f "$1.asked" "$1.asked-wal" "$1.asked-shm"
	"$pccm" store copy "$(store_url "$1")" "sqlite:$1.asked" >"$1.said" 2>&1 || cat "$1.said" >&2
	echo "$1.asked"
}

store_again() { # FILE OTHER: another store that holds the same
	on_postgres || { cp "$1" "$2"; return; }
	"$pccm" store copy "$(store_url "$1")" "$(store_url "$2")" >"$2.said" || cat "$2.said" >&2
}

store_whole() { # FILE
	if on_postgres; then
		"$pccm" store verify "$(store_url "$1")" >"$1.said" 2>&1 || { cat "$1.said"; return 1; }
	else
		[ "$(sqlite3 "$1" 'PRAGMA integrity_check; PRAGMA foreign_key_check')" = ok ]
	fi
}
