/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * mutation: take transaction sets that are accepted, break one thing at a time, and compare pccm with the oracle.
 *
 *   mutation [--mutants N] [--seed S] [--keep FOLDER] FILE…
 *
 * What the oracle calls broken must be found, at the segment that was touched or one beside it; what it allows must not
 * be refused.  The same seed makes the same mutants.  Ends with 1 if anything differs; the first differing mutants
 * are kept in FOLDER.
 */
#include "tests/mutation/oracle.h"
#include "tests/unit/x12_support.h"

#include <stdlib.h>

#define FILE_BYTES (256 * 1024)
#define SETS_MAX 4096
#define KEPT_MAX 40
#define LEVEL 2 /* what the oracle knows */
#define LEVEL_SUMS 3 /* an amount that is changed must be missed by a sum: the oracle need not add up */

/* ---- what is broken ------------------------------------------------------------------------ */

enum operation { DELETE, DOUBLE, SWAP, MOVE, RENAME, LENGTHEN, SHORTEN, EMPTY, CODE, CHARACTER, EXTRA, PART, COUNT, AMOUNT, OPERATIONS };
static const char *const operation_names[OPERATIONS] = { "segment deleted", "segment doubled", "neighbours swapped",
	"segment moved", "segment id changed", "element lengthened", "element shortened", "element emptied", "code changed",
	"character changed", "element added", "component or repetition added", "count or control number changed", "amount or total changed" };

struct tally {
	uint64_t made, allowed, found, missed, refused, elsewhere;
};

struct chosen { /* one accepted set, with the envelope that it came in */
	struct slice isa, gs; /* with terminators */
	char terminator;
	struct oracle_set set;
	const char *file;
};
static struct chosen *sets[SETS_MAX];
static unsigned set_count;

/* ---- reading what is accepted ----------------------------------------------------------------- */

static bool blank(char c)
{
	return c == '\n' || c == '\r' || c == ' ';
}

static bool segment_next(struct slice *segment, struct slice *rest, char terminator)
{
	while (rest->len > 0 && blank(rest->ptr[0]))
		*rest = (struct slice){ rest->ptr + 1, rest->len - 1 };
	const char *end = rest->len > 0 ? memchr(rest->ptr, terminator, rest->len) : NULL;
	if (end == NULL)
		return false;
	*segment = (struct slice){ rest->ptr, (size_t)(end - rest->ptr) };
	*rest = (struct slice){ end + 1, rest->len - segment->len - 1 };
	return true;
}

static bool starts(struct slice segment, const char *id)
{
	return segment.len > strlen(id) && memcmp(segment.ptr, id, strlen(id)) == 0;
}

/* The sets of an interchange that fit into an oracle_set; false if the file is nothing for this test. */
static bool sets_take(const char *file, struct slice bytes)
{
	struct slice rest = bytes, segment, isa = SLICE_NONE, gs = SLICE_NONE;
	struct chosen *open = NULL;
	bool fits = false;
	while (bytes.len > 106 && segment_next(&segment, &rest, bytes.ptr[105])) {
		struct oracle_segment split;
		if (starts(segment, "ISA"))
			isa = segment;
		if (!oracle_split(&split, segment, bytes.ptr[3])) {
			fits = false;
			continue;
		}
		if (starts(segment, "GS"))
			gs = segment;
		if (starts(segment, "ST") && set_count < SETS_MAX) {
			open = calloc(1, sizeof(*open));
			if (open == NULL)
				return false;
			*open = (struct chosen){ .isa = isa, .gs = gs, .terminator = bytes.ptr[105], .file = file };
			open->set.element = bytes.ptr[3];
			open->set.repetition = bytes.ptr[82];
			open->set.component = bytes.ptr[104];
			struct oracle_segment header;
			fits = oracle_split(&header, gs, bytes.ptr[3]);
			open->set.guide = fits ? guide_find(split.elements[1], header.elements[8]) : NULL;
		}
		if (open == NULL)
			continue;
		fits = fits && open->set.count < ORACLE_SEGMENTS - 1;
		if (fits)
			open->set.segments[open->set.count++] = split;
		if (!starts(segment, "SE"))
			continue;
		if (fits && open->set.guide != NULL)
			sets[set_count++] = open;
		else
			free(open);
		open = NULL;
	}
	free(open);
	return true;
}

