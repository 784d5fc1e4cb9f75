/* SPDX-License-Identifier: Apache-2.0 */
#include "generators/generators.h"
#include "unit.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

/* gcc takes a compound literal for no constant, so statics spell their slices out */
#define TEXT(literal) { (literal), sizeof(literal) - 1 }

static const struct payer payer = {
	.name = TEXT("STATE MEDICAID AGENCY"), .street = TEXT("25 CAPITOL WAY"), .city = TEXT("HARTFORD"),
	.state = TEXT("CT"), .zip = TEXT("06106"), .phone = TEXT("800-555-0000"),
	.help_name = TEXT("EDI HELP DESK"), .help_phone = TEXT("800-555-0001"),
	.id = TEXT("1060000001"), .routing = TEXT("011900254"), .account = TEXT("0000123456"),
	.interchange_id = TEXT("MMIS"), .eligibility_id = TEXT("MEDICAID"),
};
static const struct billing_provider clinic = {
	.npi = "1234567893", .medicaid_id = TEXT("004012345"), .name = TEXT("BROOKSIDE PEDIATRICS PC"),
	.tax_id = TEXT("061112222"), .street = TEXT("80 MILL RD"), .city = TEXT("WATERBURY"), .state = TEXT("CT"),
	.zip = TEXT("06702-1200"), .trading_partner = TEXT("TP0000101"), .fiscal_year_end = TEXT("0630"),
	.method = TEXT("ACH"), .routing = TEXT("211170101"), .account = TEXT("9876543210"), .account_kind = TEXT("SG"),
};

static days day_of(int year, int month, int dom)
{
	days day = DAYS_NONE;
	CU_ASSERT(days_from_civil(&day, year, month, dom));
	return day;
}

static struct payment payment_of(struct payout_line *lines, size_t count, cents amount)
{
	return (struct payment){
		.cycle_date = day_of(2010, 4, 9), .effective_date = day_of(2010, 4, 13), .amount = amount,
		.trace = SLICE("000004410017"), .lines = lines, .line_count = count, .control = 901,
	};
}

static bool wrote(struct buffer *out, const char *expected)
{
	bool same = slice_is(buffer_view(out), expected) && !out->failed;
	if (!same)
		printf("    wrote:\n%.*s", SLICE_ARG(buffer_view(out)));
	buffer_done(out);
	return same;
}

/* Does what was written hold this text? */
static bool holds(const struct buffer *out, const char *text)
{
	size_t len = slice_of(text).len;
	for (size_t i = 0; i + len <= out->len; i++)
		if (memcmp(out->ptr + i, text, len) == 0)
			return true;
	printf("    not found: %s in\n%.*s", text, SLICE_ARG(buffer_view(out)));
	return false;
}

#define HEAD \
	"ISA*00*          *00*          *ZZ*MMIS           *ZZ*TP0000101      *100409*0000*^*00501*000000901*0*T*:~\n" \
	"GS*HP*MMIS*TP0000101*20100409*0000*901*X*005010X221A1~\n" \
	"ST*835*0001~\n"
#define PARTIES \
	"REF*EV*TP0000101~\n" \
	"DTM*405*20100409~\n" \
	"N1*PR*STATE MEDICAID AGENCY~\n" \
	"N3*25 CAPITOL WAY~\n" \
	"N4*HARTFORD*CT*06106~\n" \
	"PER*CX**TE*8005550000~\n" \
	"PER*BL*EDI HELP DESK*TE*8005550001~\n" \
	"N1*PE*BROOKSIDE PEDIATRICS PC*XX*1234567893~\n" \
	"N3*80 MILL RD~\n" \
	"N4*WATERBURY*CT*067021200~\n" \
	"REF*PQ*004012345~\n" \
	"REF*TJ*061112222~\n"

static struct payout_line month_lines[3] = {
	{ .plb_code = "CT", .reason = "8391", .fund = "F1", .fcn = "100990017", .amount = -176250,
	  .member_months = 235, .reference = TEXT("8391F1-100990017") },
	{ .plb_code = "CT", .reason = "8391", .fund = "F2", .fcn = "100990018", .amount = -12000,
	  .member_months = 16, .reference = TEXT("8391F2-100990018") },
	{ .plb_code = "RA", .reason = "8391", .fund = "F1", .fcn = "100990019", .amount = 2250,
	  .member_months = 3, .why = REASON_DEATH, .reference = TEXT("8391F1-100990019") },
};

