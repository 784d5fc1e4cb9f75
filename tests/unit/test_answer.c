/* SPDX-License-Identifier: Apache-2.0 */
#include "generators/generators.h"
#include "unit.h"

static struct buffer out;
static struct writer writer;
static struct answer_writer aw;

static days day_of(int year, int month, int dom)
{
	days day = DAYS_NONE;
	CU_ASSERT(days_from_civil(&day, year, month, dom));
	return day;
}

struct scene { /* one inquiry and what is known; the tests change what they are about */
	struct payer payer;
	struct inquiry_set set;
	struct inquiry_source source;
	struct inquiry_receiver receiver;
	struct inquiry_record inquiry;
	struct member member;
	struct pcp pcp;
	struct billing_provider billing;
	struct answer answer;
};

static void scene_set(struct scene *s)
{
	*s = (struct scene){
		.payer = { .name = SLICE("STATE MEDICAID AGENCY"), .id = SLICE("1060000001"), .eligibility_id = SLICE("MEDICAID") },
		.set = { .purpose = SLICE("13"), .reference = SLICE("REQ-1") },
		.source = { .hl = SLICE("1"), .entity = SLICE("PR"), .type = SLICE("2"), .name = SLICE("MEDICAID"),
		            .id_qualifier = SLICE("PI"), .id = SLICE("MCD") },
		.receiver = { .hl = SLICE("2"), .entity = SLICE("1P"), .type = SLICE("1"), .last = SLICE("SATO"),
		              .first = SLICE("KEN"), .id_qualifier = SLICE("XX"), .id = SLICE("1245319599") },
		.inquiry = { .hl = SLICE("3"), .child_code = SLICE("0"), .last = SLICE("MOLINA"), .first = SLICE("IRIS"),
		             .id_qualifier = SLICE("MI"), .id = SLICE("001234561"), .sex = SLICE("F"),
		             .trace = { { SLICE("93175-0001"), SLICE("9061112222"), SLICE_NONE },
		                        { SLICE("CH-77"), SLICE("1334445555"), SLICE("A") } } },
		.member = { .medicaid_id = SLICE("001234561"), .case_number = SLICE("C00087654"), .last = SLICE("MOLINA"),
		            .first = SLICE("IRIS"), .middle = SLICE("T"), .died = DAYS_NONE, .sex = SLICE("F"),
		            .home = { .street = SLICE("12 ELM ST"), .city = SLICE("WATERBURY"), .state = SLICE("CT"), .zip = SLICE("06702") } },
		.pcp = { .npi = "1234567893", .last = SLICE("ABARA"), .first = SLICE("NGOZI"), .phone = SLICE("203-555-0199") },
		.billing = { .npi = "1679576722", .name = SLICE("BROOKSIDE PEDIATRICS PC"), .phone = SLICE("2035550100") },
	};
	s->inquiry.born = s->member.born = day_of(1982, 7, 15);
	s->answer = (struct answer){
		.inquiry = &s->inquiry, .member = &s->member, .active = true,
		.asked = day_of(2010, 3, 12), .asked_end = day_of(2010, 3, 12),
		.covered_begin = day_of(2010, 1, 1), .covered_end = day_of(2010, 3, 31),
		.coverage_name = SLICE("HUSKY A"), .program_name = SLICE("HUSKY PRIMARY CARE"),
		.service_types = SLICE("1 33 98"), .own_trace = SLICE("71000000042"),
		.pcp = &s->pcp, .billing = &s->billing, .pcp_begin = day_of(2010, 3, 1), .pcp_end = DAYS_OPEN,
	};
}

static void reject(struct scene *s, enum answer_level level, char valid, const char *code, char follow_up)
{
	struct rejection *rejection = &s->answer.rejections[s->answer.rejection_count++];
	*rejection = (struct rejection){ .level = level, .valid = valid, .follow_up = follow_up };
	slice_copy(rejection->code, sizeof(rejection->code), slice_of(code));
}

static void begin(const struct scene *s)
{
	struct moment made = { .day = day_of(2010, 3, 12), .second = 9 * 3600 + 1800 };
	buffer_init(&out, 0);
	writer_init(&writer, &out);
	answer_set_begin(&aw, &writer, &s->payer, &s->set, made);
}

static bool ends_as(const char *expected)
{
	answer_set_end(&aw);
	bool same = slice_is(buffer_view(&out), expected) && !out.failed;
	if (!same)
		printf("    wrote:\n%.*s", SLICE_ARG(buffer_view(&out)));
	buffer_done(&out);
	return same;
}

