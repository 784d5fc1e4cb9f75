/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The binder: from wire positions to record fields, whole and in chunks of 1 to 5 bytes.
 */
#include "tests/unit/unit.h"
#include "tests/unit/x12_support.h"

#define HEAD "BGN*00*F1*20100101*1200****4~REF*38*POL~DTP*007*D8*20100101~QTY*TO*2~N1*P5*STATE*FI*123456789~N1*IN*PLAN*FI*987654321~"
#define FIRST                                                                                                          \
	"INS*Y*18*021*EC*A***FT~REF*0F*ID7~REF*1L*G1~REF*3H*CASE9~DTP*356*D8*20100101~NM1*IL*1*DOE*ANN*B***34*111223333~" \
	"PER*IP**HP*8605551234~N3*1 MAIN ST*APT 2~N4*PUTNAM*CT*06260~DMG*D8*19800229*F~LUI*LE*SPA**7~"                   \
	"HD*021**HMO*A*IND~DTP*348*D8*20100101~REF*M7*F01~LX*1~NM1*P3*1*DOC*JO****XX*1234567893*25~PER*IC**TE*8605550000~" \
	"HD*024**DEN*B~DTP*349*D8*20100131~LS*2700~LX*1~N1*75*AID~REF*17*ABC~LX*2~N1*75*CASE LOAD~REF*ZZ*XYZ~LE*2700~"
#define SECOND "INS*Y*18*021*EC*A***FT~REF*0F*ID8~NM1*IL*1*ROE*BO~"

/* The dump of a set's records is exactly this, in all chunks. */
static bool binds(const char *set_id, const char *body, const char *expected)
{
	struct buffer text, out;
	buffer_init(&text, 0);
	buffer_init(&out, 0);
	x12_wrap(&text, set_id, body);
	bool same = x12_same(&out, buffer_view(&text), 3, "r");
	bool equal = slice_is(buffer_view(&out), expected);
	if (!equal)
		printf("bound:\n%.*s\nexpected:\n%s\n", SLICE_ARG(buffer_view(&out)), expected);
	buffer_done(&text);
	buffer_done(&out);
	return same && equal;
}
#define END "end inflated 2 failed 0\n"

#define SET_LINE                                                                                                       \
	"record enrolment_set purpose=00 reference=F1 date=2010-01-01 time=1200 action=4 policy=POL effective=2010-01-01 "     \
	"total=2 sponsor=STATE sponsor_id=123456789 payer=PLAN payer_id=987654321\n"
#define SECOND_LINE                                                                                                    \
	"record member subscriber=Y relationship=18 maintenance=021 reason=EC benefit_status=A employment=FT member_id=ID8 " \
	"entity=IL last=ROE first=BO\n"

static void test_members(void)
{
	CU_ASSERT(binds("834", HEAD FIRST SECOND, SET_LINE
		"record member subscriber=Y relationship=18 maintenance=021 reason=EC benefit_status=A employment=FT "
		"member_id=ID7 policy=G1 case_number=CASE9 eligibility_begin=2010-01-01 entity=IL last=DOE first=ANN middle=B "
		"id_qualifier=34 id=111223333 phone_home=8605551234 street=1 MAIN ST street2=APT 2 city=PUTNAM state=CT "
		"zip=06260 born=1980-02-29 sex=F language_spoken=SPA language_any=SPA\n"
		"  record coverage maintenance=021 line=HMO plan=A level=IND begin=2010-01-01 aid_category=F01\n"
		"    record provider entity=P3 type=1 last=DOC first=JO id_qualifier=XX id=1234567893 relationship=25 "
		"phone=8605550000\n"
		"  record coverage maintenance=024 line=DEN plan=B end=2010-01-31\n"
		"  record category name=AID qualifier=17 value=ABC\n"
		"  record category name=CASE LOAD qualifier=ZZ value=XYZ\n" SECOND_LINE END));
	/* a set without members gives its head at the end */
	CU_ASSERT(binds("834", HEAD, SET_LINE END));
	/* the first value counts; a date that is none stays unsaid */
	CU_ASSERT(binds("834", HEAD "INS*Y*18*021*EC*A***FT~REF*0F*ID8~REF*0F*ID9~DTP*356*D8*20100231~NM1*IL*1*ROE*BO~",
		SET_LINE SECOND_LINE END));
}

