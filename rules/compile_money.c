/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * compile_money: the elements that say what is paid: rates, funds, payout codes, the
 * calendar, and how far back a month stays open.
 */
#include "rules/compile.h"

void compile_fee(struct compiler *c, const xmlNode *from)
{
	struct rate *rates = compile_room(c, xml_count(from, "rate"), sizeof(*rates));
	if (rates == NULL)
		return;
	size_t count = 0;
	for (const xmlNode *node = xml_child(from, "rate"); node != NULL; node = xml_next(node, "rate")) {
		struct rate *rate = &rates[count];
		struct slice amount = compile_text(c, node, "amount");
		rate->from = compile_day(c, node, "from", DAYS_NONE);
		rate->to = compile_day(c, node, "to", DAYS_OPEN);
		if (!cents_parse(&rate->amount, amount))
			compile_complain(c, node, "amount is not an amount", amount);
		if (rate->to < rate->from)
			compile_complain(c, node, "rate ends before it begins", amount);
		for (size_t i = 0; i < count; i++)
			if (rates[i].from <= rate->to && rate->from <= rates[i].to)
				compile_complain(c, node, "rate overlaps another one", amount);
		count++;
	}
	c->program->rates = rates;
	c->program->rate_count = count;
	c->program->count_last_day = compile_is(c, from, "count", "last-day");
}

static void compile_aids(struct compiler *c, const xmlNode *from, struct aid *aids, size_t fund)
{
	struct program *program = c->program;
	for (const xmlNode *node = xml_child(from, "aid"); node != NULL; node = xml_next(node, "aid")) {
		struct slice categories = compile_text(c, node, "categories"), rest = categories;
		for (struct slice word = slice_word(&rest); word.len > 0; word = slice_word(&rest))
			for (size_t i = 0; i < program->aid_count; i++)
				if (slice_among(aids[i].categories, word))
					compile_complain(c, node, "aid category has a fund already", word);
		aids[program->aid_count++] = (struct aid){ categories, fund };
	}
}

void compile_funds(struct compiler *c, const xmlNode *from)
{
	struct program *program = c->program;
	size_t aids_size = 0;
	for (const xmlNode *node = xml_child(from, "fund"); node != NULL; node = xml_next(node, "fund"))
		aids_size += xml_count(node, "aid");
	struct aid *aids = compile_room(c, aids_size, sizeof(*aids));
	if (aids == NULL)
		return;
	program->aids = aids;
	struct slice chosen = compile_text(c, from, "default");
	size_t default_fund = SIZE_MAX;
	for (const xmlNode *node = xml_child(from, "fund"); node != NULL; node = xml_next(node, "fund")) {
		if (program->fund_count == LIMIT_FUNDS) {
			compile_complain(c, node, "more funds than the limit", compile_text(c, node, "code"));
			return;
		}
		struct fund *fund = &program->funds[program->fund_count];
		*fund = (struct fund){ compile_text(c, node, "code"), compile_text(c, node, "name") };
		for (size_t i = 0; i < program->fund_count; i++)
			if (slice_equal(program->funds[i].code, fund->code))
				compile_complain(c, node, "fund is named a second time", fund->code);
		if (slice_equal(fund->code, chosen))
			default_fund = program->fund_count;
		compile_aids(c, node, aids, program->fund_count);
		program->fund_count++;
	}
	if (chosen.len > 0 && default_fund == SIZE_MAX)
		compile_complain(c, from, "default fund is none of the program's funds", chosen);
	program->default_fund = default_fund == SIZE_MAX ? program->fund_count : default_fund;
}

void compile_money(struct compiler *c, const xmlNode *root)
{
	static const char *const weekdays[] = { "sunday", "monday", "tuesday", "wednesday", "thursday", "friday",
		"saturday" };
	struct program *program = c->program;
	const xmlNode *payout = xml_child(root, "payout"), *remittance = xml_child(root, "remittance"),
		      *retro = xml_child(root, "retro");
	if (payout == NULL || remittance == NULL || retro == NULL)
		return;
	program->payout = (struct payout_codes){ compile_text(c, payout, "reason"), compile_text(c, payout, "text"),
		compile_text(c, payout, "fee"), compile_text(c, payout, "retro"), compile_text(c, payout, "carry") };
	for (int i = 0; i < (int)COUNT_OF(weekdays); i++)
		if (compile_is(c, remittance, "weekday", weekdays[i]))
			program->cycle_weekday = i;
	program->cycle_nth = compile_number(c, remittance, "nth");
	program->cycle_months = compile_number(c, remittance, "months-after");
	program->payment_days = compile_number(c, remittance, "payment-days");
	program->additions_months = compile_window(c, retro, "additions-months");
	program->recoupments_months = compile_window(c, retro, "recoupments-months");
	program->death_months = compile_window(c, retro, "death-months");
}
