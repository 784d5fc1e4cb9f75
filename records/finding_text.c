/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * finding_text: a finding as people read it.  The first line is a compiler's, so that an
 * editor jumps to it and grep finds the whole story; below it stand the place in the
 * transaction set, how it is mended, and the names by which others speak of it.
 *
 * Holds: a value that may be personal is not printed unless asked for, and what a terminal
 * would obey is spelled out.
 */
#include "records/records.h"

void text_put_printable(struct buffer *out, struct slice text)
{
	while (text.len > 0) {
		size_t plain = 0;
		while (plain < text.len && (unsigned char)text.ptr[plain] >= 0x20 && (unsigned char)text.ptr[plain] < 0x7f)
			plain++;
		buffer_put(out, text.ptr, plain);
		text.ptr += plain;
		text.len -= plain;
		if (text.len == 0)
			return;
		size_t bytes = utf8_prefix(text, 1);
		const unsigned char *c = (const unsigned char *)text.ptr;
		bool control = bytes == 2 && c[0] == 0xc2 && c[1] < 0xa0; /* U+0080 … U+009F */
		for (size_t i = 0; (bytes == 1 || control) && i < bytes; i++)
			buffer_format(out, "\\x%02x", (unsigned)c[i]);
		if (bytes > 1 && !control)
			buffer_put(out, text.ptr, bytes);
		text.ptr += bytes;
		text.len -= bytes;
	}
}

static void put_number(struct buffer *out, const char *before, uint64_t number)
{
	buffer_text(out, before);
	buffer_number(out, (int64_t)number);
}

/* ", group 3", if there is such a text */
static void put_named(struct buffer *out, const char **between, const char *name, const char *text)
{
	if (text[0] == '\0')
		return;
	buffer_text(out, *between);
	buffer_text(out, name);
	text_put_printable(out, slice_of(text));
	*between = ", ";
}

const char *finding_text(const struct finding *finding)
{
	return finding->says != NULL ? finding->says : finding_kind(finding->code)->text;
}

const char *severity_label(enum severity severity)
{
	if (severity == SEVERITY_REFUSE)
		return "error";
	return "note";
}

void finding_put_designator(struct buffer *out, const struct finding *finding)
{
	const struct place *place = &finding->place;
	text_put_printable(out, slice_of(finding->segment_id));
	if (place->element > 0)
		buffer_format(out, "%02u", (unsigned)place->element);
	if (place->element > 0 && place->component > 0)
		buffer_format(out, "-%02u", (unsigned)place->component);
}

/* An element's code says more than its segment's, which says more than the set's. */
void finding_put_answer(struct buffer *out, const struct finding *finding)
{
	const struct finding_kind *kind = finding_kind(finding->code);
	const struct { const char *code, *name; } codes[] = { { kind->ta1, "TA1 " }, { finding->place.element > 0 ? kind->ik4 : "", "999 IK403 " },
		{ kind->ik3, "999 IK304 " }, { kind->ik5, "999 IK502 " }, { kind->ak9, "999 AK905 " } };
	for (size_t i = 0; i < COUNT_OF(codes); i++) {
		if (codes[i].code[0] == '\0')
			continue;
		buffer_text(out, codes[i].name);
		buffer_text(out, codes[i].code);
		return;
	}
}

/* ": found (hidden), expected P3 or IL" */
static void put_found(struct buffer *out, const struct finding *finding, bool show_values)
{
	const char *between = ": ";
	if (finding->value_len > 0) {
		buffer_text(out, ": found ");
		if (show_values || finding->plain)
			text_put_printable(out, (struct slice){ finding->value, finding->value_len });
		else
			buffer_text(out, "(hidden)");
		between = ", ";
	}
	if (finding->expected[0] != '\0') {
		buffer_text(out, between);
		buffer_text(out, "expected ");
		text_put_printable(out, slice_of(finding->expected));
	}
}

