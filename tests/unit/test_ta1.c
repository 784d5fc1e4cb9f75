/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Every TA105 that an envelope can earn, a row each: what is changed in a good interchange and what the TA1 says.
 * 025 needs a store (tests/check_load.sh); 028 to 031 speak of deferred delivery, which 005010 HIPAA has not got.
 */
#include "exchange/exchange.h"
#include "tests/unit/unit.h"

#include <unistd.h>

#define HEAD "ISA*00*          *00*          *ZZ*LANTERN        *ZZ*CTDSS          *100310*0930*^*00501*000000077*0*T*:~"
#define GS "GS*HS*LANTERN*CTDSS*20100310*0930*7*X*005010X279A1~"
#define SET \
	"ST*270*0001*005010X279A1~BHT*0022*13*TALK*20100310*0930~HL*1**20*1~NM1*PR*2*STATE MEDICAID*****PI*CTXIX~" \
	"HL*2*1*21*1~NM1*1P*2*LANTERN*****XX*1245319599~HL*3*2*22*0~NM1*IL*1******MI*910000015~EQ*30~SE*10*0001~"
#define GE "GE*1*7~"
#define IEA "IEA*1*000000077~"
#define GOOD HEAD GS SET GE IEA

/* The good interchange with `from` once replaced by `to`, cut before `cut` if that is named. */
static const struct row {
	const char *note;
	char ack;
	const char *from, *to, *cut;
	bool ours; /* we are CTDSS */
} rows[] = {
	{ "000", 'A', "", "", NULL, true },
	{ "001", 'R', "IEA*1*000000077", "IEA*1*000000078", NULL, false },
	{ "002", 'R', "*^*00501*", "*T*00401*", NULL, false },
	{ "003", 'R', "*^*00501*", "*U*00401*", NULL, false },
	{ "003", 'R', "*00501*", "*00602*", NULL, false },
	{ "004", 'R', "*T*:~", "*T*:A", NULL, false },
	{ "004", 'R', "*T*:~", "*T*:*", NULL, false },
	{ "005", 'R', "ZZ*LANTERN", "QQ*LANTERN", NULL, false },
	{ "006", 'R', "LANTERN        *", "               *", NULL, false },
	{ "007", 'R', "ZZ*CTDSS", "QQ*CTDSS", NULL, false },
	{ "008", 'R', "CTDSS          *", "               *", NULL, true },
	{ "009", 'R', "CTDSS          *", "ELSEWHERE      *", NULL, true },
	{ "000", 'A', "CTDSS          *", "ELSEWHERE      *", NULL, false },
	{ "010", 'R', "ISA*00*", "ISA*77*", NULL, false },
	{ "011", 'R', "ISA*00*", "ISA*03*", NULL, false },
	{ "000", 'A', "ISA*00*          ", "ISA*03*WORD      ", NULL, false },
	{ "012", 'R', "  *00*  ", "  *77*  ", NULL, false },
	{ "013", 'R', "  *00*  ", "  *01*  ", NULL, false },
	{ "014", 'R', "*100310*0930*", "*109999*0930*", NULL, false },
	{ "015", 'R', "*100310*0930*", "*100310*0975*", NULL, false },
	{ "016", 'R', "*^*00501*", "*U*00501*", NULL, false },
	{ "027", 'R', "*^*00501*", "*:*00501*", NULL, false }, /* ISA11 = ISA16 */
	{ "016", 'R', "*^*00501*", "***00501*", NULL, false },
	{ "017", 'R', "*00501*", "*X0501*", NULL, false },
	{ "017", 'R', "*00501*", "*99999*", NULL, false },
	{ "018", 'R', "*000000077*0*T", "*00000007A*0*T", NULL, false },
	{ "019", 'R', "*0*T*:~", "*2*T*:~", NULL, false },
	{ "020", 'R', "*0*T*:~", "*0*Q*:~", NULL, false },
	{ "021", 'R', "IEA*1*", "IEA*2*", NULL, false },
	{ "022", 'R', "~GS*", "~N3*STRAY~GS*", NULL, false },
	{ "022", 'E', "~GE*", "~N3*STRAY~GE*", NULL, false },
	{ "022", 'R', "LANTERN        *", "LANTERN*", NULL, false },         /* the ISA is short */
	{ "022", 'R', "LANTERN        *", "LANTERN         *", NULL, false }, /* … or long */
	{ "023", 'R', "", "", "IEA*", false },
	{ "023", 'R', "", "", "EQ*30", false },
	{ "023", 'R', "", "", "^*00501", false }, /* the file ends in the ISA */
	{ "024", 'R', "*20100310*0930*7*", "*20109999*0930*7*", NULL, false },
	{ "024", 'E', "0930*7*X", "0930*7A*X", NULL, false },
	{ "026", 'R', NULL, NULL, NULL, false }, /* each separator an A: see below */
	{ "027", 'R', "*T*:~", "*T*A~", NULL, false },
	{ "027", 'R', "*T*:~", "*T**~", NULL, false },
};

struct seen {
	char note[4], ack;
	unsigned interchanges, strays;
	char control[10];
};