static void months_set(void)
{
	month_lines[0].month = month_lines[1].month = month_of(day_of(2010, 3, 1));
	month_lines[2].month = month_of(day_of(2010, 2, 1));
}

static void transfer(void)
{
	struct buffer out;
	struct payment payment = payment_of(month_lines, 3, 186000);
	months_set();
	buffer_init(&out, 0);
	remittance_put(&out, &payer, &clinic, &payment, 'T');
	CU_ASSERT(wrote(&out,
	                HEAD
	                "BPR*I*1860*C*ACH*CCP*01*011900254*DA*0000123456*1060000001**01*211170101*SG*9876543210*20100413~\n"
	                "TRN*1*000004410017*1060000001~\n" PARTIES
	                "PLB*1234567893*20100630*CT:8391F1-100990017*-1762.5*CT:8391F2-100990018*-120*RA:8391F1-100990019*22.5~\n"
	                "SE*17*0001~\nGE*1*901~\nIEA*1*000000901~\n"));
}

static void check(void)
{
	struct buffer out;
	struct billing_provider solo = clinic;
	struct payment payment = payment_of(month_lines, 3, 186000);
	solo.method = SLICE("CHK");
	buffer_init(&out, 0);
	remittance_put(&out, &payer, &solo, &payment, 'P');
	CU_ASSERT(holds(&out, "BPR*I*1860*C*CHK************20100413~\n"));
	buffer_done(&out);
}

static void nothing_left(void)
{
	struct payout_line lines[] = {
		{ .plb_code = "CT", .amount = -3750, .reference = SLICE("8391F1-100990031") },
		{ .plb_code = "RA", .amount = 7500, .reference = SLICE("8391F1-100990032") },
		{ .plb_code = "FB", .amount = -3750, .reference = SLICE("FCN100990033") },
	};
	struct buffer out;
	struct payment payment = payment_of(lines, 3, 0);
	buffer_init(&out, 0);
	remittance_put(&out, &payer, &clinic, &payment, 'T');
	CU_ASSERT(wrote(&out,
	                HEAD "BPR*H*0*C*NON************20100413~\n"
	                     "TRN*1*000004410017*1060000001~\n" PARTIES
	                     "PLB*1234567893*20100630*CT:8391F1-100990031*-37.5*RA:8391F1-100990032*75*FB:FCN100990033*-37.5~\n"
	                     "SE*17*0001~\nGE*1*901~\nIEA*1*000000901~\n"));
}

static void seven_pairs(void)
{
	struct payout_line lines[7];
	struct buffer out;
	struct payment payment = payment_of(lines, 7, 7 * 750);
	for (size_t i = 0; i < 7; i++)
		lines[i] = (struct payout_line){ .plb_code = "CT", .amount = -750, .reference = SLICE("8391F1-1") };
	buffer_init(&out, 0);
	remittance_put(&out, &payer, &clinic, &payment, 'T');
	CU_ASSERT(holds(&out, "PLB*1234567893*20100630*CT:8391F1-1*-7.5*CT:8391F1-1*-7.5*CT:8391F1-1*-7.5"
	                      "*CT:8391F1-1*-7.5*CT:8391F1-1*-7.5*CT:8391F1-1*-7.5~\n"
	                      "PLB*1234567893*20100630*CT:8391F1-1*-7.5~\nSE*18*0001~\n"));
	buffer_done(&out);
}

