/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * roster: the table of columns of the PCP rosters (RST-1 … RST-11), and what the
 * text, the CSV and the PDF share: values, sums, line breaks, pages.
 *
 * Always true: a value is printed by one function whichever the form, so that the
 * three forms of one roster say the same.
 */
#include "generators/roster.h"

#include <assert.h>

/* RST-2 for the fields of a client.  Text adds up to 132 characters with one blank between, PDF to 720 points. */
const struct roster_column roster_columns[] = {
	{ ROSTER_FIELD_REPORT, "report", NULL, { 0, 0 }, { 0, 0 }, 1 },
	{ ROSTER_FIELD_PERIOD, "report_period", NULL, { 0, 0 }, { 0, 0 }, 1 },
	{ ROSTER_FIELD_MADE, "made", NULL, { 0, 0 }, { 0, 0 }, 1 },
	{ ROSTER_FIELD_MANAGER_ID, "primary_manager_id", NULL, { 0, 0 }, { 0, 0 }, 1 },
	{ ROSTER_FIELD_MANAGER_NPI, "primary_manager_npi", NULL, { 0, 0 }, { 0, 0 }, 1 },
	{ ROSTER_FIELD_MANAGER_NAME, "primary_manager_name", NULL, { 0, 0 }, { 0, 0 }, 1 },
	{ ROSTER_FIELD_PCP_NPI, "pcp_npi", NULL, { 0, 0 }, { 0, 0 }, 1 },
	{ ROSTER_FIELD_PCP_NAME, "pcp_name", NULL, { 0, 0 }, { 0, 0 }, 1 },
	{ ROSTER_FIELD_ROW, "row", "CHANGE", { 0, 11 }, { 0, 62 }, 1 },
	{ ROSTER_FIELD_MEDICAID_ID, "medicaid_id", "MEDICAID ID", { 11, 11 }, { 64, 62 }, 1 },
	{ ROSTER_FIELD_NAME, "name", "NAME", { 24, 20 }, { 130, 116 }, 1 },
	{ ROSTER_FIELD_BORN, "date_of_birth", "DOB", { 10, 10 }, { 54, 54 }, 1 },
	{ ROSTER_FIELD_SEX, "sex", "SEX", { 3, 3 }, { 24, 24 }, 1 },
	{ ROSTER_FIELD_HEAD, "head_of_household", "HEAD OF HOUSEHOLD", { 24, 20 }, { 130, 116 }, 1 },
	{ ROSTER_FIELD_ADDRESS, "address", "ADDRESS", { 33, 29 }, { 186, 158 }, 2 },
	{ ROSTER_FIELD_PHONE, "phone", "PHONE", { 12, 12 }, { 68, 66 }, 1 },
	{ ROSTER_FIELD_LANGUAGE, "language", "LANGUAGE", { 8, 8 }, { 64, 62 }, 1 },
	{ ROSTER_FIELD_BEFORE, "members_before", NULL, { 0, 0 }, { 0, 0 }, 1 },
	{ ROSTER_FIELD_ADDED, "added", NULL, { 0, 0 }, { 0, 0 }, 1 },
	{ ROSTER_FIELD_DROPPED, "disenrolled", NULL, { 0, 0 }, { 0, 0 }, 1 },
	{ ROSTER_FIELD_MEMBERS, "members", NULL, { 0, 0 }, { 0, 0 }, 1 },
	{ ROSTER_FIELD_FUND, "fund", NULL, { 0, 0 }, { 0, 0 }, 1 },
	{ ROSTER_FIELD_FCN, "fcn", NULL, { 0, 0 }, { 0, 0 }, 1 },
	{ ROSTER_FIELD_AMOUNT, "amount", NULL, { 0, 0 }, { 0, 0 }, 1 },
};
const size_t roster_column_count = COUNT_OF(roster_columns);

/* ---- entries and their sums ---- */

