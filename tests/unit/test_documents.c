/* SPDX-License-Identifier: Apache-2.0 */
#include "readback.h"

/* ---- 271: each kind of answer ---- */

struct answers {
	struct inquiry_record inquiry;
	struct member member;
	struct pcp pcp;
	struct billing_provider billing;
	struct answer_contact contact;
	struct answer answer;
};

static void answers_set(struct answers *a)
{
	*a = (struct answers){
		.member = { .medicaid_id = SLICE("001234561"), .case_number = SLICE("C00087654"), .last = SLICE("MOLINA"),
		            .first = SLICE("IRIS"), .middle = SLICE("T"), .born = day_of(1982, 7, 15), .died = DAYS_NONE,
		            .sex = SLICE("F"), .birth_sequence = SLICE("2"),
		            .home = { .street = SLICE("12 ELM ST"), .city = SLICE("WATERBURY"), .state = SLICE("CT"), .zip = SLICE("06702") } },
		.pcp = { .npi = "1234567893", .last = SLICE("ABARA"), .first = SLICE("NGOZI"), .phone = SLICE("203-555-0199") },
		.billing = { .npi = "1679576722", .name = SLICE("BROOKSIDE PEDIATRICS PC"), .phone = SLICE("2035550100") },
		.contact = { .service_type = SLICE("35"), .name = SLICE("DENTAL PARTNERS"), .phone = SLICE("8555550111") },
	};
	record_clear(RECORD_INQUIRY, &a->inquiry);
	a->inquiry.trace[0][0] = SLICE("93175-0001");
	a->inquiry.trace[0][1] = SLICE("9061112222");
	a->inquiry.last = SLICE("MOLINA");
	a->inquiry.id_qualifier = SLICE("MI");
	a->inquiry.id = SLICE("001234561");
	a->inquiry.born = a->member.born;
	a->answer = (struct answer){
		.inquiry = &a->inquiry, .member = &a->member, .name_differs = true, .active = true,
		.asked = day_of(2010, 3, 12), .asked_end = day_of(2010, 3, 31),
		.covered_begin = day_of(2010, 1, 1), .covered_end = DAYS_OPEN, .coverage_name = SLICE("HUSKY A"),
		.program_name = SLICE("HUSKY PRIMARY CARE"), .service_types = SLICE("1 33 98"),
		.own_trace = SLICE("71000000042"), .pcp = &a->pcp, .billing = &a->billing,
		.pcp_begin = day_of(2010, 3, 1), .pcp_end = day_of(2010, 3, 31), .contacts = &a->contact, .contact_count = 1,
	};
}

static const struct payer payer = {
	.name = { "STATE MEDICAID AGENCY", 21 }, .street = { "25 CAPITOL WAY", 14 }, .city = { "HARTFORD", 8 },
	.state = { "CT", 2 }, .zip = { "06106", 5 }, .phone = { "8005550000", 10 }, .help_name = { "EDI HELP DESK", 13 },
	.help_phone = { "8005550001", 10 }, .id = { "1060000001", 10 }, .routing = { "011900254", 9 },
	.account = { "0000123456", 10 }, .interchange_id = { "MMIS", 4 }, .eligibility_id = { "MEDICAID", 8 },
};

static void answers_read(const struct answer *answers, size_t count)
{
	struct inquiry_set asked = { .purpose = SLICE("13"), .reference = SLICE("REQ-1") };
	struct inquiry_source source = { .hl = SLICE("1") };
	struct inquiry_receiver receiver = {
		.hl = SLICE("2"), .entity = SLICE("1P"), .type = SLICE("1"), .last = SLICE("SATO"),
		.id_qualifier = SLICE("XX"), .id = SLICE("1245319599"),
	};
	struct answer_writer aw;
	struct listener listener = { .hear = NULL };
	open_interchange("HB", "005010X279A1");
	answer_set_begin(&aw, &writer, &payer, &asked, envelope().made);
	for (size_t i = 0; i < count; i++)
		answer_put(&aw, &source, &receiver, &answers[i]);
	close_and_read(&listener);
	CU_ASSERT_EQUAL(listener.sets, 1);
}

