/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * remittance: one payment as an 835 005010X221A1 (domain reference 1.3 to 1.7).
 *
 * Capitation is no claim: there is no loop 2000, every line is a pair of a PLB
 * (835-1, 835-3), a negative amount pays the provider (835-9), six pairs fill one
 * PLB (835-10).  Our ST has no ST03 because the guide has none.
 *
 * Holds: BPR02 = -sum of the pairs (1.6, rule 3), is never negative, and no pair is
 * zero (835-4).  A payment for which this is not so is our own mistake and is
 * never written: assert.
 */
#include "generators/generators.h"

#include <assert.h>

#define PAIRS_MAX 6

static void payment_check(const struct payment *payment)
{
	cents sum = 0;
	for (size_t i = 0; i < payment->line_count; i++) {
		assert(payment->lines[i].amount != 0);
		assert(payment->lines[i].reference.len > 0);
		sum += payment->lines[i].amount;
	}
	assert(payment->amount >= 0);
	assert(payment->amount == -sum);
	(void)sum;
}

/* PLB02: the end of the payee's fiscal year that the cycle falls into, 31 December if it is not known (835-6). */
static days fiscal_year_end(const struct billing_provider *payee, days cycle_date)
{
	uint64_t number = 1231;
	int year, month, dom;
	days end;
	if (payee->fiscal_year_end.len != 4 || !slice_number(&number, payee->fiscal_year_end))
		number = 1231;
	days_to_civil(cycle_date, &year, &month, &dom);
	int end_month = (int)(number / 100), end_dom = (int)(number % 100);
	if (end_month * 100 + end_dom < month * 100 + dom)
		year++;
	if (days_from_civil(&end, year, end_month, end_dom))
		return end;
	if (number == 229 && days_from_civil(&end, year, 2, 28))
		return end;
	if (!days_from_civil(&end, year, 12, 31))
		return cycle_date;
	return end;
}

static void bpr_put(struct writer *writer, const struct payer *payer, const struct billing_provider *payee,
                    const struct payment *payment)
{
	bool nothing = payment->amount == 0;
	bool transfer = !nothing && slice_is(payee->method, "ACH");
	writer_begin(writer, "BPR");
	writer_text(writer, nothing ? "H" : "I");
	writer_cents(writer, payment->amount);
	writer_text(writer, "C");
	writer_text(writer, nothing ? "NON" : transfer ? "ACH" : "CHK");
	if (transfer) {
		writer_text(writer, "CCP");
		writer_text(writer, "01");
		writer_element(writer, payer->routing);
		writer_text(writer, "DA");
		writer_element(writer, payer->account);
		writer_element(writer, payer->id);
		writer_text(writer, "");
		writer_text(writer, "01");
		writer_element(writer, payee->routing);
		writer_element(writer, payee->account_kind.len > 0 ? payee->account_kind : SLICE("DA"));
		writer_element(writer, payee->account);
	} else {
		for (int gap = 5; gap < 16; gap++)
			writer_text(writer, "");
	}
	writer_day(writer, payment->effective_date);
	writer_end(writer);
}

static void address_put(struct writer *writer, struct slice street, struct slice city, struct slice state,
                        struct slice zip)
{
	if (street.len > 0) {
		writer_begin(writer, "N3");
		writer_element(writer, street);
		writer_end(writer);
	}
	if (city.len > 0) {
		writer_begin(writer, "N4");
		writer_element(writer, city);
		writer_element(writer, state);
		writer_digits(writer, zip);
		writer_end(writer);
	}
}

static void phone_put(struct writer *writer, const char *function, struct slice name, struct slice phone)
{
	writer_begin(writer, "PER");
	writer_text(writer, function);
	writer_element(writer, name);
	if (phone.len > 0) {
		writer_text(writer, "TE");
		writer_digits(writer, phone);
	}
	writer_end(writer);
}

static void payer_put(struct writer *writer, const struct payer *payer)
{
	writer_begin(writer, "N1");
	writer_text(writer, "PR");
	writer_element(writer, payer->name);
	writer_end(writer);
	address_put(writer, payer->street, payer->city, payer->state, payer->zip);
	if (payer->phone.len > 0)
		phone_put(writer, "CX", SLICE_NONE, payer->phone);
	phone_put(writer, "BL", payer->help_name, payer->help_phone); /* required (1.7) */
}

static void payee_put(struct writer *writer, const struct billing_provider *payee)
{
	writer_begin(writer, "N1");
	writer_text(writer, "PE");
	writer_element(writer, payee->name);
	writer_text(writer, "XX");
	writer_text(writer, payee->npi);
	writer_end(writer);
	address_put(writer, payee->street, payee->city, payee->state, payee->zip);
	writer_reference(writer, "PQ", payee->medicaid_id);
	if (payee->tax_id.len > 0) {
		writer_begin(writer, "REF");
		writer_text(writer, "TJ");
		writer_digits(writer, payee->tax_id);
		writer_end(writer);
	}
}

/* The payee's own NPI stands in PLB01, whoever gave the care (835-5, BAD-22). */
static void adjustments_put(struct writer *writer, const struct billing_provider *payee, const struct payment *payment)
{
	days year_end = fiscal_year_end(payee, payment->cycle_date);
	for (size_t i = 0; i < payment->line_count; i++) {
		const struct payout_line *line = &payment->lines[i];
		if (i % PAIRS_MAX == 0) {
			writer_begin(writer, "PLB");
			writer_text(writer, payee->npi);
			writer_day(writer, year_end);
		}
		writer_text(writer, line->plb_code);
		writer_component(writer, line->reference);
		writer_cents(writer, line->amount);
		if (i % PAIRS_MAX == PAIRS_MAX - 1 || i + 1 == payment->line_count)
			writer_end(writer);
	}
}

void remittance_put(struct buffer *out, const struct payer *payer, const struct billing_provider *payee,
                    const struct payment *payment, char usage)
{
	struct writer writer;
	struct envelope envelope = {
		.sender_qualifier = SLICE("ZZ"),
		.sender = payer->interchange_id,
		.receiver_qualifier = SLICE("ZZ"),
		.receiver = payee->trading_partner,
		.made = { .day = payment->cycle_date, .second = 0 },
		.usage = usage,
		.control = (uint64_t)payment->control,
	};
	payment_check(payment);
	writer_init(&writer, out);
	writer_interchange(&writer, &envelope);
	writer_group(&writer, &envelope, "HP", "005010X221A1");
	writer_set(&writer, "835", NULL);
	bpr_put(&writer, payer, payee, payment);
	writer_begin(&writer, "TRN");
	writer_text(&writer, "1");
	writer_element(&writer, payment->trace);
	writer_element(&writer, payer->id);
	writer_end(&writer);
	writer_reference(&writer, "EV", payee->trading_partner);
	writer_begin(&writer, "DTM");
	writer_text(&writer, "405");
	writer_day(&writer, payment->cycle_date);
	writer_end(&writer);
	payer_put(&writer, payer);
	payee_put(&writer, payee);
	adjustments_put(&writer, payee, payment);
	writer_set_end(&writer);
	writer_group_end(&writer);
	writer_interchange_end(&writer);
}