static void test_inquiries(void)
{
	CU_ASSERT(binds("270", "BHT*0022*13*R1*20100101*1200~HL*1**20*1~NM1*PR*2*STATE*****PI*123~HL*2*1*21*1~"
		"NM1*1P*2*CLINIC*****XX*1234567893~HL*3*2*22*0~TRN*1*T1*9SENDERXX1~TRN*1*T2*9SENDERXX2*MORE~"
		"NM1*IL*1*DOE*ANN****MI*001~DMG*D8*19800101~DTP*291*RD8*20100101-20100131~EQ*30^98~EQ*1~"
		"HL*4*2*22*1~NM1*IL*1*ROE*AL****MI*002~HL*5*4*23*0~TRN*1*T3*9SENDERXX3~NM1*03*1*ROE*KIT~DMG*D8*20050101~EQ*30~"
		"HL*6*4*23*0~NM1*03*1*ROE*LEE~EQ*30~",
		"record inquiry_set purpose=13 reference=R1 date=2010-01-01 time=1200\n"
		"record inquiry hl=3 child_code=0 trace_number=T1 trace_entity=9SENDERXX1 last=DOE first=ANN id_qualifier=MI id=001 "
		"born=1980-01-01 date_format=RD8 date=20100101-20100131 service_types=30^98\n"
		"record inquiry hl=4 child_code=1 last=ROE first=AL id_qualifier=MI id=002\n"
		"  record dependent hl=5 trace_number=T3 trace_entity=9SENDERXX3 last=ROE first=KIT born=2005-01-01 service_types=30\n"
		"  record dependent hl=6 last=ROE first=LEE service_types=30\n"
		"record receiver hl=2 entity=1P type=2 last=CLINIC id_qualifier=XX id=1234567893\n"
		"record source hl=1 entity=PR type=2 name=STATE id_qualifier=PI id=123\n" END));
}

static void test_remittance(void)
{
	CU_ASSERT(binds("835", "BPR*I*92.5*C*ACH*CCP*01*111000025*DA*1*1999999999**01*111000025*DA*2*20100115~TRN*1*77*1999999999~"
		"N1*PR*STATE~N3*1 ST~N4*HARTFORD*CT*06101~PER*BL*HELP*TE*8605550000~N1*PE*CLINIC*XX*1234567893~"
		"LX*1~CLP*1*1*120*100*20*MC*1~NM1*QC*1*DOE*ANN~CLP*2*1*20*0*20*MC*2~NM1*QC*1*DOE*ANN~"
		"PLB*1234567893*20101231*CT:8391F-1*-7.5*RA:1*15~",
		"record remittance handling=I method=ACH amount=9250 credit=C trace=77 payer=STATE payee=CLINIC "
		"payee_id=1234567893 claims=10000 adjustments=750 claim_count=2\n" END));
}

/* ---- what only the structs show ------------------------------------------------------------------ */

struct seen {
	uint64_t offsets[4], segments[4];
	char traces[3][3][24];
	unsigned count;
};

static void member_seen(void *data, enum record_kind kind, const void *record)
{
	struct seen *seen = data;
	if (kind != RECORD_MEMBER || seen->count >= COUNT_OF(seen->offsets))
		return;
	const struct member_record *member = record;
	seen->offsets[seen->count] = member->offset;
	seen->segments[seen->count++] = member->segment;
}

static void inquiry_seen(void *data, enum record_kind kind, const void *record)
{
	struct seen *seen = data;
	if (kind != RECORD_INQUIRY)
		return;
	const struct inquiry_record *inquiry = record;
	CU_ASSERT(inquiry->repetition == '^');
	for (unsigned row = 0; row < 3; row++)
		for (unsigned column = 0; column < 3; column++)
			slice_copy(seen->traces[row][column], sizeof(seen->traces[row][column]), inquiry->trace[row][column]);
}

static void test_origins(void)
{
	struct buffer text;
	struct seen seen = { .count = 0 };
	const struct x12_sink sink = { .record = member_seen, .data = &seen };
	buffer_init(&text, 0);
	x12_wrap(&text, "834", HEAD FIRST SECOND);
	(void)x12_run(buffer_view(&text), 0, 3, &sink);
	CU_ASSERT_FATAL(seen.count == 2);
	CU_ASSERT(memcmp(text.ptr + seen.offsets[0], "INS*Y*18*021*EC*A***FT~REF*0F*ID7", 33) == 0);
	CU_ASSERT(memcmp(text.ptr + seen.offsets[1], "INS*Y*18*021*EC*A***FT~REF*0F*ID8", 33) == 0);
	CU_ASSERT(seen.segments[0] == 8);
	buffer_done(&text);
}

