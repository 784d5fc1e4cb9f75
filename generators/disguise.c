/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * disguise: one value becomes an invented one of the same form, always the same for the same
 * key, by HMAC-SHA256.
 *
 * Ids are permuted: a Feistel network over their letters and digits, each position in its own
 * alphabet, so that two ids never become one, lengths and signs stay, and links between
 * segments and files hold whatever the qualifier was.  An NPI becomes an NPI and what is none
 * becomes none.  Names, streets and places are picked from lists by what they were: the same
 * name is always the same invented one, also in a file that gives no id with it.
 *
 * A value that is too long or too short for its element stays so, and a date that is none
 * becomes one that is none: pccm check finds afterwards what it found before.
 */
#include "generators/disguise.h"

#define ROUNDS 8              /* FF1 (NIST SP 800-38G) has ten of two halves like these */
#define ID_POSITIONS 96       /* X12 ids have 80 at most; a longer one is permuted piece by piece */
#define OLDEST_YEARS 90       /* 45 CFR 164.514(b)(2)(i)(C): ages over 89 are one category */

bool disguise_init(struct disguise *disguise, struct slice secret)
{
	disguise->failed = !hmac_init(&disguise->hmac, secret);
	return !disguise->failed;
}

void disguise_done(struct disguise *disguise)
{
	hmac_done(&disguise->hmac);
}

static void sum(struct disguise *disguise, unsigned char out[SHA256_BYTES], char what, struct slice value)
{
	struct slice parts[] = { { &what, 1 }, value };
	if (!hmac_sum(&disguise->hmac, out, parts, COUNT_OF(parts)))
		disguise->failed = true;
}

static uint64_t number_of(struct disguise *disguise, char what, struct slice value)
{
	unsigned char bytes[SHA256_BYTES];
	uint64_t number = 0;
	sum(disguise, bytes, what, value);
	for (unsigned i = 0; i < 8; i++)
		number = number << 8 | bytes[i];
	return number;
}

int disguise_shift(struct disguise *disguise, struct slice family)
{
	return -(int)(1 + number_of(disguise, 'S', family) % 365);
}

/* ---- ids ------------------------------------------------------------------------------- */

static unsigned radix_of(char c)
{
	if (c >= '0' && c <= '9')
		return 10;
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ? 26 : 0;
}

static char base_of(char c)
{
	return c <= '9' ? '0' : c <= 'Z' ? 'A' : 'a';
}

/* Add to each of `count` letters and digits what follows from the others. */
static void round_add(struct disguise *disguise, unsigned round, char *to, size_t count, const char *from, size_t from_count)
{
	char input[ID_POSITIONS + 4] = { (char)round, (char)count, 0 };
	unsigned char stream[SHA256_BYTES];
	memcpy(input + 3, from, from_count);
	for (size_t i = 0; i < count; i++) {
		size_t at = i % (SHA256_BYTES / 2);
		if (at == 0) {
			input[2] = (char)(i / (SHA256_BYTES / 2));
			sum(disguise, stream, 'F', (struct slice){ input, from_count + 3 });
		}
		unsigned radix = radix_of(to[i]), add = (unsigned)stream[2 * at] << 8 | stream[2 * at + 1];
		char base = base_of(to[i]);
		to[i] = (char)(base + (char)(((unsigned)(to[i] - base) + add) % radix));
	}
}

static void permute(struct disguise *disguise, char *symbols, size_t count)
{
	size_t half = count / 2;
	if (count == 1) {
		round_add(disguise, 0, symbols, 1, "", 0);
		return;
	}
	for (unsigned round = 0; round < ROUNDS; round++) {
		if (round % 2 == 0)
			round_add(disguise, round, symbols, half, symbols + half, count - half);
		else
			round_add(disguise, round, symbols + half, count - half, symbols, half);
	}
}