size_t roster_entry_count(enum roster_report report, const struct roster_pcp *pcp)
{
	return report == ROSTER_REPORT_CHANGES ? pcp->change_count : pcp->line_count;
}

struct roster_entry roster_entry_line(const struct roster *roster, enum roster_report report,
	const struct roster_pcp *pcp, size_t index)
{
	struct roster_entry entry = { .roster = roster, .report = report, .pcp = pcp };
	if (report == ROSTER_REPORT_MEMBERS) {
		entry.line = &pcp->lines[index];
		return entry;
	}
	entry.line = &pcp->changes[index];
	entry.kind = entry.line->change == ROSTER_DROPPED ? ROSTER_ENTRY_DROPPED : ROSTER_ENTRY_ADDED;
	return entry;
}

bool roster_entry_is_client(const struct roster_entry *entry)
{
	return entry->line != NULL;
}

static int64_t pcp_changes(const struct roster_pcp *pcp, enum roster_change change)
{
	int64_t count = 0;
	for (size_t i = 0; i < pcp->change_count; i++)
		count += pcp->changes[i].change == change;
	return count;
}

static int64_t entry_changes(const struct roster_entry *entry, enum roster_change change)
{
	if (entry->pcp != NULL)
		return pcp_changes(entry->pcp, change);
	int64_t count = 0;
	for (size_t i = 0; i < entry->roster->pcp_count; i++)
		count += pcp_changes(&entry->roster->pcps[i], change);
	return count;
}

static int64_t entry_members(const struct roster_entry *entry)
{
	return entry->pcp != NULL ? (int64_t)entry->pcp->line_count : (int64_t)entry->roster->members;
}

/* The practice's count of the month before was kept; a PCP's follows from its changes. */
static int64_t entry_before(const struct roster_entry *entry)
{
	if (entry->pcp == NULL)
		return (int64_t)entry->roster->members_before;
	return entry_members(entry) - entry_changes(entry, ROSTER_ADDED) + entry_changes(entry, ROSTER_DROPPED);
}

bool roster_adds_up(const struct roster *roster, struct failure *failure)
{
	const struct roster_entry practice = { .roster = roster, .kind = ROSTER_ENTRY_PRACTICE };
	uint64_t members = 0, fund_members = 0;
	cents amount = 0;
	for (size_t i = 0; i < roster->pcp_count; i++) {
		const struct roster_entry pcp = { .roster = roster, .kind = ROSTER_ENTRY_PCP, .pcp = &roster->pcps[i] };
		if (entry_before(&pcp) < 0)
			return failure_set(failure, "roster of %s: PCP %s has more clients added than it has",
				roster->billing_npi, pcp.pcp->npi);
		members += roster->pcps[i].line_count;
	}
	for (size_t i = 0; i < roster->fund_count; i++) {
		fund_members += roster->funds[i].members;
		amount += roster->funds[i].amount;
	}
	if (members != roster->members || fund_members != roster->paid_lines || amount != roster->amount)
		return failure_set(failure, "roster of %s: total is not the sum of its PCPs and of its funds",
			roster->billing_npi);
	int64_t now = entry_before(&practice) + entry_changes(&practice, ROSTER_ADDED) -
		entry_changes(&practice, ROSTER_DROPPED);
	if (now != (int64_t)members)
		return failure_set(failure, "roster of %s: the month before and the changes do not give this month",
			roster->billing_npi);
	return true;
}

/* ---- values ---- */

static const char *row_word(enum roster_kind kind)
{
	switch (kind) {
	case ROSTER_ENTRY_MEMBER:
		return "MEMBER";
	case ROSTER_ENTRY_ADDED:
		return "ADDED";
	case ROSTER_ENTRY_DROPPED:
		return "DISENROLLED";
	case ROSTER_ENTRY_PCP:
		return "PCP TOTAL";
	case ROSTER_ENTRY_PRACTICE:
		return "TOTAL";
	case ROSTER_ENTRY_FUND:
		return "FUND";
	}
	assert(false);
	return "";
}