static void test_traces(void)
{
	struct buffer text;
	struct seen seen = { .count = 0 };
	const struct x12_sink sink = { .record = inquiry_seen, .data = &seen };
	buffer_init(&text, 0);
	x12_wrap(&text, "270", "BHT*0022*13*R1*20100101*1200~HL*1**20*1~NM1*PR*2*STATE*****PI*123~HL*2*1*21*1~"
		"NM1*1P*2*CLINIC*****XX*1234567893~HL*3*2*22*0~TRN*1*T1*9SENDERXX1~TRN*1*T2*9SENDERXX2*MORE~"
		"NM1*IL*1*DOE*ANN****MI*001~EQ*30~");
	(void)x12_run(buffer_view(&text), 0, 3, &sink);
	CU_ASSERT(strcmp(seen.traces[0][0], "T1") == 0 && strcmp(seen.traces[0][1], "9SENDERXX1") == 0);
	CU_ASSERT(seen.traces[0][2][0] == '\0');
	CU_ASSERT(strcmp(seen.traces[1][0], "T2") == 0 && strcmp(seen.traces[1][1], "9SENDERXX2") == 0);
	CU_ASSERT(strcmp(seen.traces[1][2], "MORE") == 0 && seen.traces[2][0][0] == '\0');
	buffer_done(&text);
}

/* The walker's events by hand: what is open while an inquiry is given, and what a failed record leaves. */
struct by_hand {
	const struct guide *guide; /* NULL: the shipped one of the set */
	struct reader *reader;
	struct walker *walker;
	struct binder *binder;
	struct findings findings;
	unsigned records[RECORD_KINDS];
	unsigned sources_open;
	unsigned streets;
	bool failed;
};

static void by_hand_events(struct by_hand *run)
{
	struct event event;
	enum record_kind kind;
	const void *record;
	while (walker_event(run->walker, &event)) {
		if (binder_event(run->binder, &kind, &record, &event)) {
			run->records[kind]++;
			if (kind == RECORD_MEMBER)
				run->streets += ((const struct member_record *)record)->street.len > 0;
			const struct inquiry_source *source = binder_open(run->binder, RECORD_SOURCE);
			const struct inquiry_receiver *receiver = binder_open(run->binder, RECORD_RECEIVER);
			if (kind == RECORD_INQUIRY && source != NULL && receiver != NULL)
				run->sources_open += slice_is(source->name, "STATE") && slice_is(receiver->id, "1234567893");
		}
		run->failed |= binder_too_large(run->binder);
	}
}

static void by_hand_run(struct by_hand *run, struct slice bytes)
{
	struct reader_item item;
	run->reader = reader_new();
	run->walker = walker_new();
	run->binder = binder_new();
	findings_init(&run->findings);
	bool ended = false;
	for (;;) {
		enum reader_answer answer = reader_next(run->reader, &item);
		if (answer == READER_END)
			break;
		if (answer == READER_MORE) {
			size_t taken = reader_feed(run->reader, bytes.ptr, bytes.len);
			bytes = (struct slice){ bytes.ptr + taken, bytes.len - taken };
			if (taken == 0 && !ended) {
				reader_end(run->reader);
				ended = true;
			}
		} else if (answer == READER_SET) {
			const struct guide *shipped = guide_find(slice_of(item.set->id), slice_of(item.group->version));
			walker_begin(run->walker, run->guide != NULL ? run->guide : shipped, item.set, &run->findings,
				(struct checks){ .level = 3, .on = DAYS_NONE });
			walker_segment(run->walker, &item.segment, 1);
			by_hand_events(run);
		} else if (answer == READER_SEGMENT || answer == READER_SET_END) {
			walker_segment(run->walker, &item.segment, item.position);
			by_hand_events(run);
		}
		if (answer == READER_SET_END) {
			walker_end(run->walker, &item.segment, item.position);
			by_hand_events(run);
		}
	}
	reader_free(run->reader);
	walker_free(run->walker);
	binder_free(run->binder);
	findings_done(&run->findings);
}