/* ---- writing a mutant -------------------------------------------------------------------------- */

struct mutant {
	struct oracle_set set;
	enum operation operation;
	unsigned at, other; /* the segments that were touched, from 0 */
	bool count_kept;    /* SE01 is left as it is: it is what was broken */
	char text[4][1024]; /* segments made anew */
	unsigned text_count;
};

static void mutant_write(struct buffer *out, const struct chosen *chosen, const struct mutant *mutant)
{
	char end[2] = { chosen->terminator, '\0' }, star[2] = { mutant->set.element, '\0' };
	buffer_reset(out);
	buffer_slice(out, chosen->isa);
	buffer_text(out, end);
	buffer_slice(out, chosen->gs);
	buffer_text(out, end);
	for (unsigned i = 0; i < mutant->set.count; i++) {
		const struct oracle_segment *segment = &mutant->set.segments[i];
		if (slice_is(segment->id, "SE") && !mutant->count_kept)
			buffer_format(out, "SE%s%u%s%.*s", star, mutant->set.count, star, SLICE_ARG(segment->elements[2]));
		else
			buffer_slice(out, segment->bytes);
		buffer_text(out, end);
	}
	struct oracle_segment gs, isa;
	(void)oracle_split(&gs, chosen->gs, mutant->set.element);
	(void)oracle_split(&isa, chosen->isa, mutant->set.element);
	buffer_format(out, "GE%s1%s%.*s%s", star, star, SLICE_ARG(gs.elements[6]), end);
	buffer_format(out, "IEA%s1%s%.*s%s", star, star, SLICE_ARG(isa.elements[13]), end);
}

static void segments_shift(struct oracle_set *set, unsigned at, int by)
{
	memmove(&set->segments[(int)at + (by > 0 ? by : 0)], &set->segments[(int)at - (by < 0 ? by : 0)],
		(set->count - at - (by < 0 ? 1U : 0U)) * sizeof(set->segments[0]));
	set->count = (unsigned)((int)set->count + by);
}

/* Put `value` in place of element n of segment `at`. */
static bool element_put(struct mutant *mutant, unsigned at, unsigned n, struct slice value)
{
	struct oracle_segment *segment = &mutant->set.segments[at];
	char *text = mutant->text[mutant->text_count];
	size_t len = 0, size = sizeof(mutant->text[0]);
	if (segment->bytes.len + value.len + n + 2 > size || n > ORACLE_ELEMENTS || mutant->text_count == COUNT_OF(mutant->text))
		return false;
	for (unsigned i = 0; i <= segment->count || i <= n; i++) {
		struct slice one = i == n ? value : i <= segment->count ? segment->elements[i] : SLICE_NONE;
		if (i > 0)
			text[len++] = mutant->set.element;
		if (one.len > 0)
			memcpy(text + len, one.ptr, one.len);
		len += one.len;
	}
	mutant->text_count++;
	return oracle_split(segment, (struct slice){ text, len }, mutant->set.element);
}

static char letter(struct random *random)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	return letters[random_below(random, sizeof(letters) - 1)];
}

/* One change of one element. */
static bool element_break(struct mutant *mutant, unsigned at, struct random *random)
{
	struct oracle_segment *segment = &mutant->set.segments[at];
	unsigned n = segment->count == 0 ? 1 : 1 + random_below(random, segment->count);
	struct slice held = n <= segment->count ? segment->elements[n] : SLICE_NONE;
	char value[600];
	size_t len = held.len < 400 ? held.len : 400;
	if (len > 0)
		memcpy(value, held.ptr, len);
	switch ((int)mutant->operation) {
	case LENGTHEN: {
		static const unsigned more[] = { 1, 2, 10, 60, 190 };
		char with = len > 0 && value[len - 1] >= '0' && value[len - 1] <= '9' ? '0' : 'A';
		for (unsigned k = more[random_below(random, COUNT_OF(more))]; k > 0; k--)
			value[len++] = with;
		break;
	}
	case SHORTEN:
		if (len < 2)
			return false;
		len -= 1 + random_below(random, (uint32_t)len - 1);
		if (value[len - 1] == ' ')
			return false;
		break;
	case EMPTY:
		if (len == 0)
			return false;
		len = 0;
		break;
	case CODE:
		if (len == 0 || len > 3)
			return false;
		for (size_t i = 0; i < len; i++)
			value[i] = letter(random);
		break;
	case CHARACTER:
		if (len == 0)
			return false;
		value[random_below(random, (uint32_t)len)] = random_below(random, 8) == 0 ? '\x01' : letter(random);
		break;
	case EXTRA:
		n = segment->count + 1 + random_below(random, 4);
		len = 1;
		value[0] = letter(random);
		break;
	default: /* PART */
		if (len == 0)
			return false;
		value[len++] = random_below(random, 2) == 0 ? mutant->set.component : mutant->set.repetition;
		value[len++] = letter(random);
		break;
	}
	return element_put(mutant, at, n, (struct slice){ value, len });
}

