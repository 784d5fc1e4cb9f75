/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * languages: the names of the languages that rosters print (RST-2), by the codes that
 * an 834 carries: ISO 639-2 (LUI01 LE) and the two-letter codes of ISO 639-1.  A code
 * that is not listed is printed as it is.
 */
#include "exchange/facts.h"

static const struct {
	const char *codes; /* blank separated */
	const char *name;
} languages[] = {
	{ "ENG EN", "ENGLISH" }, { "SPA ES", "SPANISH" }, { "POR PT", "PORTUGUESE" }, { "POL PL", "POLISH" },
	{ "FRE FRA FR", "FRENCH" }, { "HAT HT", "HAITIAN CREOLE" }, { "ITA IT", "ITALIAN" }, { "CHI ZHO ZH", "CHINESE" },
	{ "VIE VI", "VIETNAMESE" }, { "RUS RU", "RUSSIAN" }, { "ALB SQI SQ", "ALBANIAN" }, { "ARA AR", "ARABIC" },
	{ "BOS BS", "BOSNIAN" }, { "GER DEU DE", "GERMAN" }, { "GRE ELL EL", "GREEK" }, { "GUJ GU", "GUJARATI" },
	{ "HIN HI", "HINDI" }, { "JPN JA", "JAPANESE" }, { "KOR KO", "KOREAN" }, { "LAO LO", "LAO" },
	{ "MAL ML", "MALAYALAM" }, { "NEP NE", "NEPALI" }, { "PER FAS FA", "PERSIAN" }, { "SOM SO", "SOMALI" },
	{ "SWA SW", "SWAHILI" }, { "TGL TL", "TAGALOG" }, { "THA TH", "THAI" }, { "TUR TR", "TURKISH" },
	{ "UKR UK", "UKRAINIAN" }, { "URD UR", "URDU" }, { "SGN", "SIGN LANGUAGE" },
};

struct slice language_name(struct slice code)
{
	for (size_t i = 0; i < COUNT_OF(languages); i++)
		if (slice_among(slice_of(languages[i].codes), code))
			return slice_of(languages[i].name);
	return code;
}