static void test_open(void)
{
	struct by_hand run = { .failed = false };
	struct buffer text;
	buffer_init(&text, 0);
	x12_wrap(&text, "270", "BHT*0022*13*R1*20100101*1200~HL*1**20*1~NM1*PR*2*STATE*****PI*123~HL*2*1*21*1~"
		"NM1*1P*2*CLINIC*****XX*1234567893~HL*3*2*22*0~NM1*IL*1*DOE*ANN****MI*001~EQ*30~HL*4*2*22*0~"
		"NM1*IL*1*ROE*BO****MI*002~EQ*30~");
	by_hand_run(&run, buffer_view(&text));
	CU_ASSERT(run.records[RECORD_INQUIRY] == 2 && run.sources_open == 2 && !run.failed);
	buffer_done(&text);
}

static void test_record_limit(void)
{
	struct by_hand run = { .failed = false };
	struct buffer body, text;
	buffer_init(&body, 0);
	buffer_init(&text, 0);
	buffer_text(&body, HEAD "INS*Y*18*021*EC*A***FT~REF*0F*ID8~NM1*IL*1*ROE*BO~LS*2700~");
	for (unsigned i = 0; i < LIMIT_RECORD_BYTES / sizeof(struct category_record); i++)
		buffer_text(&body, "LX*1~N1*75*A CATEGORY~REF*17*ABC~");
	buffer_text(&body, "LE*2700~");
	buffer_char(&body, '\0');
	x12_wrap(&text, "834", body.ptr);
	by_hand_run(&run, buffer_view(&text));
	CU_ASSERT(run.failed);
	/* many members within the limit each are no trouble: memory is one record's */
	struct by_hand many = { .failed = false };
	buffer_reset(&body);
	buffer_reset(&text);
	buffer_text(&body, HEAD);
	for (unsigned i = 0; i < 5000; i++)
		buffer_text(&body, FIRST);
	buffer_char(&body, '\0');
	x12_wrap(&text, "834", body.ptr);
	by_hand_run(&many, buffer_view(&text));
	CU_ASSERT(!many.failed && many.records[RECORD_MEMBER] == 5000);
	buffer_done(&body);
	buffer_done(&text);
}

/* A guide whose field lines wait for words, whatever their length: those of the set's own name, in N302 of a member. */
static void test_conditions(void)
{
	static const struct { const char *value; bool street; } rows[] = {
		{ "Transaction", true }, { "Set", true }, { "Header", true }, { "Transactio", false }, { "Transactions", false },
		{ "Head", false }, { "Se", false }, { "Sett", false }, { "set", false },
	};
	struct guide guide = *guide_find(SLICE("834"), SLICE("005010X220A1"));
	struct guide_map *maps = calloc(guide.map_count, sizeof(*maps));
	CU_ASSERT_FATAL(maps != NULL);
	memcpy(maps, guide.maps, guide.map_count * sizeof(*maps));
	guide.maps = maps;
	uint16_t street = (uint16_t)record_field_of(RECORD_MEMBER, SLICE("street"));
	uint32_t words = guide.nodes[guide.nodes[0].first_child].name;
	CU_ASSERT(slice_is(slice_of(guide_text(&guide, words)), "Transaction Set Header"));
	for (uint16_t i = 0; i < guide.map_count; i++)
		if (maps[i].field == street) {
			maps[i].when = 2;
			maps[i].is = words;
		}
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct by_hand run = { .guide = &guide };
		struct buffer body, text;
		buffer_init(&body, 0);
		buffer_init(&text, 0);
		buffer_format(&body, HEAD SECOND "N3*1 MAIN ST*%s~", rows[i].value);
		buffer_char(&body, '\0');
		x12_wrap(&text, "834", body.ptr);
		by_hand_run(&run, buffer_view(&text));
		CU_ASSERT(run.records[RECORD_MEMBER] == 1 && run.streets == rows[i].street);
		buffer_done(&body);
		buffer_done(&text);
	}
	free(maps);
}

static const struct unit_case cases[] = {
	{ "a field waits for one of the values that its line names, short or long", test_conditions },
	{ "a member with everything below it, and the set's head before it", test_members },
	{ "inquiries with their dependents, source and receiver", test_inquiries },
	{ "a remittance with its running sums in cents", test_remittance },
	{ "a record knows the byte and the segment it came from", test_origins },
	{ "each TRN of an inquiry is a row", test_traces },
	{ "source and receiver are open while an inquiry is given", test_open },
	{ "a record past the limit is told, many records within it are none of it", test_record_limit },
};

int main(void)
{
	return UNIT_RUN("binder", cases);
}