/* SE01, SE02 and ST02: what the envelope says of the set. */
static bool count_break(struct mutant *mutant, struct random *random)
{
	unsigned last = mutant->set.count - 1, n = 1 + random_below(random, 2);
	char value[32];
	mutant->count_kept = true;
	mutant->at = mutant->other = last;
	if (n == 1)
		(void)snprintf(value, sizeof(value), "%u", mutant->set.count + 1 + random_below(random, 9));
	else
		(void)snprintf(value, sizeof(value), "%.*s7", SLICE_ARG(mutant->set.segments[last].elements[2]));
	return element_put(mutant, last, n, slice_of(value));
}

/* What some sum is made of (835), or says how many there are (834): one digit of it is changed. */
static bool amount_break(struct mutant *mutant, unsigned at, struct random *random)
{
	static const struct {
		const char *id;
		unsigned element;
	} amounts[] = { { "BPR", 2 }, { "CLP", 3 }, { "CLP", 4 }, { "SVC", 2 }, { "SVC", 3 }, { "CAS", 3 }, { "CAS", 6 }, { "CAS", 9 },
		{ "PLB", 4 }, { "PLB", 6 }, { "PLB", 8 }, { "QTY", 2 } };
	const struct oracle_segment *segment = &mutant->set.segments[at];
	for (unsigned i = 0; i < COUNT_OF(amounts); i++) {
		if (!slice_is(segment->id, amounts[i].id) || amounts[i].element > segment->count || random_below(random, 2) == 0)
			continue;
		/* other quantities than the totals of members are nobody's sum */
		if (slice_is(segment->id, "QTY") && (!slice_is(segment->elements[1], "TO") || strcmp(mutant->set.guide->set_id, "834") != 0))
			continue;
		char value[32];
		struct slice held = segment->elements[amounts[i].element];
		slice_copy(value, sizeof(value), held);
		size_t last = strlen(value);
		if (last == 0 || last != held.len || value[last - 1] < '0' || value[last - 1] > '9')
			continue;
		value[last - 1] = value[last - 1] == '9' ? '8' : (char)(value[last - 1] + 1);
		return element_put(mutant, at, amounts[i].element, slice_of(value));
	}
	return false;
}

/* Break one thing; false if this cannot be done here. */
static bool mutant_make(struct mutant *mutant, const struct chosen *chosen, enum operation operation, struct random *random)
{
	struct oracle_set *set = &mutant->set;
	*set = chosen->set;
	mutant->operation = operation;
	mutant->text_count = 0;
	mutant->count_kept = false;
	if (set->count < 4)
		return false;
	/* between ST and SE: those two are the envelope's, and have tests of their own */
	unsigned at = 1 + random_below(random, set->count - 2), other = 1 + random_below(random, set->count - 2);
	mutant->at = mutant->other = at;
	struct oracle_segment held = set->segments[at];
	switch ((int)operation) {
	case DELETE:
		segments_shift(set, at, -1);
		return true;
	case DOUBLE:
		segments_shift(set, at, 1);
		return true;
	case SWAP:
		if (at + 2 >= set->count)
			return false;
		set->segments[at] = set->segments[at + 1];
		set->segments[at + 1] = held;
		mutant->other = at + 1;
		return true;
	case MOVE:
		if (at == other)
			return false;
		segments_shift(set, at, -1);
		segments_shift(set, other, 1);
		set->segments[other] = held;
		mutant->other = other;
		return true;
	case RENAME: {
		char id[3] = { letter(random), letter(random), letter(random) };
		return element_put(mutant, at, 0, (struct slice){ id, random_below(random, 2) + 2 });
	}
	case COUNT:
		return count_break(mutant, random);
	case AMOUNT:
		return amount_break(mutant, at, random);
	default:
		return element_break(mutant, at, random);
	}
}

