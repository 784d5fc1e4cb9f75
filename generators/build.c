/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * build: the pieces of a JSON or XML document become the X12 that they tell.
 *
 * Each segment is put together in `segment` and written when it closes.  A segment of which
 * nothing is left out comes out byte for byte as it was shown.  What may be left out is
 * computed: the counts and control numbers of SE, GE and IEA, or the whole trailer; the
 * blanks that fill an element of ISA.
 *
 * Holds: no byte of a value is one of the interchange's delimiters or a line end, so that
 * what is written reads as the same segments; ISA apart, whose elements name them.
 */
#include "generators/build.h"

static bool fault(struct builder *builder, const struct piece *piece, const char *text)
{
	return document_fault(builder->fault, piece->line, piece->column, "%s", text);
}

struct builder *builder_new(struct buffer *out, struct document_fault *told)
{
	struct builder *builder = calloc(1, sizeof(*builder));
	if (builder == NULL)
		return NULL;
	builder->out = out;
	builder->fault = told;
	buffer_init(&builder->segment, LIMIT_SEGMENT_BYTES);
	buffer_init(&builder->value, LIMIT_DOCUMENT_TEXT_BYTES);
	buffer_init(&builder->as_sent, LIMIT_DOCUMENT_TEXT_BYTES);
	return builder;
}

void builder_free(struct builder *builder)
{
	if (builder == NULL)
		return;
	buffer_done(&builder->segment);
	buffer_done(&builder->value);
	buffer_done(&builder->as_sent);
	free(builder);
}

bool builder_failed(const struct builder *builder)
{
	return builder->out->failed;
}

/* ---- values ---- */

/* A value in the bytes that it stands for. */
static bool value_of(struct builder *builder, const struct piece *piece, enum piece_key key, struct slice *out)
{
	struct slice text = piece->values[key], encoding = piece->values[PIECE_ENCODING];
	if (piece->values[PIECE_HIDDEN].ptr != NULL && !slice_is(piece->values[PIECE_HIDDEN], "no"))
		return fault(builder, piece, "this value is hidden: build needs a document that pccm show --show-values made");
	if (text.ptr == NULL)
		return fault(builder, piece, "a value is missing");
	*out = text;
	if (encoding.ptr == NULL)
		return true;
	buffer_reset(&builder->value);
	if (slice_is(encoding, "hex")) {
		if (!bytes_of_hex(&builder->value, text))
			return fault(builder, piece, "encoding hex: expected pairs of hexadecimal digits");
	} else if (slice_is(encoding, "latin1")) {
		if (!bytes_of_latin1(&builder->value, text))
			return fault(builder, piece, "encoding latin1: expected characters up to U+00FF");
	} else {
		return fault(builder, piece, "encoding: expected hex or latin1");
	}
	*out = buffer_view(&builder->value);
	return true;
}

/* ---- segments ---- */

static void flush_line_end(struct builder *builder)
{
	if (builder->line_end_due)
		buffer_slice(builder->out, builder->line_end);
	builder->line_end_due = false;
}

/* The segment's bytes with line ends where `breaks` says: "17:LF 97:CRLF". */
static void segment_write(struct builder *builder)
{
	struct slice bytes = buffer_view(&builder->segment), rest = slice_of(builder->breaks);
	size_t from = 0;
	flush_line_end(builder);
	builder->line_end_due = true;
	if (builder->as_sent.len > 0) {
		buffer_slice(builder->out, buffer_view(&builder->as_sent));
		buffer_reset(&builder->as_sent);
		return;
	}
	for (struct slice word = slice_word(&rest); word.len > 0; word = slice_word(&rest)) {
		struct slice place;
		uint64_t at;
		if (!slice_part(&place, word, ':', 0) || !slice_number(&at, place) || at < from || at > bytes.len)
			continue;
		buffer_put(builder->out, bytes.ptr + from, (size_t)at - from);
		from = (size_t)at;
		(void)slice_part(&place, word, ':', 1);
		buffer_text(builder->out, slice_is(place, "CRLF") ? "\r\n" : slice_is(place, "CR") ? "\r" : "\n");
	}
	if (from < bytes.len)
		buffer_put(builder->out, bytes.ptr + from, bytes.len - from);
	if (!builder->cut)
		buffer_char(builder->out, builder->delimiters.segment);
}