/* Permute the letters and digits of a text where they stand. */
static void text_permute(struct disguise *disguise, char *text, size_t len)
{
	char symbols[ID_POSITIONS];
	size_t begin = 0;
	while (begin < len) {
		size_t count = 0, end = begin;
		for (; end < len && count < ID_POSITIONS; end++)
			if (radix_of(text[end]) > 0)
				symbols[count++] = text[end];
		if (count > 0)
			permute(disguise, symbols, count);
		for (count = 0; begin < end; begin++)
			if (radix_of(text[begin]) > 0)
				text[begin] = symbols[count++];
	}
}

/* The first digit says what kind of provider it is, the last one checks. */
static void npi_permute(struct disguise *disguise, char npi[11])
{
	uint64_t nine = 0;
	permute(disguise, npi + 1, 8);
	(void)slice_number(&nine, (struct slice){ npi, 9 });
	npi_complete(npi, (uint32_t)nine);
}

static void id_put(struct disguise *disguise, struct buffer *out, struct slice value)
{
	size_t from = out->len;
	buffer_slice(out, value);
	if (out->failed || value.len == 0)
		return;
	if (npi_valid(value)) {
		char npi[11];
		slice_copy(npi, sizeof(npi), value);
		npi_permute(disguise, npi);
		memcpy(out->ptr + from, npi, 10);
		return;
	}
	do
		text_permute(disguise, out->ptr + from, value.len);
	while (!disguise->failed && npi_valid((struct slice){ out->ptr + from, value.len }));
}

/* Social security numbers that begin with 9 were never given to anybody. */
static void ssn_put(struct disguise *disguise, struct buffer *out, struct slice value)
{
	char ssn[9];
	uint64_t number;
	if (value.len != sizeof(ssn) || !slice_number(&number, value)) {
		id_put(disguise, out, value);
		return;
	}
	memcpy(ssn, value.ptr, sizeof(ssn));
	permute(disguise, ssn, sizeof(ssn));
	ssn[0] = '9';
	buffer_put(out, ssn, sizeof(ssn));
}

/* ---- words --------------------------------------------------------------------------------- */

/* An invented word, as long as its element allows, or as wrong in length and blanks as the value was. */
static void fit_put(struct buffer *out, struct slice word, struct slice value, size_t min, size_t max)
{
	struct slice core = slice_trim(value);
	size_t before = core.len == 0 ? 0 : (size_t)(core.ptr - value.ptr);
	size_t len = word.len < max ? word.len : max;
	if (value.len > max)
		len = core.len;
	else if (value.len < min)
		len = value.len;
	else if (len + value.len - core.len > max)
		len = max - (value.len - core.len);
	if (len < min && value.len >= min)
		len = min;
	while (len > 0 && len <= word.len && word.ptr[len - 1] == ' ')
		len--; /* the cut fell behind a blank */
	for (size_t i = 0; i < before; i++)
		buffer_char(out, ' ');
	for (size_t i = 0; i < len; i++)
		buffer_char(out, i < word.len ? word.ptr[i] : 'X');
	for (size_t i = before + core.len; i < value.len; i++)
		buffer_char(out, ' ');
}

/* Upper case, letters only: "O'Brien" and "OBRIEN " are one name. */
static struct slice name_key(char out[64], struct slice value)
{
	size_t len = 0;
	for (size_t i = 0; i < value.len && len < 64; i++) {
		char c = value.ptr[i];
		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80)
			out[len++] = c;
	}
	return (struct slice){ out, len };
}

static void word_put(struct disguise *disguise, struct buffer *out, enum invented list, struct slice value, const struct disguise_place *place)
{
	char key[64];
	struct slice name = name_key(key, value);
	const char *word = invented_word(list, number_of(disguise, (char)('a' + list), name), name);
	fit_put(out, slice_of(word), value, place->min, place->max);
}

