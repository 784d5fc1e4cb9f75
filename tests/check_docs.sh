#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What the documents say is so: their commands run, what they show is printed, links lead somewhere, the manual pages
# know every command and option, every folder has its README.
#   tests/check_docs.sh BUILD
#
# In README.md and docs/*.md:
#   ```sh run         each line is run, in order, in a copy of the tree; a document is one shell.  Status 0 is
#                     expected, or N after a trailing "# exit N".
#   ```text output    lines that the block before printed, in that order, others may stand between them; "…" alone tells
#                     the reader so, and at the end of a line it stands for the rest of it.  Runs of blanks are alike.
build=$(cd "$1" && pwd)
if [ ! -x "$build/pccm" ]; then
	echo "skip docs: $build/pccm is not built"
	exit 0
fi
root=$(pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
verdict() { # STATUS NAME
	if [ "$1" -eq 0 ]; then echo "ok docs: $2"; else echo "not ok docs: $2"; fi
}
documents="README.md $(ls docs/*.md)"

# ---- the commands of a document ----
# blocks are written as NNN.run and NNN.output
split() { # DOCUMENT FOLDER
	awk -v folder="$2" '
		/^```sh run$/ { n++; file = sprintf("%s/%03d.run", folder, n); printf "" > file; next }
		/^```text output$/ { file = sprintf("%s/%03d.output", folder, n); printf "" > file; next }
		/^```/ { file = ""; next }
		file != "" { print > file }' "$1"
}
run_block() { # FILE: prints what it printed; complains on descriptor 3
	while IFS= read -r line <&4; do
		case $line in '' | '#'*) continue ;; esac
		expected=0
		case $line in *'# exit '[0-9]) expected=${line##*# exit } ;; esac
		eval "$line" </dev/null
		status=$?
		[ "$status" -eq "$expected" ] || echo "exit status $status, expected $expected: $line" >&3
	done 4<"$1"
}
compare() { # EXPECTED PRINTED: the first line that is missing
	awk '
		function same(printed, wanted) {
			gsub(/[ \t\r]+/, " ", printed)
			sub(/ $/, "", printed)
			if (wanted ~ / …$/) {
				sub(/ …$/, "", wanted)
				return substr(printed, 1, length(wanted)) == wanted
			}
			return printed == wanted
		}
		NR == FNR { printed[++count] = $0; next }
		{
			gsub(/[ \t]+/, " ")
			sub(/ $/, "")
			if ($0 == "" || $0 == "…") next
			while (++at <= count && !same(printed[at], $0)) continue
			if (at > count) { print "not printed, or not in this order: " $0; exit }
		}' "$2" "$1"
}
run_document() ( # DOCUMENT NAME
	mkdir -p "$work/$2.blocks" "$work/$2/build"
	split "$root/$1" "$work/$2.blocks"
	cd "$work/$2" || exit 3
	for name in "$root"/*; do
		case ${name##*/} in build*) ;; *) ln -s "$name" . ;; esac
	done
	ln -s "$build/pccm" build/pccm
	cp -r "$work/demo" build/demo
	PATH=$build:$PATH
	export PATH
	unset PCCM_STORE PCCM_PROGRAM
	exec 3>"$work/said"
	for block in "$work/$2.blocks"/*.run; do
		[ -f "$block" ] || continue
		run_block "$block" >"$work/printed" 2>&1
		expected=${block%.run}.output
		[ -f "$expected" ] && compare "$expected" "$work/printed" >&3
	done
	exec 3>&-
	[ ! -s "$work/said" ]
)
mkdir "$work/first" && ln -s "$build/pccm" "$work/first/pccm"
sh samples/demo.sh "$work/first" >/dev/null 2>&1 && mv "$work/first/demo" "$work/demo"
verdict $? "the demo runs, for the documents to look at"
for document in $documents; do
	grep -q '^```sh run$' "$document" || continue
	run_document "$document" "$(basename "$document" .md)"
	status=$?
	[ $status -eq 0 ] || sed "s|^|$document: |" "$work/said"
	verdict $status "the commands of $document do what it says"
done

# ---- links ----
dead=0
for document in $documents $(ls -d ./*/README.md); do
	folder=$(dirname "$document")
	for target in $(grep -o '](\([^)#]*\)[^)]*)' "$document" | sed 's/^](//; s/[#)].*$//'); do
		case $target in http:* | https:* | mailto:*) continue ;; esac
		[ -e "$folder/$target" ] || { dead=1; echo "$document: no such file: $target"; }
	done
done
verdict $dead "every relative link leads to a file"

# ---- manual pages ----
plain() { # PAGE: without escapes
	sed 's/\\-/-/g; s/\\f[A-Z]//g' "$1"
}
silent=0
commands=$("$build/pccm" --help | sed -n 's/^  \([a-z]*\)  *.*/\1/p')
[ -n "$commands" ] || silent=1
for command in $commands; do
	page=docs/man/pccm-$command.1
	plain docs/man/pccm.1 | grep -q "pccm-$command (1)" || { silent=1; echo "docs/man/pccm.1 does not name pccm-$command (1)"; }
	[ -f "$page" ] || { silent=1; echo "$page is missing"; continue; }
	for option in $("$build/pccm" "$command" --help | sed -n 's/^  \(--[a-z0-9-]*\).*/\1/p'); do
		plain "$page" | grep -q "^$option\( \|\$\)" || { silent=1; echo "$page does not describe $option"; }
	done
	for option in $(plain "$page" | sed -n 's/^\(--[a-z0-9-]*\).*/\1/p'); do
		"$build/pccm" "$command" --help | grep -q "^  $option " || { silent=1; echo "$page describes $option, which pccm $command has not got"; }
	done
done
verdict $silent "the manual pages describe every command and its options, and no others"
if command -v groff >/dev/null 2>&1; then
	for page in docs/man/*.1; do
		groff -man -ww -z -K utf8 "$page" 2>&1
	done >"$work/said"
	cat "$work/said"
	[ ! -s "$work/said" ]
	verdict $? "groff formats the manual pages without a warning"
else
	echo "skip docs: manual pages are not formatted: groff is not installed"
fi

# ---- READMEs ----
bare=0
for folder in */; do
	case $folder in build*) continue ;; esac
	[ -f "${folder}README.md" ] || { bare=1; echo "$folder has no README.md"; }
done
verdict $bare "every folder has a README"
bare=0
for document in docs/*.md; do
	[ "$document" = docs/README.md ] && continue
	grep -q "$document" README.md && grep -q "\`${document#docs/}\`" docs/README.md || { bare=1; echo "README.md and docs/README.md do not both name $document"; }
done
verdict $bare "every document has its line where one looks for it"
bare=0
for source in base/*.c records/*.c guides/*.c parsers/*.c generators/*.c rules/*.c store/*.c exchange/*.c cli/*.c; do
	grep -q "\`${source##*/}\`" "${source%/*}/README.md" || { bare=1; echo "${source%/*}/README.md does not name ${source##*/}"; }
done
verdict $bare "every source file has its line in the README of its folder"
