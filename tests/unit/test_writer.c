/* SPDX-License-Identifier: Apache-2.0 */
#include "generators/generators.h"
#include "unit.h"

static struct buffer out;
static struct writer writer;

static void start(void)
{
	buffer_init(&out, 0);
	writer_init(&writer, &out);
	writer.line_feeds = false;
}

/* Compare what was written and start afresh. */
static bool wrote(const char *expected)
{
	bool same = slice_is(buffer_view(&out), expected) && !out.failed;
	if (!same)
		printf("    wrote %.*s\n", SLICE_ARG(buffer_view(&out)));
	buffer_done(&out);
	start();
	return same;
}

static void empty_elements_at_the_end(void)
{
	start();
	writer_put(&writer, "REF", "EV", "", "", NULL);
	CU_ASSERT(wrote("REF*EV~"));
	writer_put(&writer, "NM1", "IL", "", "", "ANA", "", NULL);
	CU_ASSERT(wrote("NM1*IL***ANA~"));
	writer_put(&writer, "SE", NULL);
	CU_ASSERT(wrote("SE~"));
	buffer_done(&out);
}

static void components(void)
{
	start();
	writer_begin(&writer, "IK4");
	writer_number(&writer, 3);
	writer_component(&writer, SLICE_NONE);
	writer_component(&writer, SLICE("2"));
	writer_text(&writer, "875");
	writer_component(&writer, SLICE_NONE);
	writer_text(&writer, "7");
	writer_end(&writer);
	CU_ASSERT(wrote("IK4*3::2*875*7~"));
	writer_begin(&writer, "CTX");
	writer_text(&writer, "A");
	writer_text(&writer, "");
	writer_component(&writer, SLICE("B"));
	writer_text(&writer, "");
	writer_component(&writer, SLICE_NONE);
	writer_end(&writer);
	CU_ASSERT(wrote("CTX*A*:B~"));
	buffer_done(&out);
}

static void repetitions(void)
{
	start();
	writer_begin(&writer, "EQ");
	writer_text(&writer, "");
	writer_repeat(&writer, SLICE("30"));
	writer_repeat(&writer, SLICE_NONE);
	writer_repeat(&writer, SLICE("98"));
	writer_end(&writer);
	CU_ASSERT(wrote("EQ*30^98~"));
	buffer_done(&out);
}

static void delimiters_in_values(void)
{
	start();
	writer_put(&writer, "N3", "1*2:3~4^5\n6", "P.O. BOX 7", NULL);
	CU_ASSERT_EQUAL(writer.replaced, 5);
	CU_ASSERT(wrote("N3*1 2 3 4 5 6*P.O. BOX 7~"));
	buffer_done(&out);
}

static void money_and_days(void)
{
	days day = DAYS_NONE, end = DAYS_NONE;
	CU_ASSERT(days_from_civil(&day, 2010, 3, 1) && days_from_civil(&end, 2010, 3, 31));
	start();
	writer_begin(&writer, "X");
	writer_cents(&writer, -176250);
	writer_cents(&writer, 750);
	writer_cents(&writer, 0);
	writer_day(&writer, DAYS_NONE);
	writer_day(&writer, day);
	writer_span(&writer, day, end);
	writer_span(&writer, day, DAYS_OPEN);
	writer_digits(&writer, SLICE("(203) 555-0142"));
	writer_end(&writer);
	CU_ASSERT(wrote("X*-1762.5*7.5*0**20100301*RD8*20100301-20100331*D8*20100301*2035550142~"));
	buffer_done(&out);
}

static void whole_interchange(void)
{
	struct envelope envelope = {
		.sender_qualifier = SLICE("ZZ"), .sender = SLICE("CTDSS"),
		.receiver_qualifier = SLICE("ZZ"), .receiver = SLICE("TP0000101"),
		.usage = 'T', .control = 901,
	};
	CU_ASSERT(days_from_civil(&envelope.made.day, 2010, 4, 9));
	envelope.made.second = 6 * 3600;
	buffer_init(&out, 0);
	writer_init(&writer, &out);
	writer_interchange(&writer, &envelope);
	CU_ASSERT_EQUAL(out.len, 107); /* 106 bytes and a line feed */
	writer_group(&writer, &envelope, "HP", "005010X221A1");
	writer_set(&writer, "835", NULL);
	writer_put(&writer, "LX", "1", NULL);
	writer_set_end(&writer);
	writer_set(&writer, "835", NULL);
	writer_set_end(&writer);
	writer_group_end(&writer);
	writer_group(&writer, &envelope, "FA", "005010X231A1");
	writer_set(&writer, "999", "005010X231A1");
	writer_set_end(&writer);
	writer_group_end(&writer);
	writer_interchange_end(&writer);
	CU_ASSERT(wrote("ISA*00*          *00*          *ZZ*CTDSS          *ZZ*TP0000101      *100409*0600*^*00501*000000901*0*T*:~\n"
	                "GS*HP*CTDSS*TP0000101*20100409*0600*901*X*005010X221A1~\n"
	                "ST*835*0001~\nLX*1~\nSE*3*0001~\nST*835*0002~\nSE*2*0002~\nGE*2*901~\n"
	                "GS*FA*CTDSS*TP0000101*20100409*0600*902*X*005010X231A1~\n"
	                "ST*999*0001*005010X231A1~\nSE*2*0001~\nGE*1*902~\n"
	                "IEA*2*000000901~\n"));
	buffer_done(&out);
}

static void long_names_in_isa(void)
{
	struct envelope envelope = {
		.sender_qualifier = SLICE("ZZ"), .sender = SLICE("A*RATHER-LONG-SENDER-ID"),
		.receiver_qualifier = SLICE("30"), .receiver = SLICE("R"), .usage = 'P', .control = 1, .ack_requested = true,
	};
	start();
	writer_interchange(&writer, &envelope);
	CU_ASSERT_EQUAL(out.len, 106);
	CU_ASSERT(wrote("ISA*00*          *00*          *ZZ*A RATHER-LONG-S*30*R              *700101*0000*^*00501*000000001*1*P*:~"));
	buffer_done(&out);
}

static void full_buffer(void)
{
	buffer_init(&out, 16);
	writer_init(&writer, &out);
	writer_put(&writer, "REF", "EV", "TP0000101", NULL);
	writer_put(&writer, "REF", "EV", "TP0000101", NULL);
	CU_ASSERT(out.failed);
	buffer_done(&out);
}

static const struct unit_case cases[] = {
	{ "6.7: empty elements at the end of a segment are not sent, gaps are", empty_elements_at_the_end },
	{ "6.7: components: gaps stay, empty ones at the end go", components },
	{ "repetitions stand in one element, empty ones are left out", repetitions },
	{ "a delimiter inside a value becomes a blank and is counted", delimiters_in_values },
	{ "1.6: amounts without trailing zeros; days, spans and phone numbers in their forms", money_and_days },
	{ "6.1: an interchange with two groups counts sets, segments and control numbers", whole_interchange },
	{ "6.1: ISA has 106 bytes whatever the ids are", long_names_in_isa },
	{ "a full buffer is told once, at the end", full_buffer },
};

int main(void)
{
	return UNIT_RUN("writer", cases);
}
