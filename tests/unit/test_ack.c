/* SPDX-License-Identifier: Apache-2.0 */
#include "generators/generators.h"
#include "unit.h"

static struct interchange_header heard_interchange(void)
{
	return (struct interchange_header){
		.sender_qualifier = "ZZ", .sender = "CLEARING1", .receiver_qualifier = "30", .receiver = "MMIS",
		.date = "100224", .time = "2105", .version = "00501", .control = "000000123",
		.ack_requested = '1', .usage = 'P',
	};
}

static struct group_header heard_group(void)
{
	return (struct group_header){
		.functional_id = "BE", .sender = "SENDERAPP", .receiver = "MMISAPP", .date = "20100224", .time = "2105",
		.control = "77", .agency = "X", .version = "005010X220A1",
	};
}

static struct moment now(void)
{
	struct moment moment = { .second = 21 * 3600 + 10 * 60 };
	CU_ASSERT(days_from_civil(&moment.day, 2010, 2, 24));
	return moment;
}

static struct set_verdict set_of(const char *id, const char *convention)
{
	struct set_verdict set = { .ack = ACK_ACCEPTED };
	slice_copy(set.header.id, sizeof(set.header.id), slice_of(id));
	slice_copy(set.header.control, sizeof(set.header.control), SLICE("0001"));
	slice_copy(set.header.convention, sizeof(set.header.convention), slice_of(convention));
	findings_init(&set.findings);
	return set;
}

static struct finding found(enum finding_code code, const char *segment_id, uint64_t segment, const char *loop)
{
	struct finding finding = { .code = code, .severity = finding_kind(code)->severity, .guide = "005010X220A1" };
	finding.place.segment = segment;
	slice_copy(finding.segment_id, sizeof(finding.segment_id), slice_of(segment_id));
	slice_copy(finding.loop, sizeof(finding.loop), slice_of(loop));
	return finding;
}

static struct finding in_element(struct finding finding, unsigned element, unsigned number, const char *value)
{
	finding.place.element = (uint16_t)element;
	finding.data_element = (uint16_t)number;
	finding.value_len = (uint8_t)slice_of(value).len;
	slice_copy(finding.value, sizeof(finding.value), slice_of(value));
	return finding;
}

/* A 999 to one set; what stands between AK1 and GE is compared. */
static bool answered(struct set_verdict *set, struct group_verdict *group, bool show_values, const char *expected)
{
	struct buffer out;
	struct acknowledger ack;
	struct interchange_header interchange = heard_interchange();
	buffer_init(&out, 0);
	ack_begin(&ack, &out, &interchange, now(), 501, show_values);
	size_t begin = out.len;
	ack_group(&ack, &group->header);
	ack_set(&ack, set);
	ack_group_end(&ack, group);
	struct slice body = { out.ptr + begin, out.len - begin };
	bool same = slice_is(body, expected);
	if (!same)
		printf("    wrote:\n%.*s", SLICE_ARG(body));
	ack_end(&ack);
	buffer_done(&out);
	findings_done(&set->findings);
	findings_done(&group->findings);
	return same;
}

static struct group_verdict group_of(enum ack ack, uint64_t sets, uint64_t accepted)
{
	struct group_verdict group = {
		.header = heard_group(), .ack = ack, .sets_included = sets, .sets_received = sets, .sets_accepted = accepted,
	};
	findings_init(&group.findings);
	return group;
}

#define GROUP "GS*FA*MMISAPP*SENDERAPP*20100224*2110*501*X*005010X231A1~\nST*999*0001*005010X231A1~\nAK1*BE*77*005010X220A1~\n"

static void accepted(void)
{
	struct buffer out;
	struct acknowledger ack;
	struct interchange_header heard = heard_interchange();
	struct interchange_verdict verdict = { .header = heard, .ack = 'A' };
	struct group_verdict group = group_of(ACK_ACCEPTED, 1, 1);
	struct set_verdict set = set_of("834", "005010X220A1");
	buffer_init(&out, 0);
	ack_begin(&ack, &out, &heard, now(), 501, false);
	ack_ta1(&ack, &verdict);
	ack_group(&ack, &group.header);
	ack_set(&ack, &set);
	ack_group_end(&ack, &group);
	ack_end(&ack);
	CU_ASSERT(slice_is(buffer_view(&out),
	                   "ISA*00*          *00*          *30*MMIS           *ZZ*CLEARING1      *100224*2110*^*00501*000000501*0*P*:~\n"
	                   "TA1*000000123*100224*2105*A*000~\n" GROUP
	                   "AK2*834*0001*005010X220A1~\nIK5*A~\nAK9*A*1*1*1~\nSE*6*0001~\nGE*1*501~\nIEA*1*000000501~\n"));
	buffer_done(&out);
}

