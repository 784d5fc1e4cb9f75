/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * balance: what a set says of itself as a whole.  835: BPR02 is the sum of CLP04 less the
 * sum of the PLB amounts (domain reference 1.3).  834: QTY*TO, if sent, is the number of
 * INS segments.  Running sums only; exact cents.
 */
#include "parsers/parts.h"

void balance_begin(struct balance *balance, const struct guide *guide)
{
	memset(balance, 0, sizeof(*balance));
	if (strcmp(guide->set_id, "834") == 0)
		balance->kind = BALANCE_MEMBERS;
	else if (strcmp(guide->set_id, "835") == 0)
		balance->kind = BALANCE_PAYMENT;
}

bool balance_wants(uint32_t id)
{
	return id == ID3('I', 'N', 'S') || id == ID3('Q', 'T', 'Y') || id == ID3('B', 'P', 'R') ||
	       id == ID3('C', 'L', 'P') || id == ID3('P', 'L', 'B');
}

static void sum_add(struct balance *balance, cents *sum, struct slice text)
{
	cents amount = 0;
	if (text.len == 0)
		return;
	if (!cents_parse(&amount, text) || __builtin_add_overflow(*sum, amount, sum))
		balance->broken = true;
}

static void claim_at(struct balance *balance, const struct segment *segment, uint64_t position, unsigned element)
{
	struct slice value = segment_element(segment, element);
	balance->claimed = true;
	balance->place = (struct place){ .segment = position, .element = (uint16_t)element };
	segment_place(&balance->place, segment, value.ptr);
}

static void members_segment(struct balance *balance, const struct segment *segment, uint64_t position)
{
	uint32_t id = id_number(segment->id);
	balance->count += id == ID3('I', 'N', 'S');
	if (id != ID3('Q', 'T', 'Y') || !slice_is(segment_element(segment, 1), "TO") || balance->claimed)
		return;
	if (slice_number(&balance->total, segment_element(segment, 2)))
		claim_at(balance, segment, position, 2);
}

static void payment_segment(struct balance *balance, const struct segment *segment, uint64_t position)
{
	uint32_t id = id_number(segment->id);
	if (id == ID3('B', 'P', 'R')) {
		if (balance->claimed)
			return;
		claim_at(balance, segment, position, 2);
		sum_add(balance, &balance->amount, segment_element(segment, 2));
		if (slice_is(segment_element(segment, 3), "D"))
			balance->amount = -balance->amount;
	} else if (id == ID3('C', 'L', 'P')) {
		sum_add(balance, &balance->claims, segment_element(segment, 4));
	} else if (id == ID3('P', 'L', 'B')) {
		for (unsigned element = 4; element <= 14; element += 2)
			sum_add(balance, &balance->adjustments, segment_element(segment, element));
	}
}

void balance_segment(struct balance *balance, const struct segment *segment, uint64_t position)
{
	if (balance->kind == BALANCE_MEMBERS)
		members_segment(balance, segment, position);
	else if (balance->kind == BALANCE_PAYMENT)
		payment_segment(balance, segment, position);
}

/* The finding stands at the element that says the sum. */
static void balance_find(struct walker *walker, enum finding_code code, const char *id, struct slice value,
	const char *expected)
{
	struct finding finding;
	found_init(&finding, code);
	finding.place = walker->balance.place;
	finding.data_element = code == FINDING_BALANCE_835 ? 782 : 380;
	slice_copy(finding.segment_id, sizeof(finding.segment_id), slice_of(id));
	slice_copy(finding.expected, sizeof(finding.expected), slice_of(expected));
	found_plain(&finding, value);
	walker_tell(walker, &finding);
}

static struct slice amount_text(struct buffer *text, cents amount)
{
	buffer_reset(text);
	cents_put_x12(text, amount);
	return buffer_view(text);
}

static void payment_end(struct walker *walker)
{
	const struct balance *balance = &walker->balance;
	cents sum = 0;
	bool broken = balance->broken || __builtin_sub_overflow(balance->claims, balance->adjustments, &sum);
	if (!broken && sum == balance->amount)
		return;
	struct buffer value, expected;
	buffer_init(&value, 64);
	buffer_init(&expected, 64);
	(void)amount_text(&value, balance->amount);
	char words[64];
	struct slice text = amount_text(&expected, sum);
	if (broken)
		(void)snprintf(words, sizeof(words), "amounts in whole cents");
	else
		(void)snprintf(words, sizeof(words), "%.*s", SLICE_ARG(text));
	/* a sum that could not be made is not what was sent */
	balance_find(walker, FINDING_BALANCE_835, "BPR", broken ? SLICE_NONE : buffer_view(&value), words);
	buffer_done(&value);
	buffer_done(&expected);
}

void balance_end(struct walker *walker)
{
	const struct balance *balance = &walker->balance;
	if (!balance->claimed)
		return;
	if (balance->kind == BALANCE_PAYMENT) {
		payment_end(walker);
	} else if (balance->total != balance->count) {
		char value[24], expected[24];
		(void)snprintf(value, sizeof(value), "%llu", (unsigned long long)balance->total);
		(void)snprintf(expected, sizeof(expected), "%llu", (unsigned long long)balance->count);
		balance_find(walker, FINDING_COUNT_834, "QTY", slice_of(value), expected);
	}
}