static void answers_accepted(void)
{
	struct answers a;
	struct answer three[3];
	answers_set(&a);
	three[0] = three[1] = three[2] = a.answer;
	three[1].active = false;
	three[2].rejections[0] = (struct rejection){ ANSWER_SUBSCRIBER, 'N', "71", 'C' };
	three[2].rejection_count = 1;
	answers_read(three, 3);
	three[0].rejections[0] = (struct rejection){ ANSWER_SOURCE, 'Y', "42", 'R' };
	three[0].rejection_count = 1;
	answers_read(three, 1);
	three[0].rejections[0] = (struct rejection){ ANSWER_RECEIVER, 'N', "51", 'C' };
	answers_read(three, 1);
}

/* ---- 835 ---- */

static void hear_balance(struct listener *listener, enum record_kind kind, const void *record)
{
	const struct payment *payment = listener->expected;
	const struct remittance_record *read = record;
	if (kind != RECORD_REMITTANCE)
		return;
	CU_ASSERT_EQUAL(read->amount, payment->amount);
	CU_ASSERT_EQUAL(read->claims - read->adjustments, payment->amount);
	CU_ASSERT_EQUAL(read->claim_count, 0);
	CU_ASSERT(slice_equal(read->trace, payment->trace));
	CU_ASSERT(slice_is(read->payee_id, "1234567893"));
	listener->equal++;
}

static void remittance_read(struct payout_line *lines, size_t count, const char *method)
{
	struct billing_provider payee = {
		.npi = "1234567893", .medicaid_id = SLICE("004012345"), .name = SLICE("BROOKSIDE PEDIATRICS PC"),
		.tax_id = SLICE("061112222"), .street = SLICE("80 MILL RD"), .city = SLICE("WATERBURY"), .state = SLICE("CT"),
		.zip = SLICE("06702"), .trading_partner = SLICE("TP0000101"), .method = slice_of(method),
		.routing = SLICE("211170101"), .account = SLICE("9876543210"), .account_kind = SLICE("DA"),
	};
	struct payment payment = {
		.cycle_date = day_of(2010, 4, 9), .effective_date = day_of(2010, 4, 13), .trace = SLICE("000004410017"),
		.lines = lines, .line_count = count, .control = 901,
	};
	struct listener listener = { .hear = hear_balance, .expected = &payment };
	for (size_t i = 0; i < count; i++)
		payment.amount -= lines[i].amount;
	buffer_init(&out, 0);
	remittance_put(&out, &payer, &payee, &payment, 'P');
	read_back(buffer_view(&out), &listener);
	CU_ASSERT_EQUAL(listener.findings, 0);
	CU_ASSERT_EQUAL(listener.equal, 1);
	buffer_done(&out);
}

static void remittances_balance(void)
{
	struct payout_line lines[13];
	for (size_t i = 0; i < COUNT_OF(lines); i++)
		lines[i] = (struct payout_line){
			.plb_code = "CT", .amount = -(cents)(750 * (i + 1)), .reference = SLICE("8391F1-100990017"),
		};
	remittance_read(lines, 1, "ACH");
	remittance_read(lines, 6, "CHK");
	remittance_read(lines, 13, "ACH");
	lines[1] = (struct payout_line){ .plb_code = "RA", .amount = 2250, .reference = SLICE("8391F1-100990018") };
	lines[2] = (struct payout_line){ .plb_code = "FB", .amount = -1500, .reference = SLICE("FCN100990019") };
	remittance_read(lines, 3, "ACH"); /* 750 - 2250 + 1500 = 0 */
}

/* ---- 999 ---- */

