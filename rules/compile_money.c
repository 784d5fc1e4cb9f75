/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * compile_money: the elements that say what is paid: rates, funds, payout codes, the
 * calendar, and how far back a month stays open.
 */
#include "rules/compile.h"
#include "rules/condition.h"

static struct conditions *compile_when_room(struct compiler *c, const xmlNode *node)
{
	struct conditions *when = compile_room(c, 1, sizeof(*when));
	if (when != NULL)
		*when = compile_conditions(c, node);
	return when;
}

static const struct rate *compile_rates(struct compiler *c, const xmlNode *from, size_t *out)
{
	struct rate *rates = compile_room(c, xml_count(from, "rate"), sizeof(*rates));
	size_t count = 0;
	for (const xmlNode *node = xml_child(from, "rate"); rates != NULL && node != NULL; node = xml_next(node, "rate")) {
		struct rate *rate = &rates[count];
		struct slice amount = compile_text(c, node, "amount");
		rate->from = compile_day(c, node, "from", DAYS_NONE);
		rate->to = compile_day(c, node, "to", DAYS_OPEN);
		if (!cents_parse(&rate->amount, amount))
			compile_complain(c, node, "amount is not an amount: give dollars with two decimals", amount);
		if (rate->to < rate->from)
			compile_complain(c, node, "rate ends before it begins: give from and to in their order", amount);
		rate->when = compile_when_room(c, node);
		if (rate->when == NULL)
			break;
		/* the first row of the file that holds wins: one as wide before it leaves this one nothing on the days of both */
		for (size_t i = 0; i < count; i++)
			if (rates[i].from <= rate->to && rate->from <= rates[i].to && conditions_imply(rate->when, rates[i].when))
				compile_complain(c, node, rates[i].when->count == 0 && rate->when->count == 0
					? "rate overlaps another one: end the older one on the day before"
					: "rate is never reached: a row above it holds whenever it does: put the narrower row first", amount);
		count++;
	}
	*out = count;
	return rates;
}

static const struct due_rule *compile_dues(struct compiler *c, const xmlNode *from, size_t *out)
{
	struct due_rule *dues = compile_room(c, xml_count(from, "due"), sizeof(*dues));
	size_t count = 0;
	for (const xmlNode *node = xml_child(from, "due"); dues != NULL && node != NULL; node = xml_next(node, "due")) {
		struct due_rule *due = &dues[count];
		*due = (struct due_rule){ compile_text(c, node, "attribute"), compile_is(c, node, "of", "practice") ? SUBJECT_PRACTICE
			: SUBJECT_MEMBER, compile_is(c, node, "of", "payee"), compile_number(c, node, "months"), compile_when_room(c, node) };
		if (due->when == NULL)
			break;
		for (size_t i = 0; i < count; i++)
			if (!slice_equal(dues[i].attribute, due->attribute))
				compile_complain(c, node, "an add-on is due after one attribute only: make it two add-ons", due->attribute);
			else if (conditions_imply(due->when, dues[i].when))
				compile_complain(c, node, "due is never reached: a row above it holds whenever it does: put the narrower "
					"row first", due->attribute);
		count++;
	}
	*out = count;
	return dues;
}

static const struct addon *compile_addons(struct compiler *c, const xmlNode *from, size_t *out)
{
	struct addon *addons = compile_room(c, xml_count(from, "add-on"), sizeof(*addons));
	size_t count = 0;
	for (const xmlNode *node = xml_child(from, "add-on"); addons != NULL && node != NULL; node = xml_next(node, "add-on")) {
		struct addon *addon = &addons[count];
		*addon = (struct addon){ .id = compile_text(c, node, "id"), .name = compile_text(c, node, "name"), .when = compile_when_room(c, node) };
		addon->rates = compile_rates(c, node, &addon->rate_count);
		addon->dues = compile_dues(c, node, &addon->due_count);
		for (size_t i = 0; i < count; i++)
			if (slice_equal(addons[i].id, addon->id))
				compile_complain(c, node, "add-on is named a second time: give it an id of its own", addon->id);
		count++;
	}
	*out = count;
	return addons;
}

static size_t fund_named(const struct program *program, struct slice code)
{
	size_t i = 0;
	while (i < program->fund_count && !slice_equal(program->funds[i].code, code))
		i++;
	return i;
}

/* Hundredths of a percent, "62.25" as cents are read. */
static int32_t compile_percent(struct compiler *c, const xmlNode *node)
{
	cents percent = 0;
	struct slice text = compile_text(c, node, "percent");
	if (!cents_parse(&percent, text) || percent > 10000)
		compile_complain(c, node, "percent is not between 0.00 and 100.00: mend it", text);
	return (int32_t)percent;
}