static void put_heading_field(struct buffer *out, const struct roster_entry *entry, enum roster_field field)
{
	const struct roster *roster = entry->roster;
	if (field == ROSTER_FIELD_REPORT)
		buffer_slice(out, entry->roster->reports[entry->report].number);
	else if (field == ROSTER_FIELD_PERIOD)
		month_put_iso(out, roster->month);
	else if (field == ROSTER_FIELD_MADE)
		days_put_iso(out, roster->made);
	else if (field == ROSTER_FIELD_MANAGER_ID)
		buffer_slice(out, roster->billing_medicaid_id);
	else if (field == ROSTER_FIELD_MANAGER_NPI)
		buffer_text(out, roster->billing_npi);
	else if (field == ROSTER_FIELD_MANAGER_NAME)
		buffer_slice(out, roster->billing_name);
	else if (field == ROSTER_FIELD_ROW)
		buffer_text(out, row_word(entry->kind));
	else if (entry->pcp != NULL)
		buffer_slice(out, field == ROSTER_FIELD_PCP_NPI ? slice_of(entry->pcp->npi) : entry->pcp->name);
}

static void put_client_field(struct buffer *out, const struct roster_line *line, enum roster_field field)
{
	if (field == ROSTER_FIELD_MEDICAID_ID)
		buffer_slice(out, line->medicaid_id);
	else if (field == ROSTER_FIELD_NAME)
		buffer_slice(out, line->name);
	else if (field == ROSTER_FIELD_BORN && line->born != DAYS_NONE)
		days_put_iso(out, line->born);
	else if (field == ROSTER_FIELD_SEX)
		buffer_slice(out, line->sex);
	else if (field == ROSTER_FIELD_HEAD)
		buffer_slice(out, line->head);
	else if (field == ROSTER_FIELD_ADDRESS)
		buffer_slice(out, line->address);
	else if (field == ROSTER_FIELD_PHONE)
		buffer_slice(out, line->phone);
	else if (field == ROSTER_FIELD_LANGUAGE)
		buffer_slice(out, line->language);
}

/* "F1", of another stream than the fee "F1 performance". */
void roster_put_fund_name(struct buffer *out, const struct roster_fund *fund)
{
	buffer_text(out, fund->fund);
	if (fund->stream[0] != '\0' && strcmp(fund->stream, "fee") != 0)
		buffer_format(out, " %s", fund->stream);
}

static void put_fund_field(struct buffer *out, const struct roster_fund *fund, enum roster_field field)
{
	if (field == ROSTER_FIELD_MEMBERS)
		buffer_number(out, (int64_t)fund->members);
	else if (field == ROSTER_FIELD_FUND)
		roster_put_fund_name(out, fund);
	else if (field == ROSTER_FIELD_FCN)
		buffer_text(out, fund->fcn);
	else if (field == ROSTER_FIELD_AMOUNT)
		cents_put_plain(out, fund->amount);
}

/* Fees are of the members' report (RST-5), the way from month to month of the changes' (RST-4, RST-11). */
static void put_total_field(struct buffer *out, const struct roster_entry *entry, enum roster_field field)
{
	bool changes = entry->report == ROSTER_REPORT_CHANGES;
	if (field == ROSTER_FIELD_MEMBERS)
		buffer_number(out, entry_members(entry));
	else if (field == ROSTER_FIELD_BEFORE && changes)
		buffer_number(out, entry_before(entry));
	else if (field == ROSTER_FIELD_ADDED && changes)
		buffer_number(out, entry_changes(entry, ROSTER_ADDED));
	else if (field == ROSTER_FIELD_DROPPED && changes)
		buffer_number(out, entry_changes(entry, ROSTER_DROPPED));
	else if (field == ROSTER_FIELD_AMOUNT && !changes && entry->kind == ROSTER_ENTRY_PRACTICE)
		cents_put_plain(out, entry->roster->amount);
}