static void duplicate(void)
{
	struct buffer out;
	struct acknowledger ack;
	struct interchange_header heard = heard_interchange();
	struct interchange_verdict verdict = { .header = heard, .ack = 'R', .note = "025", .duplicate = true };
	buffer_init(&out, 0);
	ack_begin(&ack, &out, &heard, now(), 502, false);
	ack_ta1(&ack, &verdict);
	ack_end(&ack);
	CU_ASSERT(slice_is(buffer_view(&out),
	                   "ISA*00*          *00*          *30*MMIS           *ZZ*CLEARING1      *100224*2110*^*00501*000000502*0*P*:~\n"
	                   "TA1*000000123*100224*2105*R*025~\nIEA*0*000000502~\n"));
	buffer_done(&out);
}

static void one_code(void)
{
	for (int show = 0; show < 2; show++) {
		struct set_verdict set = set_of("834", "005010X220A1");
		struct group_verdict group = group_of(ACK_REJECTED, 1, 0);
		struct finding finding = in_element(found(FINDING_ELEMENT_CODE, "INS", 28, "2000"), 3, 875, "099");
		slice_copy(finding.business, sizeof(finding.business), SLICE("001234562"));
		findings_add(&set.findings, &finding);
		set.ack = set_ack(&set.findings);
		CU_ASSERT(answered(&set, &group, show == 1,
		                   show == 1 ? GROUP "AK2*834*0001*005010X220A1~\nIK3*INS*28*2000*8~\n"
		                                     "CTX*SUBSCRIBER NUMBER REF02:001234562~\nIK4*3*875*7*099~\n"
		                                     "IK5*R*5~\nAK9*R*1*1*0~\nSE*9*0001~\nGE*1*501~\n"
		                             : GROUP "AK2*834*0001*005010X220A1~\nIK3*INS*28*2000*8~\n"
		                                     "CTX*SUBSCRIBER NUMBER REF02:001234562~\nIK4*3*875*7~\n"
		                                     "IK5*R*5~\nAK9*R*1*1*0~\nSE*9*0001~\nGE*1*501~\n"));
	}
}

static void segments_are_grouped(void)
{
	struct set_verdict set = set_of("835", "");
	struct group_verdict group = group_of(ACK_PARTIAL, 2, 1);
	struct finding second = in_element(found(FINDING_ELEMENT_LONG, "NM1", 9, "2100A"), 3, 1035, "x");
	struct finding place = in_element(found(FINDING_ELEMENT_NOT_USED, "NM1", 12, "2100A"), 6, 0, "");
	struct finding missing = found(FINDING_SEGMENT_MISSING, "N4", 12, "2100A");
	second.place.component = 2;
	second.place.repetition = 3;
	findings_add(&set.findings, &(struct finding){ .code = FINDING_SE_COUNT, .severity = SEVERITY_REFUSE });
	struct finding first = in_element(found(FINDING_ELEMENT_MISSING, "NM1", 9, "2100A"), 2, 1065, "");
	findings_add(&set.findings, &first);
	findings_add(&set.findings, &second);
	findings_add(&set.findings, &missing);
	findings_add(&set.findings, &place);
	set.ack = set_ack(&set.findings);
	CU_ASSERT(answered(&set, &group, false,
	                   GROUP "AK2*835*0001~\n"
	                         "IK3*NM1*9*2100*8~\nIK4*2*1065*1~\nIK4*3:2:3*1035*5~\n"
	                         "IK3*N4*12*2100*3~\n"
	                         "IK3*NM1*12*2100*8~\nIK4*6**I10~\n"
	                         "IK5*R*4*5*I5~\nAK9*P*2*2*1~\nSE*12*0001~\nGE*1*501~\n"));
}