static void initial_put(struct disguise *disguise, struct buffer *out, struct slice value, const struct disguise_place *place)
{
	char key[64];
	if (slice_trim(value).len != 1) {
		word_put(disguise, out, INVENTED_FIRST, value, place);
		return;
	}
	struct slice name = name_key(key, value);
	char letter = (char)('A' + number_of(disguise, 'I', name) % 26);
	if (slice_is(name, (char[]){ letter, '\0' }))
		letter = letter == 'Z' ? 'A' : (char)(letter + 1);
	fit_put(out, (struct slice){ &letter, 1 }, value, place->min, place->max);
}

static void street_put(struct disguise *disguise, struct buffer *out, struct slice value, const struct disguise_place *place)
{
	char key[64], text[96];
	struct slice street = name_key(key, value);
	uint64_t number = number_of(disguise, 'T', street);
	unsigned house = (unsigned)(1 + number % 9989);
	int len = place->element == 1
		? snprintf(text, sizeof(text), "%u %s", house, invented_word(INVENTED_STREET, number >> 16, SLICE_NONE))
		: snprintf(text, sizeof(text), "UNIT %u", house);
	fit_put(out, (struct slice){ text, (size_t)len }, value, place->min, place->max);
}

static void full_name_put(struct disguise *disguise, struct buffer *out, struct slice value, const struct disguise_place *place)
{
	char key[64], text[96];
	struct slice name = name_key(key, value);
	uint64_t number = number_of(disguise, 'N', name);
	int len = snprintf(text, sizeof(text), "%s %s", invented_word(INVENTED_FIRST, number, SLICE_NONE),
		invented_word(INVENTED_LAST, number >> 16, SLICE_NONE));
	fit_put(out, (struct slice){ text, (size_t)len }, value, place->min, place->max);
}

/* ---- places and numbers ------------------------------------------------------------------------ */

/* Places of which a ZIP's first three digits name fewer than 20,000 people (census of 2000; 45 CFR 164.514(b)(2)(i)(B)). */
static const char small_zips[] = "036 059 063 102 203 556 692 790 821 823 830 831 878 879 884 890 893";

static void zip_put(struct disguise *disguise, struct buffer *out, struct slice value)
{
	uint64_t number;
	if ((value.len != 5 && value.len != 9) || !slice_number(&number, value)) {
		id_put(disguise, out, value);
		return;
	}
	struct slice three = { value.ptr, 3 };
	buffer_slice(out, slice_among(slice_of(small_zips), three) ? SLICE("000") : three);
	for (size_t i = 3; i < value.len; i++)
		buffer_char(out, '0');
}

/* Numbers begin with 555, which is no area code; an address of mail is one of example.com, which is nobody's. */
static void phone_put(struct disguise *disguise, struct buffer *out, struct slice value, const struct disguise_place *place)
{
	uint64_t number = number_of(disguise, 'P', value);
	if (slice_is(place->qualifier, "EM") || slice_is(place->qualifier, "UR")) {
		char text[40];
		bool lower = false;
		for (size_t i = 0; i < value.len; i++)
			lower = lower || (value.ptr[i] >= 'a' && value.ptr[i] <= 'z');
		int len = snprintf(text, sizeof(text), lower ? "user%08u@example.com" : "USER%08u@EXAMPLE.COM", (unsigned)(number % 100000000));
		fit_put(out, (struct slice){ text, (size_t)len }, value, place->min, place->max);
		return;
	}
	size_t digits = 0, seen = 0;
	for (size_t i = 0; i < value.len; i++)
		digits += radix_of(value.ptr[i]) == 10;
	for (size_t i = 0; i < value.len; i++) {
		char c = value.ptr[i];
		if (radix_of(c) == 0) {
			buffer_char(out, c);
			continue;
		}
		bool area = digits >= 10 && radix_of(c) == 10 && seen++ < 3;
		char invented = (char)((unsigned)base_of(c) + (unsigned)(number % radix_of(c)));
		buffer_char(out, area ? '5' : invented);
		number = area ? number : number / radix_of(c) + (number % radix_of(c)) * UINT64_C(0x9e3779b97f4a7c15);
	}
}

/* ---- days ------------------------------------------------------------------------------------------ */