#define SET "ST*271*0001*005010X279A1~\nBHT*0022*11*REQ-1*20100312*0930~\n"
#define SOURCE "HL*1**20*1~\nNM1*PR*2*MEDICAID*****PI*MCD~\n"
#define RECEIVER "HL*2*1*21*1~\nNM1*1P*1*SATO*KEN****XX*1245319599~\n"
#define TRACES "TRN*2*93175-0001*9061112222~\nTRN*2*CH-77*1334445555*A~\nTRN*1*71000000042*1060000001~\n"

static void covered(void)
{
	struct scene s;
	scene_set(&s);
	begin(&s);
	answer_put(&aw, &s.source, &s.receiver, &s.answer);
	CU_ASSERT(ends_as(SET SOURCE RECEIVER
	                  "HL*3*2*22*0~\n" TRACES
	                  "NM1*IL*1*MOLINA*IRIS*T***MI*001234561~\nREF*3H*C00087654~\nN3*12 ELM ST~\nN4*WATERBURY*CT*06702~\n"
	                  "DMG*D8*19820715*F~\nDTP*291*D8*20100312~\n"
	                  "EB*1**30*MC*HUSKY A~\nDTP*307*RD8*20100101-20100331~\n"
	                  "EB*1**1^33^98*MC~\n"
	                  "EB*L*IND*30*MC*HUSKY PRIMARY CARE~\nDTP*295*D8*20100301~\n"
	                  "LS*2120~\nNM1*P3*1*ABARA*NGOZI****XX*1234567893~\nPER*IC**TE*2035550199~\nLE*2120~\n"
	                  "EB*MC*IND*30*MC*HUSKY PRIMARY CARE~\nDTP*291*D8*20100301~\n"
	                  "LS*2120~\nNM1*1P*2*BROOKSIDE PEDIATRICS PC*****XX*1679576722~\nPER*IC**TE*2035550100~\nLE*2120~\n"
	                  "SE*32*0001~\n"));
}

static void other_name_open_coverage_and_contacts(void)
{
	static const struct answer_contact contacts[] = {
		{ .service_type = { "35", 2 }, .name = { "DENTAL PARTNERS", 15 }, .phone = { "855-555-0111", 12 } },
	};
	struct scene s;
	scene_set(&s);
	s.answer.name_differs = true;
	s.member.confidential = true;
	s.member.birth_sequence = SLICE("2");
	s.answer.covered_end = DAYS_OPEN;
	s.answer.asked_end = day_of(2010, 3, 31);
	s.answer.service_types = SLICE_NONE;
	s.answer.pcp = NULL;
	s.answer.billing = NULL;
	s.answer.own_trace = SLICE_NONE;
	s.answer.contacts = contacts;
	s.answer.contact_count = 1;
	begin(&s);
	answer_put(&aw, &s.source, &s.receiver, &s.answer);
	CU_ASSERT(ends_as(SET SOURCE RECEIVER
	                  "HL*3*2*22*0~\nTRN*2*93175-0001*9061112222~\nTRN*2*CH-77*1334445555*A~\n"
	                  "NM1*IL*1*MOLINA*IRIS*T***MI*001234561~\nREF*3H*C00087654~\n"
	                  "DMG*D8*19820715*F~\nINS*Y*18*001*25*************2~\nDTP*291*RD8*20100312-20100331~\n"
	                  "EB*1**30*MC*HUSKY A~\nDTP*307*D8*20100101~\n"
	                  "EB*U**35*MC~\nLS*2120~\nNM1*VN*2*DENTAL PARTNERS~\nPER*IC**TE*8555550111~\nLE*2120~\n"
	                  "SE*22*0001~\n"));
}

static void inactive(void)
{
	struct scene s;
	scene_set(&s);
	s.answer.active = false;
	begin(&s);
	answer_put(&aw, &s.source, &s.receiver, &s.answer);
	CU_ASSERT(ends_as(SET SOURCE RECEIVER
	                  "HL*3*2*22*0~\n" TRACES
	                  "NM1*IL*1*MOLINA*IRIS*T***MI*001234561~\nREF*3H*C00087654~\nN3*12 ELM ST~\nN4*WATERBURY*CT*06702~\n"
	                  "DMG*D8*19820715*F~\nDTP*291*D8*20100312~\nEB*6**30~\nSE*18*0001~\n"));
}