/* On each day that a rate of the stream can be in force the shares come to 100 percent. */
static void shares_check(struct compiler *c, const xmlNode *from, const struct share *shares, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const days turns[] = { shares[i].from, shares[i].to == DAYS_OPEN ? DAYS_OPEN : shares[i].to + 1 };
		for (size_t turn = 0; turn < (shares[i].to == DAYS_OPEN ? 1U : 2U); turn++) {
			int32_t percent = 0;
			for (size_t j = 0; j < count; j++)
				if (shares[j].from <= turns[turn] && turns[turn] <= shares[j].to)
					percent += shares[j].percent;
			if (percent != 10000 && (turn == 0 || percent != 0))
				compile_complain(c, from, "shares of a day do not come to 100.00 percent: mend them, from",
					arena_format(&c->program->arena, "%s", days_iso(turns[turn]).text));
		}
	}
}

static const struct share *compile_shares(struct compiler *c, const xmlNode *from, size_t *out)
{
	struct share *shares = compile_room(c, xml_count(from, "share"), sizeof(*shares));
	size_t count = 0;
	for (const xmlNode *node = xml_child(from, "share"); shares != NULL && node != NULL; node = xml_next(node, "share")) {
		struct share *share = &shares[count];
		struct slice code = compile_text(c, node, "fund");
		*share = (struct share){ compile_day(c, node, "from", DAYS_NONE), compile_day(c, node, "to", DAYS_OPEN),
			compile_percent(c, node), fund_named(c->program, code) };
		if (share->fund == c->program->fund_count)
			compile_complain(c, node, "share names a fund that is none of the program's: add it to funds", code);
		for (size_t i = 0; i < count; i++)
			if (shares[i].fund == share->fund && shares[i].from <= share->to && share->from <= shares[i].to)
				compile_complain(c, node, "share overlaps another one of its fund: end the older one on the day before", code);
		count++;
	}
	if (count > 0)
		shares_check(c, from, shares, count);
	*out = count;
	return shares;
}

static const struct withhold *compile_withholds(struct compiler *c, const xmlNode *from, size_t *out)
{
	struct withhold *withholds = compile_room(c, xml_count(from, "withhold"), sizeof(*withholds));
	size_t count = 0;
	for (const xmlNode *node = xml_child(from, "withhold"); withholds != NULL && node != NULL; node = xml_next(node, "withhold")) {
		struct withhold *withhold = &withholds[count];
		*withhold = (struct withhold){ compile_day(c, node, "from", DAYS_NONE), compile_day(c, node, "to", DAYS_OPEN),
			compile_percent(c, node), compile_number(c, node, "release-months") };
		for (size_t i = 0; i < count; i++)
			if (withholds[i].from <= withhold->to && withhold->from <= withholds[i].to)
				compile_complain(c, node, "withhold overlaps another one: end the older one on the day before", compile_text(c, node, "percent"));
			else if (withholds[i].release != withhold->release)
				compile_complain(c, node, "withholds of one payment are released after one time", compile_text(c, node, "release-months"));
		count++;
	}
	*out = count;
	return withholds;
}

static void compile_lumps(struct compiler *c, const xmlNode *root, struct slice carry)
{
	struct lump *lumps = compile_room(c, xml_count(root, "lump-sum"), sizeof(*lumps));
	size_t count = 0;
	for (const xmlNode *node = xml_child(root, "lump-sum"); lumps != NULL && node != NULL; node = xml_next(node, "lump-sum")) {
		struct lump *lump = &lumps[count];
		struct slice id = compile_text(c, node, "id"), code = compile_text(c, node, "fund"), plb = compile_text(c, node, "plb");
		*lump = (struct lump){ .from = compile_day(c, node, "from", DAYS_NONE), .to = compile_day(c, node, "to", DAYS_OPEN),
			.fund = fund_named(c->program, code), .when = compile_when_room(c, node),
			.payout = { compile_text(c, node, "reason"), compile_text(c, node, "text"), plb, plb, carry } };
		slice_copy(lump->id, sizeof(lump->id), id);
		if (!cents_parse(&lump->amount, compile_text(c, node, "amount")) || lump->amount == 0)
			compile_complain(c, node, "amount is not an amount above nothing", compile_text(c, node, "amount"));
		if (lump->fund == c->program->fund_count)
			compile_complain(c, node, "lump sum names a fund that is none of the program's: add it to funds", code);
		for (size_t i = 0; i < count; i++)
			if (strcmp(lumps[i].id, lump->id) == 0)
				compile_complain(c, node, "lump sum is named a second time: give it an id of its own", id);
		for (size_t i = 0; i < c->program->stream_count; i++)
			if (strcmp(c->program->streams[i].id, lump->id) == 0)
				compile_complain(c, node, "lump sum has the id of a payment: give it one of its own", id);
		count++;
	}
	c->program->lumps = lumps;
	c->program->lump_count = count;
}