/* "INS03 Maintenance Type Code: ", or less where there is less to say or the text begins with it ("SE01 is not …") */
static void put_subject(struct buffer *out, const struct finding *finding)
{
	const char *id = finding->segment_id, *name = finding->name != NULL ? finding->name : "";
	if (id[0] == '\0' || (finding->place.element > 0 && slice_starts(slice_of(finding_text(finding)), id)))
		return;
	finding_put_designator(out, finding);
	buffer_text(out, name[0] != '\0' ? " " : "");
	text_put_printable(out, slice_of(name));
	buffer_text(out, ": ");
}

void finding_put_sentence(struct buffer *out, const struct finding *finding, bool show_values)
{
	put_subject(out, finding);
	buffer_text(out, finding_text(finding));
	put_found(out, finding, show_values);
}

/* "  at    2000[12]/2100A[1], segment 31 of 834 0001, group 1, interchange 000000007, byte 2093" */
static void put_where(struct buffer *out, const struct finding *finding, bool show_values)
{
	const char *between = "";
	buffer_text(out, "  at    ");
	put_named(out, &between, "", finding->path[0] != '\0' ? finding->path : finding->loop);
	if (show_values)
		put_named(out, &between, "about ", finding->business);
	if (finding->place.repetition > 0) {
		buffer_text(out, between);
		put_number(out, "repetition ", finding->place.repetition);
		between = ", ";
	}
	if (finding->place.segment > 0) {
		buffer_text(out, between);
		put_number(out, "segment ", finding->place.segment);
		between = finding->set_id[0] != '\0' ? " of " : ", ";
	}
	if (finding->set_id[0] != '\0') {
		put_named(out, &between, "", finding->set_id);
		between = " ";
		put_named(out, &between, "", finding->set_control);
		between = ", ";
	}
	put_named(out, &between, "group ", finding->group);
	put_named(out, &between, "interchange ", finding->interchange);
	buffer_text(out, between);
	put_number(out, "byte ", finding->place.offset);
	buffer_char(out, '\n');
}

/* "  code  element-code, SNIP 2, 999 IK403 7, 005010X220A1" */
static void put_names(struct buffer *out, const struct finding *finding)
{
	const struct finding_kind *kind = finding_kind(finding->code);
	buffer_text(out, "  code  ");
	buffer_text(out, kind->name);
	if (finding->rule != NULL) {
		buffer_text(out, ", rule ");
		text_put_printable(out, slice_of(finding->rule));
	}
	put_number(out, ", SNIP ", (uint64_t)finding_level(finding));
	size_t before = out->len;
	buffer_text(out, ", ");
	size_t answer = out->len;
	finding_put_answer(out, finding);
	if (out->len == answer && !out->failed)
		out->len = before;
	if (finding->guide != NULL) {
		buffer_text(out, ", ");
		text_put_printable(out, slice_of(finding->guide));
	}
	buffer_char(out, '\n');
}

struct colours { const char *place, *error, *note, *end; };

static void put_text(struct buffer *out, const struct finding *finding, const char *file, bool show_values, const struct colours *colours)
{
	buffer_text(out, colours->place);
	text_put_printable(out, slice_of(file));
	if (finding->place.line > 0) {
		put_number(out, ":", finding->place.line);
		put_number(out, ":", finding->place.column);
	}
	buffer_text(out, ": ");
	buffer_text(out, colours->end);
	buffer_text(out, finding->severity == SEVERITY_REFUSE ? colours->error : colours->note);
	buffer_text(out, severity_label(finding->severity));
	buffer_text(out, ": ");
	buffer_text(out, colours->end);
	finding_put_sentence(out, finding, show_values);
	buffer_char(out, '\n');
	put_where(out, finding, show_values);
	buffer_text(out, "  mend  ");
	buffer_text(out, finding_kind(finding->code)->mend);
	buffer_char(out, '\n');
	put_names(out, finding);
}

void finding_put_text(struct buffer *out, const struct finding *finding, const char *file, bool show_values)
{
	static const struct colours none = { "", "", "", "" };
	put_text(out, finding, file, show_values, &none);
}

void finding_put_colours(struct buffer *out, const struct finding *finding, const char *file, bool show_values)
{
	static const struct colours terminal = { "\033[1m", "\033[1;31m", "\033[1;36m", "\033[0m" };
	put_text(out, finding, file, show_values, &terminal);
}