/* ---- hierarchy: beside the grammar, HL numbers ---------------------------------------------------- */

static bool levels_allow(const struct oracle_set *set)
{
	uint64_t last[4] = { 0 }, count = 0; /* HL01 of the newest level 20, 21, 22, 23 */
	for (unsigned i = 0; i < set->count; i++) {
		const struct oracle_segment *segment = &set->segments[i];
		uint64_t number = 0, parent = 0, level = 0;
		if (!slice_is(segment->id, "HL"))
			continue;
		count++;
		if (segment->count < 3 || !slice_number(&number, segment->elements[1]) || number != count)
			return false;
		if (!slice_number(&level, segment->elements[3]) || level < 20 || level > 23)
			return false;
		if (level > 20 && (!slice_number(&parent, segment->elements[2]) || parent != last[level - 21]))
			return false;
		last[level - 20] = number;
	}
	return true;
}

/* ---- comparing ---------------------------------------------------------------------------------------- */

struct heard {
	const struct mutant *mutant;
	bool near;
	char first[64];
	uint64_t first_segment;
};

/* At the segment that was touched, one beside it, or where the run of its kind ends: neighbours of one position number
 * may stand in any order, so that what is missing among them, or one too many, is known behind the last of them. */
static bool beside(uint64_t position, const struct mutant *mutant, unsigned at)
{
	unsigned last = at;
	const struct oracle_segment *segments = mutant->set.segments;
	while (last + 1 < mutant->set.count && slice_equal(segments[last + 1].id, segments[last].id))
		last++;
	/* of what was deleted the run begins behind it */
	if (mutant->operation == DELETE)
		last++;
	return position >= at && position <= last + 2U; /* positions count from 1 */
}

static void hear(void *data, const struct finding *finding)
{
	struct heard *heard = data;
	if (finding->severity != SEVERITY_REFUSE)
		return;
	if (heard->first[0] == '\0') {
		slice_copy(heard->first, sizeof(heard->first), slice_of(finding_kind(finding->code)->name));
		heard->first_segment = finding->place.segment;
	}
	heard->near = heard->near || beside(finding->place.segment, heard->mutant, heard->mutant->at) ||
		beside(finding->place.segment, heard->mutant, heard->mutant->other);
}

static void keep(const char *folder, const struct buffer *bytes, const struct mutant *mutant, const struct chosen *chosen, const char *what,
	const struct heard *heard)
{
	static unsigned kept;
	if (kept++ >= KEPT_MAX)
		return;
	printf("%s: %s at segment %u (%u): %s; first finding: %s at %llu\n", chosen->file, operation_names[mutant->operation], mutant->at + 1,
		mutant->other + 1, what, heard->first[0] != '\0' ? heard->first : "none", (unsigned long long)heard->first_segment);
	if (folder == NULL)
		return;
	char path[512];
	(void)snprintf(path, sizeof(path), "%s/%02u.edi", folder, kept);
	FILE *file = fopen(path, "wb");
	if (file == NULL)
		return;
	(void)fwrite(bytes->ptr, 1, bytes->len, file);
	(void)fclose(file);
}

static void mutant_try(struct tally *tally, const struct mutant *mutant, const struct chosen *chosen, struct buffer *bytes, const char *folder)
{
	struct heard heard = { .mutant = mutant };
	struct x12_sink sink = { .finding = hear, .data = &heard };
	mutant_write(bytes, chosen, mutant);
	bool sums = mutant->operation == AMOUNT;
	bool refused = x12_run(buffer_view(bytes), 0, sums ? LEVEL_SUMS : LEVEL, &sink).refusing > 0;
	bool allowed = !mutant->count_kept && !sums && oracle_allows(&mutant->set) && levels_allow(&mutant->set);
	heard.near = heard.near || sums; /* where the sum stands, not its part */
	tally->made++;
	tally->allowed += allowed;
	tally->found += !allowed && refused && heard.near;
	const char *what = NULL;
	if (allowed && refused) {
		tally->refused++;
		what = "refused and allowed by the guide";
	} else if (!allowed && !refused) {
		tally->missed++;
		what = "broken and not found";
	} else if (!allowed && !heard.near) {
		tally->elsewhere++;
		what = "found elsewhere";
	}
	if (what != NULL)
		keep(folder, bytes, mutant, chosen, what, &heard);
}