/* What made a situational rule speak stands behind the IK3 or the IK4 that it is about. */
static void triggered(void)
{
	struct set_verdict set = set_of("834", "005010X220A1");
	struct group_verdict group = group_of(ACK_REJECTED, 1, 0);
	struct finding missing = found(FINDING_SITUATION_SEGMENT_MISSING, "NM1", 31, "2100B");
	struct finding element = in_element(found(FINDING_SITUATION_ELEMENT_MISSING, "INS", 28, "2000"), 12, 1251, "");
	struct finding whole = found(FINDING_SITUATION_SEGMENT_PRESENT, "DTP", 1234567, "2300");
	missing.trigger = (struct trigger){ .segment_id = "NM1", .loop = "2100A", .segment = 30, .element = 1, .data_element = 98 };
	element.trigger = (struct trigger){ .segment_id = "INS", .loop = "2000", .segment = 28, .element = 6, .component = 2, .data_element = 1 };
	whole.trigger = (struct trigger){ .segment_id = "HD", .loop = "2300", .segment = 1234560 };
	slice_copy(missing.business, sizeof(missing.business), SLICE("001234562"));
	findings_add(&set.findings, &missing);
	findings_add(&set.findings, &element);
	findings_add(&set.findings, &whole);
	set.ack = set_ack(&set.findings);
	CU_ASSERT(answered(&set, &group, true,
	                   GROUP "AK2*834*0001*005010X220A1~\n"
	                         "IK3*INS*28*2000*8~\nIK4*12*1251*I9~\nCTX*SITUATIONAL TRIGGER*INS*28*2000*6:2*1~\n"
	                         "IK3*NM1*31*2100*I6~\nCTX*SITUATIONAL TRIGGER*NM1*30*2100*1*98~\nCTX*SUBSCRIBER NUMBER REF02:001234562~\n"
	                         "IK3*DTP*1234567*2300*I9~\nCTX*SITUATIONAL TRIGGER*HD*1234560*2300~\n"
	                         "IK5*R*I5~\nAK9*R*1*1*0~\nSE*14*0001~\nGE*1*501~\n"));
}

static void business_never(void)
{
	struct set_verdict set = set_of("834", "005010X220A1");
	struct group_verdict group = group_of(ACK_ACCEPTED, 1, 1);
	struct finding finding = found(FINDING_MEMBER_UNKNOWN, "INS", 28, "2000");
	findings_add(&set.findings, &finding);
	CU_ASSERT_EQUAL(set_ack(&set.findings), ACK_ACCEPTED);
	CU_ASSERT(answered(&set, &group, true,
	                   GROUP "AK2*834*0001*005010X220A1~\nIK5*A~\nAK9*A*1*1*1~\nSE*6*0001~\nGE*1*501~\n"));
}

static void five_codes(void)
{
	static const enum finding_code codes[] = {
		FINDING_GE_MISSING, FINDING_GE_CONTROL, FINDING_GE_COUNT, FINDING_GE_COUNT, FINDING_GS_CONTROL,
		FINDING_GS_CONTROL_REPEATED, FINDING_GS_VERSION,
	};
	static const enum finding_code of_set[] = {
		FINDING_SE_MISSING, FINDING_SE_CONTROL, FINDING_SE_COUNT, FINDING_ST_CONTROL, FINDING_ST_CONVENTION,
		FINDING_ST_CONTROL_REPEATED,
	};
	struct set_verdict set = set_of("834", "005010X220A1");
	struct group_verdict group = group_of(ACK_REJECTED, 3, 0);
	for (size_t i = 0; i < COUNT_OF(codes); i++)
		findings_add(&group.findings, &(struct finding){ .code = codes[i], .severity = SEVERITY_REFUSE });
	for (size_t i = 0; i < COUNT_OF(of_set); i++)
		findings_add(&set.findings, &(struct finding){ .code = of_set[i], .severity = SEVERITY_REFUSE });
	set.ack = set_ack(&set.findings);
	CU_ASSERT(answered(&set, &group, false,
	                   GROUP "AK2*834*0001*005010X220A1~\nIK5*R*2*3*4*7*19~\nAK9*R*3*3*0*3*4*5*6*19~\nSE*6*0001~\nGE*1*501~\n"));
}