static days shifted(days day, const struct disguise_place *place, bool birth)
{
	days moved = day + place->shift < DAYS_FIRST ? DAYS_FIRST : day + place->shift;
	int year, month, dom;
	if (birth && place->asof != DAYS_NONE && age_months(moved, place->asof) >= 12 * OLDEST_YEARS) {
		days_to_civil(place->asof, &year, &month, &dom);
		(void)days_from_civil(&moved, year - OLDEST_YEARS, 1, 1);
	}
	return moved;
}

/* Days of eight digits, alone or in a period; what behind them says a time stays; what is no day becomes no day. */
static void days_text_put(struct buffer *out, struct slice value, const struct disguise_place *place, bool birth)
{
	size_t i = 0;
	while (i < value.len) {
		size_t end = i;
		days day;
		while (end < value.len && radix_of(value.ptr[end]) == 10)
			end++;
		struct slice eight = { value.ptr + i, end - i < 8 ? end - i : 8 };
		if (end == i) {
			buffer_char(out, radix_of(value.ptr[i]) > 0 ? 'X' : value.ptr[i]);
			i++;
		} else if (eight.len == 8 && days_parse8(&day, eight)) {
			days_put8(out, shifted(day, place, birth));
			buffer_put(out, eight.ptr + 8, end - i - 8);
			i = end;
		} else {
			/* hours and minutes, or no day: a time tells of nobody without its day */
			bool time = end - i == 4 || end - i == 6;
			for (; i < end; i++)
				buffer_char(out, time ? value.ptr[i] : '9');
		}
	}
}

/* ---- a value ----------------------------------------------------------------------------------------- */

void disguise_put(struct disguise *disguise, struct buffer *out, enum treatment treatment, struct slice value, const struct disguise_place *place)
{
	switch (treatment) {
	case TREAT_NONE:
	case TREAT_KEEP:
		buffer_slice(out, value);
		break;
	case TREAT_ID:
		id_put(disguise, out, value);
		break;
	case TREAT_SSN:
		ssn_put(disguise, out, value);
		break;
	case TREAT_LAST:
		word_put(disguise, out, INVENTED_LAST, value, place);
		break;
	case TREAT_FIRST:
		word_put(disguise, out, INVENTED_FIRST, value, place);
		break;
	case TREAT_MIDDLE:
		initial_put(disguise, out, value, place);
		break;
	case TREAT_PREFIX:
		word_put(disguise, out, INVENTED_PREFIX, value, place);
		break;
	case TREAT_SUFFIX:
		word_put(disguise, out, INVENTED_SUFFIX, value, place);
		break;
	case TREAT_FULL_NAME:
		full_name_put(disguise, out, value, place);
		break;
	case TREAT_ORGANISATION:
		word_put(disguise, out, INVENTED_ORGANISATION, value, place);
		break;
	case TREAT_STREET:
		street_put(disguise, out, value, place);
		break;
	case TREAT_CITY:
		word_put(disguise, out, INVENTED_CITY, value, place);
		break;
	case TREAT_LOCATION:
		if (value.len > 0 && radix_of(value.ptr[value.len - 1]) == 10)
			id_put(disguise, out, value);
		else
			word_put(disguise, out, INVENTED_CITY, value, place);
		break;
	case TREAT_ZIP:
		zip_put(disguise, out, value);
		break;
	case TREAT_PHONE:
		phone_put(disguise, out, value, place);
		break;
	case TREAT_DAY:
		days_text_put(out, value, place, false);
		break;
	case TREAT_BIRTH:
		days_text_put(out, value, place, true);
		break;
	case TREAT_TEXT:
		fit_put(out, SLICE("REMOVED"), value, place->min, place->max);
		break;
	case TREAT_NOT_TOLD:
		for (size_t i = 0; i < value.len; i++)
			buffer_char(out, '7'); /* race or ethnicity: not provided; what was no code stays none */
		break;
	case TREATMENTS:
		break;
	}
}