static void compile_timing(struct compiler *c, const xmlNode *from, struct stream *stream)
{
	static const char *const counts[] = { "first-day", "last-day", "any-day", "days" };
	for (size_t i = 0; i < COUNT_OF(counts); i++)
		if (compile_is(c, from, "count", counts[i]))
			stream->count = (enum count_rule)i;
	stream->prospective = compile_is(c, from, "paid", "prospective");
	stream->period = compile_is(c, from, "paid", "quarterly") ? 3 : compile_is(c, from, "paid", "yearly") ? 12 : 1;
	if (compile_text(c, from, "delay-months").len > 0)
		stream->delay = compile_number(c, from, "delay-months");
	stream->payee = compile_is(c, from, "payee", "network") ? PAYEE_NETWORK
		: compile_is(c, from, "payee", "network-or-practice") ? PAYEE_EITHER : PAYEE_PRACTICE;
	if (compile_text(c, from, "visit-months").len > 0)
		stream->visit_months = compile_number(c, from, "visit-months");
	if (stream->delay > 0 && stream->period == 1)
		compile_complain(c, from, "delay-months is for what is paid quarterly or yearly: take it out", SLICE_NONE);
	if (stream->prospective && stream->count != COUNT_FIRST_DAY)
		compile_complain(c, from, "what is paid before the month is over must be counted on its first day: say count=\"first-day\"", SLICE_NONE);
}

static void compile_stream(struct compiler *c, const xmlNode *from, struct slice id)
{
	struct program *program = c->program;
	if (program->stream_count == LIMIT_STREAMS) {
		compile_complain(c, from, "more payments than the limit of 8: leave some out", id);
		return;
	}
	struct stream *stream = &program->streams[program->stream_count];
	for (size_t i = 0; i < program->stream_count; i++)
		if (slice_is(id, program->streams[i].id))
			compile_complain(c, from, "payment is named a second time: give it an id of its own", id);
	*stream = (struct stream){ .period = 1 };
	slice_copy(stream->id, sizeof(stream->id), id);
	compile_timing(c, from, stream);
	stream->rates = compile_rates(c, from, &stream->rate_count);
	stream->addons = compile_addons(c, from, &stream->addon_count);
	stream->withholds = compile_withholds(c, from, &stream->withhold_count);
	stream->shares = compile_shares(c, from, &stream->share_count);
	if (stream->count == COUNT_DAYS && stream->share_count > 2)
		compile_complain(c, from, "what is counted by days is shared by two funds at most: take funds out", id);
	program->stream_count++;
}

/* The fee first, then the other payments in the order of the file; their codes are the payout's unless they name their own. */
static void compile_streams(struct compiler *c, const xmlNode *root, const xmlNode *payout)
{
	struct program *program = c->program;
	const struct payout_codes general = { compile_text(c, payout, "reason"), compile_text(c, payout, "text"),
		compile_text(c, payout, "fee"), compile_text(c, payout, "retro"), compile_text(c, payout, "carry") };
	const xmlNode *fee = xml_child(root, "fee");
	if (fee != NULL)
		compile_stream(c, fee, SLICE("fee"));
	if (fee != NULL)
		program->streams[0].payout = general;
	for (const xmlNode *node = xml_child(root, "payment"); node != NULL; node = xml_next(node, "payment")) {
		size_t index = program->stream_count;
		compile_stream(c, node, compile_text(c, node, "id"));
		if (index == program->stream_count)
			return;
		struct payout_codes *codes = &program->streams[index].payout;
		struct slice own[] = { compile_text(c, node, "reason"), compile_text(c, node, "text"),
			compile_text(c, node, "plb"), compile_text(c, node, "plb-retro") };
		*codes = general;
		struct slice *const places[] = { &codes->reason, &codes->text, &codes->fee_code, &codes->retro_code };
		for (size_t i = 0; i < COUNT_OF(own); i++)
			if (own[i].len > 0)
				*places[i] = own[i];
	}
}

static void compile_aids(struct compiler *c, const xmlNode *from, struct aid *aids, size_t fund)
{
	struct program *program = c->program;
	for (const xmlNode *node = xml_child(from, "aid"); node != NULL; node = xml_next(node, "aid")) {
		struct slice categories = compile_text(c, node, "categories"), rest = categories;
		for (struct slice word = slice_word(&rest); word.len > 0; word = slice_word(&rest))
			for (size_t i = 0; i < program->aid_count; i++)
				if (slice_among(aids[i].categories, word))
					compile_complain(c, node, "aid category has a fund already: take it out of one", word);
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
			compile_complain(c, node, "more funds than the limit of 16: leave some out", compile_text(c, node, "code"));
			return;
		}
		struct fund *fund = &program->funds[program->fund_count];
		*fund = (struct fund){ compile_text(c, node, "code"), compile_text(c, node, "name") };
		for (size_t i = 0; i < program->fund_count; i++)
			if (slice_equal(program->funds[i].code, fund->code))
				compile_complain(c, node, "fund is named a second time: take one out", fund->code);
		if (slice_equal(fund->code, chosen))
			default_fund = program->fund_count;
		compile_aids(c, node, aids, program->fund_count);
		program->fund_count++;
	}
	if (chosen.len > 0 && default_fund == SIZE_MAX)
		compile_complain(c, from, "default fund is none of the program's funds: add the fund, or name another", chosen);
	program->default_fund = default_fund == SIZE_MAX ? program->fund_count : default_fund;
}