static void at_the_limit(void)
{
	struct buffer out;
	struct acknowledger ack;
	struct interchange_header heard = heard_interchange();
	struct group_header group = heard_group();
	struct set_verdict set = set_of("834", "005010X220A1");
	for (uint64_t i = 0; i < LIMIT_FINDINGS_PER_SET; i++) {
		struct finding finding = in_element(found(FINDING_ELEMENT_CODE, "INS", 10 + i, "2000"), 3, 875, "");
		findings_add(&set.findings, &finding);
	}
	buffer_init(&out, 0);
	ack_begin(&ack, &out, &heard, now(), 1, false);
	ack_group(&ack, &group);
	uint64_t before = ack.writer.segments;
	ack_set(&ack, &set);
	CU_ASSERT_EQUAL(ack.writer.segments - before, LIMIT_FINDINGS_PER_SET + 2); /* AK2 and IK5 */
	buffer_done(&out);
	findings_done(&set.findings);
}

/* What is kept no more still says its code; a sum that is told at the end stands where its segment does; the member is
 * named whoever made the rule. */
static void codes_places_and_members(void)
{
	struct buffer out;
	struct acknowledger ack;
	struct interchange_header heard = heard_interchange();
	struct group_header group = heard_group();
	struct set_verdict set = set_of("834", "005010X220A1");
	struct finding partners = found(FINDING_PARTNER_MISSING, "HD", 12, "2000");
	partners.guide = "A PARTNER";
	slice_copy(partners.business, sizeof(partners.business), SLICE("001234562"));
	findings_add(&set.findings, &partners);
	struct finding early = in_element(found(FINDING_BALANCE, "QTY", 4, ""), 2, 380, "");
	findings_add(&set.findings, &early);
	for (uint64_t i = 0; i < LIMIT_FINDINGS_PER_SET; i++) {
		struct finding finding = found(FINDING_PARTNER_MISSING, "HD", 13 + i, "2000");
		findings_add(&set.findings, &finding);
	}
	findings_add(&set.findings, &(struct finding){ .code = FINDING_SE_COUNT, .severity = SEVERITY_REFUSE });
	buffer_init(&out, 0);
	ack_begin(&ack, &out, &heard, now(), 1, false);
	ack_group(&ack, &group);
	set.ack = set_ack(&set.findings);
	ack_set(&ack, &set);
	buffer_char(&out, '\0');
	CU_ASSERT(strstr(out.ptr, "AK2*834*0001*005010X220A1~\nIK3*QTY*4**8~\nIK4*2*380*I12~\nIK3*HD*12*2000*I6~\n"
		"CTX*SUBSCRIBER NUMBER REF02:001234562~\nIK3*HD*13*2000*I6~\n") != NULL);
	CU_ASSERT(strstr(out.ptr, "IK5*R*I5*4~") != NULL);
	buffer_done(&out);
	findings_done(&set.findings);
}

static void verdicts(void)
{
	struct group_verdict group = group_of(ACK_ACCEPTED, 3, 3);
	CU_ASSERT_EQUAL(group_ack(&group), ACK_ACCEPTED);
	group.sets_noted = 1;
	CU_ASSERT_EQUAL(group_ack(&group), ACK_ERRORS);
	group.sets_accepted = 2;
	CU_ASSERT_EQUAL(group_ack(&group), ACK_PARTIAL);
	group.sets_accepted = 0;
	CU_ASSERT_EQUAL(group_ack(&group), ACK_REJECTED);
	group.sets_accepted = 3;
	findings_add(&group.findings, &(struct finding){ .code = FINDING_GE_COUNT, .severity = SEVERITY_REFUSE });
	CU_ASSERT_EQUAL(group_ack(&group), ACK_REJECTED);
	struct findings findings;
	findings_init(&findings);
	CU_ASSERT_EQUAL(set_ack(&findings), ACK_ACCEPTED);
	findings_add(&findings, &(struct finding){ .code = FINDING_NPI_CHECK_DIGIT, .severity = SEVERITY_IGNORE });
	CU_ASSERT_EQUAL(set_ack(&findings), ACK_ACCEPTED);
	findings_add(&findings, &(struct finding){ .code = FINDING_NPI_CHECK_DIGIT, .severity = SEVERITY_NOTE });
	CU_ASSERT_EQUAL(set_ack(&findings), ACK_ERRORS);
	findings_done(&findings);
	findings_done(&group.findings);
}