void roster_put_field(struct buffer *out, const struct roster_entry *entry, enum roster_field field)
{
	if (field <= ROSTER_FIELD_ROW)
		put_heading_field(out, entry, field);
	else if (entry->line != NULL)
		put_client_field(out, entry->line, field);
	else if (entry->fund != NULL)
		put_fund_field(out, entry->fund, field);
	else
		put_total_field(out, entry, field);
}

void roster_put_clean(struct buffer *out, struct slice text)
{
	for (size_t at = 0, bytes; at < text.len; at += bytes) {
		struct slice rest = { text.ptr + at, text.len - at };
		bytes = utf8_prefix(rest, 1);
		unsigned char c = (unsigned char)rest.ptr[0];
		bool control = c < 0x20 || c == 0x7f || (bytes == 2 && c == 0xc2 && (unsigned char)rest.ptr[1] < 0xa0);
		if (control)
			buffer_char(out, ' ');
		else if (bytes == 1 && c >= 0x80)
			buffer_text(out, "\xef\xbf\xbd");
		else
			buffer_put(out, rest.ptr, bytes);
	}
}

struct slice roster_cell(struct buffer *cell, const struct roster_entry *entry, enum roster_field field)
{
	buffer_reset(cell);
	if (field == ROSTER_FIELD_BORN && entry->line != NULL) {
		days_put_us(cell, entry->line->born);
		return buffer_view(cell);
	}
	struct buffer raw;
	buffer_init(&raw, 0);
	roster_put_field(&raw, entry, field);
	roster_put_clean(cell, buffer_view(&raw));
	cell->failed |= raw.failed;
	buffer_done(&raw);
	return slice_trim(buffer_view(cell));
}

void roster_put_period(struct buffer *out, months month)
{
	if (month == MONTHS_NONE || month == MONTHS_OPEN)
		return;
	buffer_format(out, "%02d/%04d", month % 12 + 1, month / 12);
}

void roster_put_identity(struct buffer *out, const struct roster_entry *entry)
{
	buffer_text(out, "CLIENTS ");
	roster_put_period(out, entry->roster->month - 1);
	buffer_format(out, "  %lld  + ADDED  %lld  - DISENROLLED  %lld  = CLIENTS ", (long long)entry_before(entry),
		(long long)entry_changes(entry, ROSTER_ADDED), (long long)entry_changes(entry, ROSTER_DROPPED));
	roster_put_period(out, entry->roster->month);
	buffer_format(out, "  %lld", (long long)entry_members(entry));
}

/* ---- lines ---- */

/* Bytes of the longest start of `text` that fits with `tail` behind it; at least one character. */
static size_t fitting(struct buffer *line, struct slice text, const char *tail, unsigned width, roster_fits_fn fits,
	void *data)
{
	size_t least = 1, most = utf8_count(text);
	while (least < most) {
		size_t middle = least + (most - least + 1) / 2;
		buffer_reset(line);
		buffer_put(line, text.ptr, utf8_prefix(text, middle));
		buffer_text(line, tail);
		if (fits(data, buffer_view(line), width))
			least = middle;
		else
			most = middle - 1;
	}
	return utf8_prefix(text, least);
}

bool roster_next_line(struct buffer *line, struct slice *rest, unsigned width, bool last, roster_fits_fn fits,
	void *data)
{
	struct slice text = slice_trim(*rest);
	buffer_reset(line);
	*rest = SLICE_NONE;
	if (text.len == 0)
		return false;
	if (fits(data, text, width)) {
		buffer_slice(line, text);
		return true;
	}
	size_t bytes = fitting(line, text, last ? "…" : "", width, fits, data);
	if (!last) {
		size_t blank = bytes;
		while (blank > 0 && text.ptr[blank] != ' ')
			blank--;
		bytes = blank > 0 ? blank : bytes;
		*rest = (struct slice){ text.ptr + bytes, text.len - bytes };
	}
	buffer_reset(line);
	buffer_slice(line, slice_trim((struct slice){ text.ptr, bytes }));
	if (last)
		buffer_text(line, "…");
	return true;
}