static bool on_end(void *data, struct flow *flow, struct interchange_verdict *verdict, const unsigned char *hash)
{
	struct seen *seen = data;
	(void)flow;
	(void)hash;
	if (seen->interchanges++ == 0) {
		memcpy(seen->note, verdict->note, sizeof(seen->note));
		seen->ack = verdict->ack;
		memcpy(seen->control, verdict->header.control, sizeof(seen->control));
	}
	return true;
}

static bool on_stray(void *data, struct flow *flow, const struct finding *finding)
{
	(void)flow;
	(void)finding;
	((struct seen *)data)->strays++;
	return true;
}

static struct seen look_at(struct slice bytes, bool ours)
{
	char path[] = "/tmp/test_ta1.XXXXXX";
	struct seen seen = { .note = "" };
	struct failure failure = { "" };
	struct flow_handler handler = { .data = &seen, .level = 5, .interchange_end = on_end, .stray = on_stray };
	if (ours)
		handler.receivers[0] = SLICE("CTDSS");
	int fd = mkstemp(path);
	CU_ASSERT_FATAL(fd >= 0 && write(fd, bytes.ptr, bytes.len) == (ssize_t)bytes.len);
	close(fd);
	struct source *source = source_open(path, &failure);
	CU_ASSERT_FATAL(source != NULL);
	CU_ASSERT(flow_run(source, &handler, &failure));
	source_close(source);
	unlink(path);
	return seen;
}

static void changed(struct buffer *out, const struct row *row)
{
	const char *good = GOOD, *end = good + strlen(good);
	buffer_reset(out);
	if (row->from == NULL) { /* an A separates: words lose theirs, so that no other A is left */
		for (const char *c = good; c < end; c++)
			buffer_char(out, *c == '*' ? 'A' : *c == 'A' && c - good > 2 ? 'B' : *c);
		buffer_view(out);
		out->ptr[2] = 'A';
		return;
	}
	const char *at = row->from[0] == '\0' ? end : strstr(good, row->from);
	CU_ASSERT_FATAL(at != NULL);
	const char *cut = row->cut == NULL ? end : strstr(good, row->cut);
	CU_ASSERT_FATAL(cut != NULL);
	buffer_put(out, good, (size_t)((at < cut ? at : cut) - good));
	buffer_text(out, row->to);
	if (at < cut)
		buffer_text(out, at + strlen(row->from));
}

static void each_note(void)
{
	struct buffer bytes;
	buffer_init(&bytes, 0);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		changed(&bytes, &rows[i]);
		struct seen seen = look_at(buffer_view(&bytes), rows[i].ours);
		bool right = seen.interchanges >= 1 && seen.ack == rows[i].ack && strcmp(seen.note, rows[i].note) == 0;
		CU_ASSERT(right);
		if (!right)
			printf("    row %zu: %u interchanges, TA1 %c %s, expected %c %s\n", i, seen.interchanges, seen.ack == '\0' ? '-' : seen.ack,
				seen.note, rows[i].ack, rows[i].note);
	}
	buffer_done(&bytes);
}

/* Where nobody can be answered it is said, and no interchange is made of it. */
static void no_answer(void)
{
	static const char *const unreadable[] = { "ISA*00*          *00*          *ZZ*LANTERN        *ZZ*", "ISA*00*~GS*HS~",
		"ISAAC NEWTON", "ISA" };
	for (size_t i = 0; i < COUNT_OF(unreadable); i++) {
		struct seen seen = look_at(slice_of(unreadable[i]), false);
		CU_ASSERT(seen.interchanges == 0 && seen.strays >= 1);
	}
}

/* A name or a segment that begins with ISA is none, and a short header inside a file ends what was open. */
static void not_a_header(void)
{
	struct seen seen = look_at(slice_of(HEAD GS "ST*270*0001*005010X279A1~BHT*0022*13*ISA*20100310*0930~ISA*IS*A*NAME~HL*1**20*1~"
		"NM1*PR*2*STATE MEDICAID*****PI*CTXIX~HL*2*1*21*1~NM1*1P*2*ISA*****XX*1245319599~HL*3*2*22*0~"
		"NM1*IL*1******MI*910000015~EQ*30~SE*11*0001~" GE IEA), false);
	CU_ASSERT(seen.interchanges == 1 && seen.ack == 'A');
	seen = look_at(slice_of(HEAD GS SET "ISA*00**00**ZZ*LANTERN*ZZ*CTDSS*100310*0930*^*00501*000000078*0*T*:~" GS SET GE
		"IEA*1*000000078~" GOOD), false);
	CU_ASSERT(seen.interchanges == 3 && strcmp(seen.note, "023") == 0 && strcmp(seen.control, "000000077") == 0);
}

static const struct unit_case cases[] = {
	{ "6.5, BAD-3, BAD-4: an envelope earns the TA1 note that says what is wrong with it", each_note },
	{ "6.5: an ISA that does not say who sent it to whom is told, and gets no TA1", no_answer },
	{ "BAD-5: ISA inside a name or in front of a segment is no interchange; a short one is", not_a_header },
};

int main(void)
{
	return UNIT_RUN("ta1", cases);
}