static void subscriber_rejected(void)
{
	struct scene s;
	scene_set(&s);
	s.inquiry.born = day_of(1982, 7, 16);
	s.inquiry.first = SLICE("IRINA");
	reject(&s, ANSWER_SUBSCRIBER, 'N', "71", 'C');
	reject(&s, ANSWER_SUBSCRIBER, 'Y', "42", 'R');
	begin(&s);
	answer_put(&aw, &s.source, &s.receiver, &s.answer);
	CU_ASSERT(ends_as(SET SOURCE RECEIVER
	                  "HL*3*2*22*0~\n" TRACES
	                  "NM1*IL*1*MOLINA*IRINA****MI*001234561~\nAAA*N**71*C~\nAAA*Y**42*R~\nDMG*D8*19820716*F~\n"
	                  "DTP*291*D8*20100312~\nSE*16*0001~\n"));
}

static void upper_levels_rejected(void)
{
	struct scene s;
	scene_set(&s);
	reject(&s, ANSWER_SOURCE, 'N', "79", 'C');
	begin(&s);
	answer_put(&aw, &s.source, &s.receiver, &s.answer);
	answer_put(&aw, &s.source, &s.receiver, &s.answer);
	CU_ASSERT(ends_as(SET "HL*1**20*0~\nNM1*PR*2*MEDICAID*****PI*MCD~\nAAA*N**79*C~\nSE*6*0001~\n"));
	scene_set(&s);
	reject(&s, ANSWER_SOURCE, 'Y', "42", 'R');
	begin(&s);
	answer_put(&aw, &s.source, &s.receiver, &s.answer);
	CU_ASSERT(ends_as(SET "HL*1**20*0~\nAAA*Y**42*R~\nNM1*PR*2*MEDICAID*****PI*MCD~\nSE*6*0001~\n"));
	scene_set(&s);
	reject(&s, ANSWER_RECEIVER, 'N', "51", 'C');
	begin(&s);
	answer_put(&aw, &s.source, &s.receiver, &s.answer);
	answer_put(&aw, &s.source, &s.receiver, &s.answer);
	CU_ASSERT(ends_as(SET SOURCE "HL*2*1*21*0~\nNM1*1P*1*SATO*KEN****XX*1245319599~\nAAA*N**51*C~\nSE*8*0001~\n"));
}

static void levels_are_shared(void)
{
	struct scene s;
	struct inquiry_receiver other;
	scene_set(&s);
	s.answer.active = false;
	s.member = (struct member){ .medicaid_id = SLICE("9"), .last = SLICE("A"), .born = DAYS_NONE };
	s.inquiry.trace[0][0] = s.inquiry.trace[1][0] = s.answer.own_trace = SLICE_NONE;
	s.answer.asked = DAYS_NONE;
	other = s.receiver;
	other.hl = SLICE("5");
	begin(&s);
	answer_put(&aw, &s.source, &s.receiver, &s.answer);
	answer_put(&aw, &s.source, &s.receiver, &s.answer);
	answer_put(&aw, &s.source, &other, &s.answer);
#define ONE "NM1*IL*1*A*****MI*9~\nEB*6**30~\n"
	CU_ASSERT(ends_as(SET SOURCE RECEIVER "HL*3*2*22*0~\n" ONE "HL*4*2*22*0~\n" ONE
	                  "HL*5*1*21*1~\nNM1*1P*1*SATO*KEN****XX*1245319599~\nHL*6*5*22*0~\n" ONE "SE*18*0001~\n"));
}

static void cancellation(void)
{
	struct scene s;
	scene_set(&s);
	s.set.purpose = SLICE("01");
	begin(&s);
	CU_ASSERT(ends_as("ST*271*0001*005010X279A1~\nBHT*0022*06*REQ-1*20100312*0930~\nSE*3*0001~\n"));
}

static const struct unit_case cases[] = {
	{ "6.4 D10 ELV-1 ELV-2 ELV-3: covered and assigned names PCP with phone, Primary Manager, dates and traces", covered },
	{ "6.4 ELV-4: another stored name is told by INS, a confidential address is not, contacts are EB*U", other_name_open_coverage_and_contacts },
	{ "6.4: not covered is EB*6 and nothing more", inactive },
	{ "6.4: a rejected subscriber gets back what was asked, and no benefit", subscriber_rejected },
	{ "6.4: a rejected source or receiver has nothing below it", upper_levels_rejected },
	{ "6.4: inquiries of one receiver share its level, HL counts through", levels_are_shared },
	{ "6.4: a cancellation is confirmed by BHT02 06", cancellation },
};

int main(void)
{
	return UNIT_RUN("answer", cases);
}