/* ---- pages ---- */

static void page_begin(struct roster_flow *flow, const struct roster_pcp *pcp, bool continued)
{
	if (flow->open && flow->drawing)
		flow->page_end(flow->data);
	flow->open = true;
	flow->page++;
	flow->used_lines = 0;
	if (flow->drawing)
		flow->page_begin(flow->data, pcp, continued);
}

/* Room for so many lines, on a new page if this one has not as many left. */
static void flow_need(struct roster_flow *flow, unsigned lines, const struct roster_pcp *pcp)
{
	if (flow->used_lines > 0 && flow->used_lines + lines > flow->page_lines)
		page_begin(flow, pcp, pcp != NULL);
}

static void flow_note(struct roster_flow *flow, const char *text)
{
	flow->used_lines++;
	if (flow->drawing)
		flow->note(flow->data, text);
}

static void flow_row(struct roster_flow *flow, const struct roster_entry *entry)
{
	unsigned lines = flow->height(flow->data, entry);
	flow_need(flow, lines, entry->pcp);
	flow->used_lines += lines;
	if (flow->drawing)
		flow->row(flow->data, entry);
}

static void flow_pcp(struct roster_flow *flow, const struct roster_pcp *pcp)
{
	size_t count = roster_entry_count(flow->report, pcp);
	page_begin(flow, pcp, false);
	for (size_t i = 0; i < count; i++) {
		struct roster_entry entry = roster_entry_line(flow->roster, flow->report, pcp, i);
		flow_row(flow, &entry);
	}
	if (count == 0)
		flow_note(flow, flow->report == ROSTER_REPORT_MEMBERS
				? "No client is enrolled with this PCP in the report period."
				: "No client was added or disenrolled since the previous month.");
	const struct roster_entry total = {
		.roster = flow->roster, .report = flow->report, .kind = ROSTER_ENTRY_PCP, .pcp = pcp,
	};
	flow_row(flow, &total);
}

static void flow_totals(struct roster_flow *flow)
{
	const struct roster *roster = flow->roster;
	struct roster_entry entry = { .roster = roster, .report = flow->report, .kind = ROSTER_ENTRY_PRACTICE };
	size_t funds = flow->report == ROSTER_REPORT_MEMBERS ? roster->fund_count : 0;
	unsigned lines = flow->height(flow->data, &entry);
	flow_need(flow, funds > flow->page_lines - lines ? flow->page_lines : lines + (unsigned)funds, NULL);
	flow_row(flow, &entry);
	entry.kind = ROSTER_ENTRY_FUND;
	for (size_t i = 0; i < funds; i++) {
		entry.fund = &roster->funds[i];
		flow_row(flow, &entry);
	}
}

static void flow_walk(struct roster_flow *flow)
{
	flow->page = 0;
	flow->open = false;
	for (size_t i = 0; i < flow->roster->pcp_count; i++)
		flow_pcp(flow, &flow->roster->pcps[i]);
	if (flow->roster->pcp_count == 0) {
		page_begin(flow, NULL, false);
		flow_note(flow, flow->report == ROSTER_REPORT_MEMBERS
				? "No client is enrolled with a PCP of this practice in the report period."
				: "No client of this practice was added or disenrolled since the previous month.");
	}
	flow_totals(flow);
	if (flow->drawing)
		flow->page_end(flow->data);
}

void roster_flow_run(struct roster_flow *flow)
{
	flow->drawing = false;
	flow_walk(flow);
	flow->pages = flow->page;
	flow->drawing = true;
	flow_walk(flow);
	assert(flow->page == flow->pages);
}