static void fiscal_years(void)
{
	static const struct { const char *text, *plb02; } rows[] = {
		{ "", "20101231" }, { "0331", "20110331" }, { "0409", "20100409" }, { "0408", "20110408" },
		{ "0229", "20110228" }, { "XX31", "20101231" }, { "1331", "20101231" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buffer out;
		struct billing_provider payee = clinic;
		struct payment payment = payment_of(month_lines, 3, 186000);
		char expected[40];
		payee.fiscal_year_end = slice_of(rows[i].text);
		(void)snprintf(expected, sizeof(expected), "PLB*1234567893*%s*", rows[i].plb02);
		buffer_init(&out, 0);
		remittance_put(&out, &payer, &payee, &payment, 'T');
		CU_ASSERT(holds(&out, expected));
		buffer_done(&out);
	}
}

/* An assert is the proof that the 835 is not written: it is looked at in a process of its own. */
static bool stops(const struct payment *payment)
{
	int status = 0;
	fflush(stdout);
	pid_t child = fork();
	if (child == 0) {
		struct buffer out;
		if (freopen("/dev/null", "w", stderr) == NULL)
			_exit(9);
		buffer_init(&out, 0);
		remittance_put(&out, &payer, &clinic, payment, 'T');
		_exit(0);
	}
	return child > 0 && waitpid(child, &status, 0) == child && WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void does_not_balance(void)
{
	struct payment one_cent = payment_of(month_lines, 3, 186001);
	struct payment negative = payment_of(month_lines + 2, 1, -2250);
	struct payout_line zero = { .plb_code = "CT", .reference = SLICE("8391F1-1") };
	struct payment empty_pair = payment_of(&zero, 1, 0);
	CU_ASSERT(stops(&one_cent));
	CU_ASSERT(stops(&negative));
	CU_ASSERT(stops(&empty_pair));
}

static const struct words words[] = {
	{ "8391", "Primary Care Case Management (PCCM) Payment" }, { "F1", "FAMILIES" }, { "F2", "CHILDREN" },
	{ "CT", "Capitation payment" }, { "RA", "Retro-activity adjustment" },
};

static void advice(void)
{
	struct buffer out;
	struct payment payment = payment_of(month_lines, 3, 186000);
	months_set();
	buffer_init(&out, 0);
	advice_put(&out, &payer, &clinic, &payment, words, COUNT_OF(words));
	CU_ASSERT(holds(&out, "NON-CLAIM SPECIFIC PAYOUTS TO PROVIDERS\n"));
	CU_ASSERT(holds(&out, "100990017                    $1,762.50 8391   FAMILIES              235 03/01/2010 03/31/2010\n"));
	CU_ASSERT(holds(&out, "100990018                      $120.00 8391   CHILDREN               16 03/01/2010 03/31/2010\n"));
	CU_ASSERT(holds(&out, "TOTAL                        $1,882.50\n"));
	CU_ASSERT(holds(&out, "ACCOUNTS RECEIVABLE\n"));
	CU_ASSERT(holds(&out, "100990019                       $22.50 8391   FAMILIES                3 02/01/2010 02/28/2010\n"));
	CU_ASSERT(holds(&out, "the member died in an earlier month\n"));
	CU_ASSERT(holds(&out, "ACCOUNTS RECEIVABLE OFFSETS                                    -$22.50\n"));
	CU_ASSERT(holds(&out, "NET PAYMENT                                                  $1,860.00\n"));
	CU_ASSERT(holds(&out, "8391    Primary Care Case Management (PCCM) Payment\n"));
	CU_ASSERT(holds(&out, "PAYMENT TRACE  000004410017\n"));
	size_t column = 0;
	for (size_t i = 0; i < out.len; i++) {
		column = out.ptr[i] == '\n' ? 0 : column + 1;
		CU_ASSERT_FATAL(column <= 120);
	}
	buffer_done(&out);
}

static const struct unit_case cases[] = {
	{ "835-1 835-3 835-5 835-9 D1 D2: a month by transfer is a PLB-only 835, a negative CT pair a fund", transfer },
	{ "835-7: a check has its date and no account", check },
	{ "835-8 D3: nothing left to pay is BPR*H*0*C*NON with the rest carried forward by FB", nothing_left },
	{ "835-10 835-11: six pairs fill a PLB, a seventh begins the next", seven_pairs },
	{ "835-6 D4: PLB02 is the end of the fiscal year that runs, 31 December if it is not known", fiscal_years },
	{ "835-4 BAD-7: what does not balance to the cent, is negative or zero is never written", does_not_balance },
	{ "RA 1.2: payouts, receivables, earnings and the words of reason 8391, within 120 columns", advice },
};

int main(void)
{
	return UNIT_RUN("remittance", cases);
}