static bool breaks_take(struct builder *builder, const struct piece *piece)
{
	struct slice text = piece->values[PIECE_BREAKS], rest = text;
	builder->breaks[0] = '\0';
	if (text.ptr == NULL)
		return true;
	for (struct slice word = slice_word(&rest); word.len > 0; word = slice_word(&rest)) {
		struct slice place, kind;
		uint64_t at;
		if (!slice_part(&place, word, ':', 0) || !slice_number(&at, place) || !slice_part(&kind, word, ':', 1) ||
			!(slice_is(kind, "LF") || slice_is(kind, "CR") || slice_is(kind, "CRLF")))
			return fault(builder, piece, "breaks: expected bytes and line ends, as 17:LF 97:CRLF");
	}
	if (text.len >= sizeof(builder->breaks))
		return fault(builder, piece, "breaks: more of them than a segment may have");
	slice_copy(builder->breaks, sizeof(builder->breaks), text);
	return true;
}

/* An ISA that is broken is written as it was sent; its elements say what the reader made of it. */
static bool as_sent_take(struct builder *builder, const struct piece *piece)
{
	struct slice value;
	buffer_reset(&builder->as_sent);
	if (piece->values[PIECE_AS_SENT].ptr == NULL && piece->values[PIECE_HIDDEN].ptr == NULL)
		return true;
	if (!builder->in_isa)
		return fault(builder, piece, "as_sent is for an ISA that is broken");
	if (!value_of(builder, piece, PIECE_AS_SENT, &value))
		return false;
	buffer_slice(&builder->as_sent, value);
	return true;
}

static bool segment_open(struct builder *builder, const struct piece *piece)
{
	static const char *const firsts[PIECE_KINDS] = { [PIECE_INTERCHANGE] = "ISA", [PIECE_GROUP] = "GS", [PIECE_SET] = "ST" };
	struct builder_level *level = &builder->levels[builder->depth - 1];
	struct slice id = piece->values[PIECE_ID];
	for (size_t i = 0; i < id.len; i++) {
		char c = id.ptr[i];
		if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')))
			return fault(builder, piece, "the id of a segment has letters and digits only");
	}
	if (id.len < 1 || id.len > 3)
		return fault(builder, piece, "a segment needs an id of one to three characters");
	const char *first = firsts[level->kind];
	if (!level->begun && first != NULL && !slice_is(id, first))
		return document_fault(builder->fault, piece->line, piece->column, "%s begins with %s", piece_rows[level->kind].name, first);
	/* in a set it can be one that is broken and was read as any other segment */
	if (level->begun && slice_is(id, "ISA") && level->kind != PIECE_SET && level->kind != PIECE_LOOP)
		return fault(builder, piece, "ISA stands at the beginning of an interchange only");
	bool heads = !level->begun && level->kind == PIECE_INTERCHANGE;
	level->begun = true;
	slice_copy(builder->id, sizeof(builder->id), id);
	buffer_reset(&builder->segment);
	buffer_slice(&builder->segment, id);
	builder->element = 0;
	builder->repetition = builder->component = 1;
	builder->cut = piece->values[PIECE_CUT].ptr != NULL && !slice_is(piece->values[PIECE_CUT], "no");
	builder->told = 0;
	builder->segments++;
	isa_begin(builder, heads);
	return as_sent_take(builder, piece) && breaks_take(builder, piece);
}

static bool place_fits(struct builder *builder, const struct piece *piece, uint64_t element)
{
	return element <= LIMIT_ELEMENTS ||
	       document_fault(builder->fault, piece->line, piece->column, "a segment has at most %d elements", LIMIT_ELEMENTS);
}

/* Without a place: the next element, or in a list the next of its parts. */
static bool next_place(struct builder *builder, const struct piece *piece, uint64_t *element, uint64_t *component, uint64_t *repetition)
{
	unsigned newest = builder->in_isa ? builder->isa_at : builder->element;
	if (piece->values[PIECE_REPETITION].ptr != NULL)
		return fault(builder, piece, "repetition: expected at beside it");
	if (piece->repetition > 0) {
		*repetition = piece->repetition;
		*component = piece->component;
	}
	*element = *repetition > 1 || *component > 1 ? newest : newest + 1;
	return place_fits(builder, piece, *element);
}