/* What was heard has no value that the guides allow: what we send has one all the same. */
static void replaced(void)
{
	struct buffer out;
	struct acknowledger ack;
	struct interchange_header heard = { .sender_qualifier = "QQ", .receiver_qualifier = "", .receiver = "MMIS",
		.date = "109999", .time = "2460", .control = "ABCDEFGHI", .usage = 'X' };
	struct interchange_verdict verdict = { .header = heard, .ack = 'R', .note = "018" };
	struct group_verdict group = group_of(ACK_REJECTED, 12345678, 0);
	struct set_verdict set = set_of("850", "");
	group.header.sender[1] = '\0'; /* GS02 has 2 characters or more */
	group.header.receiver[0] = '\0';
	set.ack = ACK_REJECTED;
	slice_copy(set.header.control, sizeof(set.header.control), SLICE("7"));
	struct finding finding = found(FINDING_SEGMENT_ID, "A", 3, "2000");
	findings_add(&set.findings, &finding);
	buffer_init(&out, 0);
	ack_begin(&ack, &out, &heard, now(), 501, false);
	ack_ta1(&ack, &verdict);
	ack_group(&ack, &group.header);
	ack_set(&ack, &set);
	ack_group_end(&ack, &group);
	ack_end(&ack);
	const char *expected = "ISA*00*          *00*          *ZZ*MMIS           *ZZ*UNADDRESSED    *100224*2110*^*00501*000000501*0*P*:~\n"
		"TA1*000000000*100224*2110*R*018~\n"
		"GS*FA*MMIS*UNADDRESSED*20100224*2110*501*X*005010X231A1~\nST*999*0001*005010X231A1~\nAK1*BE*77*005010X220A1~\n"
		"AK2*834*0007~\nIK3*ZZZ*3*2000*1~\nIK5*R*5~\nAK9*R*999999*999999*0~\nSE*7*0001~\nGE*1*501~\nIEA*1*000000501~\n";
	CU_ASSERT(slice_is(buffer_view(&out), expected));
	buffer_done(&out);
	findings_done(&set.findings);
	findings_done(&group.findings);
}

static void cannot_be_named(void)
{
	struct group_header group = heard_group();
	CU_ASSERT(ack_group_fits(&group));
	slice_copy(group.control, sizeof(group.control), SLICE("7A"));
	CU_ASSERT(!ack_group_fits(&group));
	group = heard_group();
	slice_copy(group.functional_id, sizeof(group.functional_id), SLICE("PO"));
	CU_ASSERT(!ack_group_fits(&group));
	slice_copy(group.functional_id, sizeof(group.functional_id), SLICE("HC"));
	CU_ASSERT(ack_group_fits(&group));
	group.version[0] = '\0';
	CU_ASSERT(!ack_group_fits(&group));
}

static const struct unit_case cases[] = {
	{ "6.5: what cannot be repeated as it was heard is replaced, so that our own acknowledgments are X12", replaced },
	{ "6.5: a group without a function, number or version that AK1 can hold has no 999", cannot_be_named },
	{ "6.5: TA1 stands between ISA and GS, the reply swaps the parties and asks for no acknowledgment", accepted },
	{ "6.5: a duplicate is answered by TA1 R 025 and no group", duplicate },
	{ "6.5: a code names its element, the member by CTX, its value only when asked", one_code },
	{ "6.5: element findings of a segment share its IK3; an 835 has no AK203", segments_are_grouped },
	{ "6.5: CTX says what triggered a situational rule, behind the segment or element that it is about", triggered },
	{ "6.5 policy: business findings never appear in a 999", business_never },
	{ "6.5: IK5 and AK9 name up to five different codes", five_codes },
	{ "at most LIMIT_FINDINGS_PER_SET IK3 and IK4 segments a set", at_the_limit },
	{ "codes of what is not kept, places in order, members of a partner's rule", codes_places_and_members },
	{ "6.5: what is refused, noted or ignored decides A, E, P and R", verdicts },
};

int main(void)
{
	return UNIT_RUN("ack", cases);
}
