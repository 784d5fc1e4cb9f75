/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_partner: any bytes as a partner file.  What is refused has a sentence; what is accepted narrows four small sets,
 * one of each guide that has one, without harm.
 */
#include "tests/unit/x12_support.h"

#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct { const char *set_id, *body; } sets[] = {
	{ "834", "BGN*00*1*20100101*1200****2~REF*38*A~N1*P5*STATE*FI*123456789~N1*IN*PLAN*FI*987654321~INS*Y*18*021*EC*A*A:0**FT~"
		"REF*0F*ID7~REF*3H*C1~REF*23*X~DTP*356*D8*20100101~NM1*IL*1*DOE*ANN~PER*IP**HP*2035550101~N3*1 MAIN~N4*PUTNAM*CT*06260~"
		"DMG*D8*19800101*F**:RET:2106-3^:RET:2054-5~HD*021**HMO**IND~DTP*348*D8*20100101~REF*9V*F1~LX*1~"
		"NM1*P3*1*DOC*JO****XX*1234567893*25~HD*021**DEN~DTP*348*D8*20100101~" },
	{ "270", "BHT*0022*13*1*20100101*1200~HL*1**20*1~NM1*PR*2*STATE*****PI*123~HL*2*1*21*1~NM1*1P*2*C*****XX*1234567893~"
		"HL*3*2*22*0~NM1*IL*1*DOE*ANN****MI*001~REF*SY*1~EQ*30^98~" },
	{ "271", "BHT*0022*11*1*20100101*1200~HL*1**20*1~NM1*PR*2*STATE*****PI*123~HL*2*1*21*1~NM1*1P*2*C*****XX*1234567893~"
		"HL*3*2*22*0~NM1*IL*1*DOE*ANN****MI*001~EB*L*IND*30*MC~LS*2120~NM1*P3*1*DOC*JO****XX*1234567893~LE*2120~" },
	{ "835", "BPR*I*285*C*ACH*CCP*01*011000138*DA*1**01*011000138*DA*3*20260108~TRN*1*9*1069999999~N1*PR*S~N3*1~N4*H*CT*06106~"
		"PER*BL*D*TE*8~N1*PE*C*XX*1234567893~PLB*1234567893*20261231*CT:8391F1-2*-240*CT:A*-45~" },
};

static void walk(const struct partner *partner)
{
	static const struct x12_sink nobody = { .data = NULL };
	for (size_t i = 0; i < COUNT_OF(sets); i++) {
		const struct guide *guide = guide_of_set(slice_of(sets[i].set_id));
		struct buffer text;
		buffer_init(&text, 0);
		x12_wrap(&text, sets[i].set_id, sets[i].body);
		x12_guides(partner);
		x12_checks((struct checks){ .partner = partner, .overlay = partner_overlay(partner, guide), .codes = partner->codes,
			.charset = partner->charset, .on = 14000 });
		(void)x12_run(buffer_view(&text), 0, 7, &nobody);
		buffer_done(&text);
	}
	x12_guides(NULL);
	x12_checks((struct checks){ .on = DAYS_NONE });
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int file = -1;
	char path[40];
	if (file < 0)
		file = memfd_create("partner", 0);
	if (file < 0 || ftruncate(file, 0) != 0 || pwrite(file, data, size, 0) != (ssize_t)size)
		abort();
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	struct failure failure = { "" };
	struct partner *partner = partner_read(path, NULL, &failure);
	if ((partner == NULL) != (failure.text[0] != '\0'))
		abort();
	if (partner != NULL)
		walk(partner);
	partner_free(partner);
	return 0;
}