/* "NM109", "PLB03-02": the segment's id, two or more digits, a component. */
static bool place_of(struct builder *builder, const struct piece *piece, uint64_t *element, uint64_t *component, uint64_t *repetition)
{
	struct slice at = piece->values[PIECE_AT], digits, part, times = piece->values[PIECE_REPETITION];
	size_t id_len = strlen(builder->id);
	*component = *repetition = 1;
	if (at.ptr == NULL)
		return next_place(builder, piece, element, component, repetition);
	if (piece->repetition > 0)
		return fault(builder, piece, "at has no place in a list: what stands in it is told by the list");
	bool fits = at.len > id_len && memcmp(at.ptr, builder->id, id_len) == 0;
	struct slice rest = fits ? (struct slice){ at.ptr + id_len, at.len - id_len } : SLICE_NONE;
	fits = fits && slice_part(&digits, rest, '-', 0) && digits.len >= 2 && slice_number(element, digits) && *element >= 1;
	if (!fits)
		return document_fault(builder->fault, piece->line, piece->column, "at: expected a place in %s, as %s01 or %s01-02",
			builder->id, builder->id, builder->id);
	if (slice_part(&part, rest, '-', 1) && (!slice_number(component, part) || *component < 1 || *component > LIMIT_SEGMENT_BYTES))
		return fault(builder, piece, "at: expected the number of a component behind the hyphen");
	if (times.ptr != NULL && (!slice_number(repetition, times) || *repetition < 1 || *repetition > LIMIT_SEGMENT_BYTES))
		return fault(builder, piece, "repetition: expected a number from 1 on");
	return place_fits(builder, piece, *element);
}

static void separators(struct builder *builder, char separator, uint64_t count)
{
	for (uint64_t i = 0; i < count && !builder->segment.failed; i++)
		buffer_char(&builder->segment, separator);
}

/* From where the segment has come to this place. */
static bool move_to(struct builder *builder, const struct piece *piece, uint64_t element, uint64_t component, uint64_t repetition)
{
	const struct delimiters *d = &builder->delimiters;
	bool behind = element > builder->element ||
		(element == builder->element && (repetition > builder->repetition ||
			(repetition == builder->repetition && component > builder->component)));
	if (!behind)
		return fault(builder, piece, "elements stand in the order of their numbers, each once");
	if (repetition > 1 && d->repetition == '\0')
		return fault(builder, piece, "ISA11 and ISA12 of this interchange give no repetition separator");
	if (element > builder->element) {
		separators(builder, d->element, element - builder->element);
		builder->repetition = builder->component = 1;
	}
	if (repetition > builder->repetition) {
		separators(builder, d->repetition, repetition - builder->repetition);
		builder->component = 1;
	}
	separators(builder, d->component, component - builder->component);
	builder->element = (unsigned)element;
	builder->repetition = (unsigned)repetition;
	builder->component = (unsigned)component;
	return true;
}

static bool value_fits(struct builder *builder, const struct piece *piece, uint64_t element, struct slice value)
{
	const struct delimiters *d = &builder->delimiters;
	bool parts = strcmp(builder->id, "ISA") != 0; /* elements of an ISA, also of a broken one in a set, have none */
	for (size_t i = 0; i < value.len; i++) {
		char c = value.ptr[i];
		const char *what = c == d->element ? "an element separator" : c == d->segment ? "a segment terminator"
			: parts && c == d->component ? "a component separator"
			: parts && d->repetition != '\0' && c == d->repetition ? "a repetition separator" : c == '\n' || c == '\r' ? "a line end" : NULL;
		if (what != NULL)
			return document_fault(builder->fault, piece->line, piece->column, "the value of %s%02u holds %s", builder->id,
				(unsigned)element, what);
	}
	return true;
}

static bool element_open(struct builder *builder, const struct piece *piece)
{
	uint64_t element, component, repetition;
	struct slice value;
	if (!place_of(builder, piece, &element, &component, &repetition) || !value_of(builder, piece, PIECE_VALUE, &value))
		return false;
	if (builder->in_isa) {
		if (component > 1 || repetition > 1)
			return fault(builder, piece, "the elements of ISA have no parts");
		return isa_element(builder, piece, element, value);
	}
	if (!move_to(builder, piece, element, component, repetition) || !value_fits(builder, piece, element, value))
		return false;
	if (element <= 2)
		builder->told |= 1U << element;
	if (element == 2 && strcmp(builder->id, "ST") == 0)
		slice_copy(builder->set_control, sizeof(builder->set_control), value);
	if (element == 6 && strcmp(builder->id, "GS") == 0)
		slice_copy(builder->group_control, sizeof(builder->group_control), value);
	buffer_slice(&builder->segment, value);
	return true;
}