static void compile_suspensions(struct compiler *c, const xmlNode *root)
{
	struct suspension *suspensions = compile_room(c, xml_count(root, "suspension"), sizeof(*suspensions));
	size_t count = 0;
	for (const xmlNode *node = xml_child(root, "suspension"); suspensions != NULL && node != NULL; node = xml_next(node, "suspension")) {
		suspensions[count] = (struct suspension){ compile_text(c, node, "attribute"), compile_is(c, node, "from", "same-day") };
		for (size_t i = 0; i < count; i++)
			if (slice_equal(suspensions[i].attribute, suspensions[count].attribute))
				compile_complain(c, node, "suspension is named a second time: take one out", suspensions[count].attribute);
		count++;
	}
	c->program->suspensions = suspensions;
	c->program->suspension_count = count;
}

/* Holidays, and the months whose cycle is on a day of its own. */
static void compile_calendar(struct compiler *c, const xmlNode *from)
{
	struct program *program = c->program;
	days *holidays = compile_room(c, xml_count(from, "holiday"), sizeof(*holidays));
	struct cycle_date *dates = compile_room(c, xml_count(from, "cycle"), sizeof(*dates));
	if (holidays == NULL || dates == NULL)
		return;
	for (const xmlNode *node = xml_child(from, "holiday"); node != NULL; node = xml_next(node, "holiday")) {
		days day = holidays[program->holiday_count] = compile_day(c, node, "on", DAYS_NONE);
		for (size_t i = 0; i < program->holiday_count; i++)
			if (holidays[i] == day)
				compile_complain(c, node, "holiday is named a second time: take one out", compile_text(c, node, "on"));
		program->holiday_count++;
	}
	for (const xmlNode *node = xml_child(from, "cycle"); node != NULL; node = xml_next(node, "cycle")) {
		struct cycle_date *date = &dates[program->cycle_date_count];
		date->on = compile_day(c, node, "on", DAYS_NONE);
		if (!month_parse_iso(&date->month, compile_text(c, node, "month")))
			compile_complain(c, node, "month is not YYYY-MM", compile_text(c, node, "month"));
		for (size_t i = 0; i < program->cycle_date_count; i++)
			if (dates[i].month == date->month)
				compile_complain(c, node, "month has a cycle already: take one out", compile_text(c, node, "month"));
			else if ((dates[i].month < date->month) != (dates[i].on < date->on))
				compile_complain(c, node, "cycle is out of the order of its months: give later months later days", compile_text(c, node, "on"));
		program->cycle_date_count++;
	}
	program->holidays = holidays;
	program->cycle_dates = dates;
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
	compile_streams(c, root, payout);
	compile_lumps(c, root, compile_text(c, payout, "carry"));
	for (int i = 0; i < (int)COUNT_OF(weekdays); i++)
		if (compile_is(c, remittance, "weekday", weekdays[i]))
			program->cycle_weekday = i;
	bool fixed = compile_text(c, remittance, "day").len > 0;
	program->cycle_dom = fixed ? compile_number(c, remittance, "day") : 0;
	program->cycle_nth = fixed ? 1 : compile_number(c, remittance, "nth");
	program->cycle_moves = compile_is(c, remittance, "not-working", "next") - compile_is(c, remittance, "not-working", "previous");
	program->cycle_months = compile_number(c, remittance, "months-after");
	program->payment_days = compile_number(c, remittance, "payment-days");
	program->additions_months = compile_window(c, retro, "additions-months");
	program->recoupments_months = compile_window(c, retro, "recoupments-months");
	program->death_months = compile_window(c, retro, "death-months");
	program->death_month = compile_is(c, retro, "death-month", "payable") ? DEATH_PAYABLE
		: compile_is(c, retro, "death-month", "unpaid") ? DEATH_UNPAID : DEATH_COUNTED;
	compile_suspensions(c, root);
	compile_calendar(c, remittance);
	struct slice least = compile_text(c, retro, "minimum");
	if (least.len > 0 && !cents_parse(&program->least_difference, least))
		compile_complain(c, retro, "minimum is not an amount", least);
}
