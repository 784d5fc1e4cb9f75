# What is wrong with a SARIF log, by the rows of sarif-2.1.0.rows ($rows): one line for each; nothing if it is well.
#   jq -r --rawfile rows tests/report/sarif-2.1.0.rows -f tests/report/sarif.jq LOG
($rows | split("\n") | map(select(length > 0 and (startswith("#") | not)) | split(" ")) |
	map({ object: .[0], property: .[1], type: .[2], must: (.[3] == "must") })) as $table |
def object_rows($name): [$table[] | select(.object == $name)];
def expect($is; $what; $at): if $is then empty else "\($at): found \(tojson | .[0:60]), expected \($what)" end;
def wrong($form; $at):
	if $form == "text" then expect(type == "string"; "a text"; $at)
	elif $form == "flag" then expect(type == "boolean"; "true or false"; $at)
	elif $form == "uri" then expect(type == "string" and (test("[^A-Za-z0-9._~:/?#@!$&'()*+,;=%\\[\\]-]|%(?![0-9A-Fa-f]{2})") | not); "a URI"; $at)
	elif $form == "bag" then expect(type == "object"; "an object"; $at)
	elif $form == "map" then if type != "object" then expect(false; "an object"; $at)
		else to_entries[] | .key as $key | .value | wrong("text"; "\($at).\($key)") end
	elif $form | test("^-?[0-9]+\\.\\.$") then
		expect(type == "number" and floor == . and . >= ($form | rtrimstr("..") | tonumber); "a whole number, \($form)"; $at)
	elif $form | startswith("[") then if type != "array" then expect(false; "an array"; $at)
		else (if ($form | endswith("!")) and length != (unique | length) then "\($at): two items are the same" else empty end),
			(to_entries[] | .key as $key | .value | wrong($form | ltrimstr("[") | rtrimstr("!") | rtrimstr("]"); "\($at)[\($key)]")) end
	elif $form | startswith("{") then if type != "object" then expect(false; "an object"; $at)
		else object_rows($form[1:-1]) as $known | . as $object |
			($known[] | select(.must and (.property as $p | $object | has($p) | not)) | "\($at): \(.property) is missing"),
			($known[] | select(.property == "any") | .type | split("|") | select(map(. as $p | $object | has($p)) | any | not) |
				"\($at): none of \(join(", ")) is there"),
			(to_entries[] | . as $entry | ([$known[] | select(.property == $entry.key and .property != "any")] | first) as $row |
				if $row == null then "\($at): \($entry.key) is not known" else $entry.value | wrong($row.type; "\($at).\($entry.key)") end) end
	else expect(type == "string" and (. as $word | $form | split("|") | index($word) != null); "one of \($form)"; $at) end;
wrong("{log}"; "log")