/* ---- trailers ---- */

static const struct builder_trailer {
	enum piece_kind kind;
	const char *id;
} trailers[] = { { PIECE_SET, "SE" }, { PIECE_GROUP, "GE" }, { PIECE_INTERCHANGE, "IEA" } };

static const struct builder_trailer *trailer_of(enum piece_kind kind)
{
	for (size_t i = 0; i < COUNT_OF(trailers); i++)
		if (trailers[i].kind == kind)
			return &trailers[i];
	return NULL;
}

/* A count and a control number, as far as they were not told. */
static void trailer_complete(struct builder *builder, enum piece_kind kind)
{
	uint64_t count = kind == PIECE_SET ? builder->segments : kind == PIECE_GROUP ? builder->sets : builder->groups;
	const char *control = kind == PIECE_SET ? builder->set_control : kind == PIECE_GROUP ? builder->group_control
		: builder->interchange_control;
	size_t id_len = strlen(builder->id);
	if ((builder->told & 1U << 1) == 0) {
		char digits[24];
		int len = snprintf(digits, sizeof(digits), "%llu", (unsigned long long)count);
		struct slice sent = buffer_view(&builder->segment);
		struct buffer whole;
		buffer_init(&whole, LIMIT_SEGMENT_BYTES);
		buffer_put(&whole, sent.ptr, id_len);
		buffer_char(&whole, builder->delimiters.element);
		buffer_put(&whole, digits, (size_t)len);
		if (builder->element > 1) /* the separator before element 1 is there; its value goes in behind it */
			buffer_put(&whole, sent.ptr + id_len + 1, sent.len - id_len - 1);
		buffer_done(&builder->segment);
		builder->segment = whole;
		builder->element = builder->element > 1 ? builder->element : 1;
	}
	if ((builder->told & 1U << 2) == 0 && builder->element == 1) {
		buffer_char(&builder->segment, builder->delimiters.element);
		buffer_text(&builder->segment, control);
	}
}

static bool segment_close(struct builder *builder, uint64_t line, uint64_t column)
{
	struct builder_level *level = &builder->levels[builder->depth - 1];
	const struct builder_trailer *trailer = trailer_of(level->kind);
	if (builder->in_isa && !isa_end(builder, line, column))
		return false;
	if (trailer != NULL && strcmp(builder->id, trailer->id) == 0) {
		trailer_complete(builder, level->kind);
		level->ended = true;
	}
	if (builder->segment.failed)
		return document_fault(builder->fault, line, column, "the segment that ends here has more than %d bytes", LIMIT_SEGMENT_BYTES);
	segment_write(builder);
	return true;
}

/* ---- containers ---- */

static bool delimiter_of(struct builder *builder, const struct piece *piece, enum piece_key key, char usual, char *out)
{
	struct slice text = piece->values[key];
	*out = usual;
	if (text.ptr == NULL)
		return true;
	if (text.len == 1) {
		*out = text.ptr[0];
		return true;
	}
	buffer_reset(&builder->value);
	if (text.len == 4 && slice_starts(text, "0x") && bytes_of_hex(&builder->value, (struct slice){ text.ptr + 2, 2 })) {
		*out = builder->value.ptr[0];
		return true;
	}
	return document_fault(builder->fault, piece->line, piece->column, "%s: expected one character, or a byte as 0x1C", piece_keys[key]);
}

static bool interchange_open(struct builder *builder, const struct piece *piece)
{
	struct slice line_end = piece->values[PIECE_LINE_END];
	flush_line_end(builder);
	builder->groups = 0;
	if (!delimiter_of(builder, piece, PIECE_DELIMITER_ELEMENT, '*', &builder->delimiters.element) ||
		!delimiter_of(builder, piece, PIECE_DELIMITER_SEGMENT, '~', &builder->delimiters.segment))
		return false;
	if (line_end.ptr == NULL || slice_is(line_end, "LF"))
		builder->line_end = SLICE("\n");
	else if (slice_is(line_end, "CRLF"))
		builder->line_end = SLICE("\r\n");
	else if (slice_is(line_end, "none"))
		builder->line_end = SLICE_NONE;
	else
		return fault(builder, piece, "line_end: expected LF, CRLF or none");
	return true;
}