/* ---- the run ---------------------------------------------------------------------------------------------- */

/* A set that is not accepted as it is proves nothing when it is broken. */
static bool accepted(const struct chosen *chosen, struct buffer *bytes)
{
	static struct mutant whole;
	struct x12_sink sink = { .data = NULL };
	whole.set = chosen->set;
	mutant_write(bytes, chosen, &whole);
	return x12_run(buffer_view(bytes), 0, LEVEL_SUMS, &sink).refusing == 0;
}

static void file_take(const char *path, struct buffer *bytes)
{
	FILE *file = fopen(path, "rb");
	char *text = malloc(FILE_BYTES); /* kept: the sets are views into it */
	unsigned before = set_count, kept = before;
	if (file == NULL || text == NULL) {
		fprintf(stderr, "%s: cannot be read\n", path);
		exit(3);
	}
	size_t len = fread(text, 1, FILE_BYTES, file);
	(void)fclose(file);
	(void)sets_take(path, (struct slice){ text, len });
	for (unsigned i = before; i < set_count; i++) {
		if (!accepted(sets[i], bytes))
			continue;
		if (!oracle_allows(&sets[i]->set) || !levels_allow(&sets[i]->set)) {
			printf("%s: accepted, and the oracle does not allow it\n", path);
			exit(1);
		}
		sets[kept++] = sets[i];
	}
	set_count = kept;
}

static uint64_t report(const struct tally *tallies)
{
	uint64_t wrong = 0;
	printf("%-32s %9s %9s %9s %8s %8s %8s\n", "", "mutants", "found", "legal", "missed", "refused", "elsewhere");
	for (unsigned i = 0; i < OPERATIONS; i++) {
		const struct tally *tally = &tallies[i];
		printf("%-32s %9llu %9llu %9llu %8llu %8llu %8llu\n", operation_names[i], (unsigned long long)tally->made,
			(unsigned long long)tally->found, (unsigned long long)tally->allowed, (unsigned long long)tally->missed,
			(unsigned long long)tally->refused, (unsigned long long)tally->elsewhere);
		wrong += tally->missed + tally->refused + tally->elsewhere;
	}
	return wrong;
}

int main(int argc, char **argv)
{
	static struct mutant mutant;
	struct tally tallies[OPERATIONS] = { { 0 } };
	uint64_t mutants = 5000, seed = 834, made = 0;
	const char *folder = NULL;
	struct random random;
	struct buffer bytes;
	buffer_init(&bytes, 0);
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--mutants") == 0 && i + 1 < argc)
			mutants = strtoull(argv[++i], NULL, 10);
		else if (strcmp(argv[i], "--seed") == 0 && i + 1 < argc)
			seed = strtoull(argv[++i], NULL, 10);
		else if (strcmp(argv[i], "--keep") == 0 && i + 1 < argc)
			folder = argv[++i];
		else
			file_take(argv[i], &bytes);
	}
	if (set_count == 0) {
		fprintf(stderr, "mutation: no accepted transaction set in the files given\n");
		return 2;
	}
	random_seed(&random, seed);
	for (uint64_t tries = 0; made < mutants && tries < mutants * 100; tries++) {
		const struct chosen *chosen = sets[random_below(&random, set_count)];
		enum operation operation = (enum operation)random_below(&random, OPERATIONS);
		if (!mutant_make(&mutant, chosen, operation, &random))
			continue;
		mutant_try(&tallies[operation], &mutant, chosen, &bytes, folder);
		made++;
	}
	printf("%llu mutants of %u accepted sets, seed %llu\n", (unsigned long long)made, set_count, (unsigned long long)seed);
	uint64_t wrong = report(tallies);
	buffer_done(&bytes);
	return wrong > 0;
}
