/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * advice: the remittance advice that a person reads (domain reference 1.2).
 *
 * The same lines as the PLB of the 835, sorted into the two blocks that people of
 * an interChange state know: what the program pays out that belongs to no claim,
 * and what it takes back or carries forward.  The payout goes to a roster, so its
 * recipient columns are blank.  The words of reasons and funds are the program's.
 *
 * Holds: no line is longer than 120 characters; the net payment is BPR02; each
 * transaction number (FCN) is the one in the 835 and on the roster.
 */
#include "generators/generators.h"

#define COLUMN_WORDS 60

static const char rule[] =
	"------------------------------------------------------------------------------------------------------------------------\n";

static struct slice words_find(const struct words *words, size_t count, const char *code)
{
	for (size_t i = 0; i < count; i++)
		if (slice_is(slice_of(code), words[i].code))
			return slice_of(words[i].text);
	return SLICE_NONE;
}

/* Does the line belong to the accounts receivable: taken back, or carried forward? */
static bool line_is_receivable(const struct payout_line *line)
{
	return line->amount > 0 || slice_is(slice_of(line->plb_code), "FB") || slice_is(slice_of(line->plb_code), "OB");
}

/* ---- pieces ---- */

static void amount_put(struct buffer *out, cents amount, size_t width)
{
	struct buffer text;
	buffer_init(&text, 64);
	cents_put_people(&text, amount);
	struct slice view = buffer_view(&text);
	for (size_t i = view.len; i < width; i++)
		buffer_char(out, ' ');
	buffer_slice(out, view);
	out->failed = out->failed || text.failed;
	buffer_done(&text);
}

static void day_put(struct buffer *out, days day)
{
	if (day == DAYS_NONE || day == DAYS_OPEN)
		buffer_pad(out, SLICE_NONE, 10);
	else
		days_put_us(out, day);
}

static void field_put(struct buffer *out, const char *label, struct slice value, size_t width)
{
	buffer_pad(out, slice_of(label), 15);
	buffer_pad(out, value, width);
}

/* ---- heading ---- */

static void city_put(struct buffer *out, struct slice city, struct slice state, struct slice zip)
{
	buffer_slice(out, city);
	buffer_char(out, ' ');
	buffer_slice(out, state);
	buffer_char(out, ' ');
	buffer_slice(out, zip);
}

static void city_field_put(struct buffer *out, const struct billing_provider *payee, size_t width)
{
	struct buffer text;
	buffer_init(&text, 512);
	city_put(&text, payee->city, payee->state, payee->zip);
	field_put(out, "", buffer_view(&text), width);
	out->failed = out->failed || text.failed;
	buffer_done(&text);
}

static void heading_put(struct buffer *out, const struct payer *payer, const struct billing_provider *payee,
                        const struct payment *payment)
{
	buffer_pad(out, payer->name, COLUMN_WORDS);
	buffer_text(out, "REMITTANCE ADVICE\n");
	buffer_pad(out, payer->street, COLUMN_WORDS);
	buffer_text(out, "FINANCIAL TRANSACTIONS\n");
	city_put(out, payer->city, payer->state, payer->zip);
	buffer_text(out, "\n\n");
	field_put(out, "PAYEE", payee->name, 45);
	field_put(out, "NPI", SLICE_NONE, 0);
	buffer_format(out, "%s\n", payee->npi);
	field_put(out, "", payee->street, 45);
	field_put(out, "MEDICAID ID", SLICE_NONE, 0);
	buffer_slice(out, payee->medicaid_id);
	buffer_char(out, '\n');
	city_field_put(out, payee, 45);
	field_put(out, "TAX ID", SLICE_NONE, 0);
	buffer_slice(out, payee->tax_id);
	buffer_text(out, "\n\n");
	field_put(out, "CYCLE DATE", SLICE_NONE, 0);
	day_put(out, payment->cycle_date);
	buffer_pad(out, SLICE_NONE, 35);
	field_put(out, "PAYMENT TRACE", SLICE_NONE, 0);
	buffer_slice(out, payment->trace);
	buffer_char(out, '\n');
	field_put(out, "PAYMENT DATE", SLICE_NONE, 0);
	day_put(out, payment->effective_date);
	buffer_pad(out, SLICE_NONE, 35);
	field_put(out, "PAYMENT METHOD", SLICE_NONE, 0);
	buffer_text(out, payment->amount == 0 ? "NONE" : slice_is(payee->method, "ACH") ? "TRANSFER" : "CHECK");
	buffer_text(out, "\n\n");
}

/* ---- blocks ---- */

static void block_head_put(struct buffer *out, const char *title, const char *amount)
{
	buffer_format(out, "%s\n%s", title, rule);
	buffer_pad(out, SLICE("TRANSACTION"), 16);
	buffer_pad(out, SLICE("CCN"), 6);
	buffer_format(out, "%16s ", amount);
	buffer_pad(out, SLICE("REASON"), 7);
	buffer_pad(out, SLICE("FUND"), 17);
	buffer_format(out, "%8s ", "MEMBER");
	buffer_pad(out, SLICE("SERVICE"), 11);
	buffer_pad(out, SLICE("SERVICE"), 11);
	buffer_text(out, "RECIPIENT  RECIPIENT\n");
	buffer_pad(out, SLICE("NUMBER"), 39);
	buffer_pad(out, SLICE("CODE"), 24);
	buffer_format(out, "%8s ", "MONTHS");
	buffer_pad(out, SLICE("FROM"), 11);
	buffer_pad(out, SLICE("THRU"), 11);
	buffer_text(out, "NUMBER     NAME\n");
	buffer_text(out, rule);
}