static bool missing_open(struct builder *builder, const struct piece *piece)
{
	struct builder_level *level = &builder->levels[builder->depth - 1];
	const struct builder_trailer *trailer = trailer_of(level->kind);
	if (trailer == NULL || !slice_is(piece->values[PIECE_ID], trailer->id))
		return document_fault(builder->fault, piece->line, piece->column, "id: what can be missing here is %s",
			trailer == NULL ? "nothing" : trailer->id);
	level->ended = true;
	return true;
}

static bool text_open(struct builder *builder, const struct piece *piece)
{
	struct slice value;
	if (!value_of(builder, piece, PIECE_VALUE, &value))
		return false;
	/* a GS or ST that is none to build came as it was sent */
	if (builder->depth > 0 && value.len > 0 && builder->levels[builder->depth - 1].kind != PIECE_INTERCHANGE)
		builder->levels[builder->depth - 1].begun = true;
	builder->line_end_due = false;
	buffer_slice(builder->out, value);
	return true;
}

static bool container_open(struct builder *builder, const struct piece *piece)
{
	if (piece->kind == PIECE_INTERCHANGE && !interchange_open(builder, piece))
		return false;
	if (piece->kind != PIECE_INTERCHANGE && !builder->levels[builder->depth - 1].begun)
		return document_fault(builder->fault, piece->line, piece->column, "%s begins with its own segment",
			piece_rows[builder->levels[builder->depth - 1].kind].name);
	if (piece->kind == PIECE_GROUP) {
		builder->groups++;
		builder->sets = 0;
		builder->group_control[0] = '\0';
	} else if (piece->kind == PIECE_SET) {
		builder->sets++;
		builder->segments = 0;
		builder->set_control[0] = '\0';
	}
	if (builder->depth == COUNT_OF(builder->levels))
		return fault(builder, piece, "too many loops inside one another");
	builder->levels[builder->depth++] = (struct builder_level){ .kind = piece->kind, .begun = piece->kind == PIECE_LOOP };
	return true;
}

static bool builder_open(void *data, const struct piece *piece)
{
	struct builder *builder = data;
	switch (piece->kind) {
	case PIECE_ELEMENT:
		return element_open(builder, piece);
	case PIECE_SEGMENT:
		return segment_open(builder, piece);
	case PIECE_TEXT:
		return text_open(builder, piece);
	case PIECE_MISSING:
		return missing_open(builder, piece);
	case PIECE_DOCUMENT:
	case PIECE_INTERCHANGE:
	case PIECE_GROUP:
	case PIECE_SET:
	case PIECE_LOOP:
	case PIECE_KINDS:
		break;
	}
	return container_open(builder, piece);
}

static bool container_close(struct builder *builder, uint64_t line, uint64_t column)
{
	struct builder_level *level = &builder->levels[builder->depth - 1];
	const struct builder_trailer *trailer = trailer_of(level->kind);
	if (!level->begun)
		return document_fault(builder->fault, line, column, "%s has no segment to begin with", piece_rows[level->kind].name);
	if (trailer != NULL && !level->ended) {
		slice_copy(builder->id, sizeof(builder->id), slice_of(trailer->id));
		buffer_reset(&builder->segment);
		buffer_text(&builder->segment, trailer->id);
		builder->element = 0;
		builder->told = 0;
		builder->cut = false;
		builder->breaks[0] = '\0';
		builder->segments++;
		trailer_complete(builder, level->kind);
		segment_write(builder);
	}
	builder->depth--;
	return true;
}

static bool builder_close(void *data, enum piece_kind kind, uint64_t line, uint64_t column)
{
	struct builder *builder = data;
	if (kind == PIECE_SEGMENT)
		return segment_close(builder, line, column);
	if (kind == PIECE_ELEMENT || kind == PIECE_TEXT || kind == PIECE_MISSING)
		return true;
	return container_close(builder, line, column);
}

struct document_sink builder_sink(struct builder *builder)
{
	return (struct document_sink){ .data = builder, .open = builder_open, .close = builder_close, .fault = builder->fault };
}

void builder_end(struct builder *builder)
{
	flush_line_end(builder);
}