static void acknowledgments_accepted(void)
{
	struct interchange_header heard = {
		.sender_qualifier = "ZZ", .sender = "CLEARING1", .receiver_qualifier = "ZZ", .receiver = "MMIS",
		.date = "100224", .time = "2105", .version = "00501", .control = "000000123", .usage = 'P',
	};
	struct interchange_verdict verdict = { .header = heard, .ack = 'A' };
	struct group_verdict group = {
		.header = { .functional_id = "BE", .sender = "CLEARING1", .receiver = "MMIS", .control = "77", .version = "005010X220A1" },
		.ack = ACK_REJECTED, .sets_included = 1, .sets_received = 1,
	};
	struct set_verdict set = { .header = { .id = "834", .control = "0001", .convention = "005010X220A1" } };
	struct finding finding = {
		.code = FINDING_ELEMENT_CODE, .severity = SEVERITY_REFUSE, .segment_id = "INS", .loop = "2100A",
		.data_element = 875, .guide = "005010X220A1", .value_len = 3, .value = "099", .business = "001234562",
		.place = { .segment = 28, .element = 3, .component = 1, .repetition = 2 },
	};
	struct acknowledger ack;
	struct listener listener = { .hear = NULL };
	findings_init(&set.findings);
	findings_init(&group.findings);
	findings_add(&set.findings, &finding);
	finding.code = FINDING_SEGMENT_MISSING;
	findings_add(&set.findings, &finding);
	set.ack = set_ack(&set.findings);
	buffer_init(&out, 0);
	ack_begin(&ack, &out, &heard, envelope().made, 9, true);
	ack_ta1(&ack, &verdict);
	for (int i = 0; i < 2; i++) {
		ack_group(&ack, &group.header);
		ack_set(&ack, &set);
		ack_group_end(&ack, &group);
	}
	ack_end(&ack);
	read_back(buffer_view(&out), &listener);
	CU_ASSERT_EQUAL(listener.findings, 0);
	CU_ASSERT_EQUAL(listener.sets, 2);
	buffer_done(&out);
	findings_done(&set.findings);
}

/* ---- show: what the walker says is closed as often as it is opened ---- */

static void shown_as(enum show_format format, const char *expected)
{
	struct payout_line line = { .plb_code = "CT", .amount = -750, .reference = SLICE("8391F1-1") };
	struct billing_provider payee = { .npi = "1234567893", .name = SLICE("BROOKSIDE"), .trading_partner = SLICE("TP01") };
	struct payment payment = {
		.cycle_date = day_of(2010, 4, 9), .effective_date = day_of(2010, 4, 13), .trace = SLICE("17"),
		.lines = &line, .line_count = 1, .amount = 750, .control = 901,
	};
	struct buffer shown;
	struct shower *shower = shower_new(&shown, format, false);
	struct listener listener = { .shower = shower };
	CU_ASSERT_FATAL(shower != NULL);
	buffer_init(&shown, 0);
	show_begin(shower);
	buffer_init(&out, 0);
	remittance_put(&out, &payer, &payee, &payment, 'P');
	read_back(buffer_view(&out), &listener);
	show_end(shower);
	CU_ASSERT(!show_failed(shower));
	shower_free(shower);
	CU_ASSERT(slice_starts(buffer_view(&shown), expected));
	if (!slice_starts(buffer_view(&shown), expected))
		printf("%.*s", SLICE_ARG(buffer_view(&shown)));
	int64_t open = 0;
	for (size_t i = 0; i < shown.len && format == SHOW_JSON; i++)
		open += shown.ptr[i] == '{' || shown.ptr[i] == '[' ? 1 : shown.ptr[i] == '}' || shown.ptr[i] == ']' ? -1 : 0;
	CU_ASSERT_EQUAL(open, 0);
	buffer_done(&shown);
	buffer_done(&out);
}

static void shown_from_the_walker(void)
{
	shown_as(SHOW_TEXT, "set 835  Health care claim payment and advice\n  ST  Transaction Set Header  (segment 1)\n"
	                    "    ST01      835");
	shown_as(SHOW_JSON, "[\n{\"kind\":\"set\",\"id\":\"835\"");
	shown_as(SHOW_XML, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<x12>\n<set id=\"835\"");
}

static const struct unit_case cases[] = {
	{ "6.4: answers of every kind are read back without a finding", answers_accepted },
	{ "835-1 835-3 835-11 BAD-7: every 835 that is written is read back without a finding and balances", remittances_balance },
	{ "what the walker says of an 835 is shown and closed in each format", shown_from_the_walker },
	{ "6.5: a TA1 with two 999 is read back without a finding", acknowledgments_accepted },
};

int main(void)
{
	return UNIT_RUN("documents", cases);
}
