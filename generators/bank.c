/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * bank: credits to payees as a NACHA file (domain reference 5.3, OPR-40).
 *
 * One batch of corporate credits (CCD) with the entry description of health care
 * payments.  What a practice matches by: effective entry date = BPR16, amount = BPR02,
 * the addenda's text = the TRN segment, and the trace number ends as TRN02 does.
 *
 * Holds: each record has 94 characters; the records fill whole blocks of ten; the hash
 * is the sum of the first eight digits of the receivers' routing numbers.
 */
#include "generators/generators.h"

#include <assert.h>

#define RECORD 94
#define BLOCK 10
#define ACCOUNT_MAX 17
#define AMOUNT_MAX INT64_C(9999999999)
#define HASH_MODULUS UINT64_C(10000000000)

bool bank_fits(const char **why, const struct bank_entry *entry)
{
	*why = entry->routing.len != 9 ? "the routing number has not nine digits" :
		entry->account.len == 0 ? "no account is known" :
		entry->account.len > ACCOUNT_MAX ? "the account number has more than 17 characters" :
		entry->amount > AMOUNT_MAX ? "the amount has more than ten digits" : NULL;
	return *why == NULL;
}

/* ---- fields ---- */

/* Left, in capitals, filled with blanks or cut; what the character set has not becomes a blank. */
static void alpha(struct buffer *out, struct slice text, size_t width)
{
	for (size_t i = 0; i < width; i++) {
		char c = i < text.len ? text.ptr[i] : ' ';
		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		buffer_char(out, c < ' ' || c > '~' ? ' ' : c);
	}
}

static void digits(struct buffer *out, uint64_t number, int width)
{
	buffer_format(out, "%0*llu", width, (unsigned long long)number);
}

static struct slice routing_head(struct slice routing)
{
	return (struct slice){ routing.ptr, routing.len < 8 ? routing.len : 8 };
}

struct records {
	struct buffer *out;
	size_t begin;     /* of the open record */
	uint64_t count;
};

static void record_end(struct records *records)
{
	assert(records->out->failed || records->out->len - records->begin == RECORD);
	buffer_char(records->out, '\n');
	records->begin = records->out->len;
	records->count++;
}

/* ---- records ---- */

static void file_header(struct records *records, const struct payer *payer, days day)
{
	struct buffer *out = records->out;
	buffer_text(out, "101 ");
	alpha(out, payer->routing, 9);
	alpha(out, payer->id, 10);
	days_put6(out, day);
	buffer_text(out, "0000A094101");
	alpha(out, SLICE_NONE, 23);
	alpha(out, payer->name, 23);
	alpha(out, SLICE_NONE, 8);
	record_end(records);
}

static void batch_header(struct records *records, const struct payer *payer, days day, days effective)
{
	struct buffer *out = records->out;
	buffer_text(out, "5220");
	alpha(out, payer->name, 16);
	alpha(out, SLICE_NONE, 20);
	alpha(out, payer->id, 10);
	buffer_text(out, "CCDHCCLAIMPMT");
	days_put6(out, day);
	days_put6(out, effective);
	buffer_text(out, "   1");
	alpha(out, routing_head(payer->routing), 8);
	digits(out, 1, 7);
	record_end(records);
}

static void entry_put(struct records *records, const struct payer *payer, const struct bank_entry *entry)
{
	struct buffer *out = records->out;
	buffer_text(out, entry->savings ? "632" : "622");
	alpha(out, entry->routing, 9);
	alpha(out, entry->account, ACCOUNT_MAX);
	digits(out, (uint64_t)entry->amount, 10);
	alpha(out, entry->trace, 15);
	alpha(out, entry->name, 22);
	buffer_text(out, "  1");
	alpha(out, routing_head(payer->routing), 8);
	digits(out, entry->number % 10000000, 7);
	record_end(records);
	buffer_text(out, "705");
	size_t at = out->len;
	buffer_format(out, "TRN*1*%.*s*%.*s~", SLICE_ARG(entry->trace), SLICE_ARG(payer->id));
	if (out->len - at < 80)
		alpha(out, SLICE_NONE, 80 - (out->len - at));
	digits(out, 1, 4);
	digits(out, entry->number % 10000000, 7);
	record_end(records);
}

static void totals(struct buffer *out, uint64_t hash, cents credits)
{
	digits(out, hash % HASH_MODULUS, 10);
	digits(out, 0, 12);
	digits(out, (uint64_t)credits, 12);
}

void bank_put(struct buffer *out, const struct payer *payer, const struct bank_entry *entries, size_t count, days day, days effective)
{
	struct records records = { .out = out, .begin = out->len };
	uint64_t hash = 0, head;
	cents credits = 0;
	if (count == 0)
		return;
	file_header(&records, payer, day);
	batch_header(&records, payer, day, effective);
	for (size_t i = 0; i < count; i++) {
		entry_put(&records, payer, &entries[i]);
		if (slice_number(&head, routing_head(entries[i].routing)))
			hash += head;
		credits += entries[i].amount;
	}
	buffer_text(out, "8220");
	digits(out, 2 * count, 6);
	totals(out, hash, credits);
	alpha(out, payer->id, 10);
	alpha(out, SLICE_NONE, 25);
	alpha(out, routing_head(payer->routing), 8);
	digits(out, 1, 7);
	record_end(&records);
	uint64_t blocks = (records.count + 1 + BLOCK - 1) / BLOCK;
	buffer_text(out, "9");
	digits(out, 1, 6);
	digits(out, blocks, 6);
	digits(out, 2 * count, 8);
	totals(out, hash, credits);
	alpha(out, SLICE_NONE, 39);
	record_end(&records);
	while (records.count % BLOCK != 0) {
		for (int i = 0; i < RECORD; i++)
			buffer_char(out, '9');
		record_end(&records);
	}
}