static void line_put(struct buffer *out, const struct payout_line *line, cents amount, struct slice fund)
{
	bool dated = line->month != MONTHS_NONE;
	buffer_pad(out, slice_of(line->fcn), 16);
	buffer_pad(out, SLICE_NONE, 6);
	amount_put(out, amount, 16);
	buffer_char(out, ' ');
	buffer_pad(out, slice_of(line->reason[0] == '\0' ? line->plb_code : line->reason), 7);
	buffer_pad(out, fund.len > 0 ? fund : slice_of(line->fund), 16);
	if (line->member_months > 0)
		buffer_format(out, " %8llu ", (unsigned long long)line->member_months);
	else
		buffer_pad(out, SLICE_NONE, 10);
	if (dated) {
		day_put(out, month_first(line->month));
		buffer_char(out, ' ');
		day_put(out, month_last(line->month));
	}
	buffer_char(out, '\n');
}

/* Why months were taken back or added late stands below their line, when all of them share one reason. */
static void why_put(struct buffer *out, const struct payout_line *line)
{
	if (line->why == REASON_NONE)
		return;
	buffer_pad(out, SLICE_NONE, 39);
	buffer_format(out, "%s\n", reason_text(line->why));
}

static cents block_put(struct buffer *out, const struct payment *payment, bool receivable, const struct words *words,
                       size_t word_count)
{
	cents total = 0;
	size_t count = 0;
	for (size_t i = 0; i < payment->line_count; i++) {
		const struct payout_line *line = &payment->lines[i];
		if (line_is_receivable(line) != receivable)
			continue;
		/* people read payouts as positive, and what is taken as positive in its own block */
		cents amount = receivable ? line->amount : -line->amount;
		line_put(out, line, amount, words_find(words, word_count, line->fund));
		why_put(out, line);
		total += amount;
		count++;
	}
	if (count == 0)
		buffer_text(out, "NONE\n");
	buffer_text(out, rule);
	buffer_pad(out, SLICE("TOTAL"), 22);
	amount_put(out, total, 16);
	buffer_text(out, "\n\n");
	return total;
}

/* ---- summary ---- */

static void earning_put(struct buffer *out, const char *label, cents amount)
{
	buffer_pad(out, slice_of(label), 50);
	amount_put(out, amount, 20);
	buffer_char(out, '\n');
}

static void summary_put(struct buffer *out, const struct payment *payment, cents payouts, cents receivables)
{
	buffer_format(out, "EARNINGS DATA\n%s", rule);
	earning_put(out, "CLAIMS PAYMENTS", 0);
	earning_put(out, "SYSTEM PAYOUTS (NON-CLAIM SPECIFIC)", payouts);
	earning_put(out, "ACCOUNTS RECEIVABLE OFFSETS", -receivables);
	earning_put(out, "NET PAYMENT", payment->amount);
	buffer_char(out, '\n');
}

static void reason_put(struct buffer *out, const char *code, struct slice text)
{
	buffer_pad(out, slice_of(code), 8);
	buffer_slice(out, text);
	buffer_char(out, '\n');
}

/* Was the code of line `i` on a line before it? */
static bool code_seen(const struct payment *payment, size_t i, bool reason)
{
	for (size_t before = 0; before < i; before++) {
		const struct payout_line *a = &payment->lines[before], *b = &payment->lines[i];
		if (reason && slice_is(slice_of(a->reason), b->reason))
			return true;
		if (!reason && slice_is(slice_of(a->plb_code), b->plb_code))
			return true;
	}
	return false;
}

static void reasons_put(struct buffer *out, const struct payment *payment, const struct words *words, size_t word_count)
{
	buffer_format(out, "REASON CODES\n%s", rule);
	for (size_t i = 0; i < payment->line_count; i++) {
		const char *code = payment->lines[i].reason;
		if (code[0] != '\0' && !code_seen(payment, i, true))
			reason_put(out, code, words_find(words, word_count, code));
	}
	for (size_t i = 0; i < payment->line_count; i++) {
		const char *code = payment->lines[i].plb_code;
		struct slice text = words_find(words, word_count, code);
		if (text.len == 0 && guide_code_label(426, slice_of(code)) != NULL)
			text = slice_of(guide_code_label(426, slice_of(code)));
		if (text.len > 0 && !code_seen(payment, i, false))
			reason_put(out, code, text);
	}
}

void advice_put(struct buffer *out, const struct payer *payer, const struct billing_provider *payee,
                const struct payment *payment, const struct words *words, size_t word_count)
{
	heading_put(out, payer, payee, payment);
	block_head_put(out, "NON-CLAIM SPECIFIC PAYOUTS TO PROVIDERS", "PAYOUT AMOUNT");
	cents payouts = block_put(out, payment, false, words, word_count);
	block_head_put(out, "ACCOUNTS RECEIVABLE", "AMOUNT TAKEN");
	cents receivables = block_put(out, payment, true, words, word_count);
	summary_put(out, payment, payouts, receivables);
	reasons_put(out, payment, words, word_count);
}
