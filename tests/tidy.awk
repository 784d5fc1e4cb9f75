# SPDX-License-Identifier: Apache-2.0
# What tests/tidy.sh asks of each file.  Prints "RULE FILE:LINE: what", one a line; nothing if all is well.
# Variables: rule files come first on the command line: kind=layers tests/layers.txt, kind=exceptions
# tests/tidy-exceptions.txt, then kind=source (C), kind=text (everything else).
function say(rule, what) { print rule " " FILENAME ":" FNR ": " what }
function end_of_file() {
	if (last == "" || last_kind == "layers" || last_kind == "exceptions")
		return
	if (lines > 1000 && !((last "/length") in excused))
		print "length " last ":" lines ": found " lines " lines, expected at most 1000"
	if (!licensed && last ~ /\.(c|h|def|xml|rng)$/)
		print "licence " last ":1: no SPDX line"
}
# Take comments out of a line of C; string literals go to `strings`, and out of the code that is returned.
function code_of(line,    out, c, i, n) {
	out = strings = ""
	n = length(line)
	for (i = 1; i <= n; i++) {
		c = substr(line, i, 1)
		if (in_comment) {
			if (substr(line, i, 2) == "*/") { in_comment = 0; i++ }
		} else if (in_string) {
			if (c == "\\") { strings = strings substr(line, i, 2); i++ }
			else if (c == "\"") { in_string = 0; strings = strings "\n" }
			else strings = strings c
		} else if (substr(line, i, 2) == "/*") { in_comment = 1; i++ }
		else if (substr(line, i, 2) == "//") break
		else if (c == "'") {
			i += substr(line, i + 1, 1) == "\\" ? 2 : 1
			while (i < n && substr(line, i, 1) != "'") i++
		} else if (c == "\"") in_string = 1
		else out = out c
	}
	in_string = 0
	return out
}
FNR == 1 {
	end_of_file()
	last = FILENAME; last_kind = kind; licensed = in_comment = 0; begun = 0
	layer = FILENAME; sub(/\/.*/, "", layer)
}
{ lines = FNR }
kind == "layers" && NF > 0 && !/^#/ { layers[$1] = 1; sees[$1, $1] = 1; for (i = 2; i <= NF; i++) sees[$1, $i] = 1; next }
kind == "exceptions" { if (NF > 0 && !/^#/) { if (NF < 3) say("exceptions", "an exception needs its reason"); excused[$1] = 1 } next }
/SPDX-License-Identifier: Apache-2.0/ { licensed = 1 }
/[ \t]$/ && FILENAME !~ /\.(edi|out|err|x12|txt|csv)$/ { say("blanks", "blanks at the end of the line") }
/(^|[^A-Za-z0-9_.\/])\/(work|root|home)\// && FILENAME !~ /^tests\/tidy\./ { say("paths", "a path of one machine") }
/(^|[^A-Za-z])(TODO|FIXME|XXX|HACK)([^A-Za-z0-9]|$)/ && FILENAME !~ /^tests\/tidy\./ { say("marks", "unfinished work is an issue, not a mark in the text") }
kind != "source" { next }
/^#include "/ {
	split($2, part, "[\"/]")
	if ((layer in layers) && (part[2] in layers) && !((layer, part[2]) in sees))
		say("layers", layer " may not see " part[2])
	if ((layer in layers) && $2 ~ /^"tests\//) say("layers", layer " may not see tests")
	if (!((layer in layers)) && layer != "tests") say("layers", layer " is not in tests/layers.txt")
	if ((layer in layers) && $2 ~ /\.h"$/ && $2 !~ /\//) say("layers", "includes go from the root: \"" layer "/…\"")
	next
}
{
	line = $0
	code = code_of($0)
	if (code ~ /(^|[^a-zA-Z0-9_])(double|float|long double)([^a-zA-Z0-9_]|$)/ && !((FILENAME "/float") in excused))
		say("floats", "money and days are whole numbers")
	said = strings
	gsub(/standard error/, "", said)
	if (said ~ /^error\n/) sub(/^error/, "", said) # alone it is a label: the word that editors know
	if ((layer in layers) && said ~ /(^|[^a-z_])(bad|illegal|unknown|invalid input|unable to|please|error)([^a-z_]|$)/)
		say("words", "a message says what was found and what was expected: " line)
	if (line ~ /^[a-zA-Z_].*\(/ && line !~ /;[ \t]*$/) {
		head = line
		sub(/\(.*/, "", head)
		sub(/.*[^a-zA-Z0-9_]/, "", head)
	}
	if (line ~ /^\{/) begun = FNR
	if (line ~ /^\}/ && begun) {
		if (FNR - begun - 1 > 70 && !((FILENAME "/" head) in excused))
			say("functions", head " has " (FNR - begun - 1) " lines, expected at most 70")
		begun = 0
	}
}
END { end_of_file() }
