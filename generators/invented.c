/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * invented: names of nobody, for what has to look like somebody's.
 *
 * First names are such as women and men both have: the sex of whoever gets one need not be
 * known, so that the same person is named alike in files that say it and files that do not.
 * Upper case ASCII, of X12's basic character set.
 */
#include "generators/disguise.h"

static const char *const last_names[] = {
	"ADLER", "ALDEN", "AMBROSE", "ASHBY", "BANNER", "BARLOW", "BECKETT", "BELLAMY", "BLAKELY", "BOLTON",
	"BRANDT", "BRIGHTON", "CALDER", "CARVER", "CASTELL", "CHADWICK", "COLBY", "CORRIGAN", "CRANE", "CROWELL", "DARBY",
	"DELMAR", "DRAYTON", "DUNMORE", "EASTON", "EMERSON", "FAIRFAX", "FARROW", "FENWICK", "FIELDING",
	"GALLOWAY", "GARRICK", "GRANGER", "GRAYSON", "HADLEY", "HALSTEAD", "HARLAN", "HAWTHORN", "HOLLIS", "IRVING",
	"IVERSON", "JARVIS", "KENDRICK", "KINGSLEY", "LANGDON", "LATIMER", "LINDEN", "LOCKHART", "MARLOWE", "MAYFIELD",
	"MERCER", "MILBURN", "NEWCOMB", "NORWOOD", "OAKLEY", "ORMOND", "PEMBROKE", "PRESCOTT", "QUIMBY", "RADCLIFF",
	"REDFIELD", "RENWICK", "SEABURY", "SHERWOOD", "SOMERS", "STERLING", "TALBOT", "THORNTON", "TILDEN", "UNDERHILL",
	"VICKERS", "WAKEFIELD", "WARWICK", "WESTBROOK", "WINSLOW", "WYNDHAM", "YARDLEY",
};
static const char *const first_names[] = {
	"ADDISON", "ALEX", "ANDY", "ARDEN", "ARIEL", "ASHLEY", "AUBREY", "AVERY", "BLAIR", "BRETT", "CAMERON",
	"CAREY", "CASEY", "CHARLIE", "CHRIS", "COREY", "DAKOTA", "DALE", "DARCY", "DEVON", "DREW", "EDEN", "ELLIOT",
	"EMERY", "FINLEY", "FRANCES", "GALE", "HARLEY", "HAYDEN", "HUNTER", "JAMIE", "JESSIE", "JODY", "JORDAN", "JUSTICE",
	"KELLY", "KENDALL", "KERRY", "LEE", "LESLIE", "LINDSAY", "MARION", "MORGAN", "NICKY", "NOEL",
	"PARKER", "PEYTON", "PHOENIX", "REESE", "REGAN", "REMY", "RILEY", "ROBIN", "RORY", "ROWAN", "SAGE",
	"SAM", "SASHA", "SHAWN", "SHELBY", "SIDNEY", "SKYLER", "TATUM", "TAYLOR", "TERRY", "TOBY", "TRACY",
	"VAL", "WINTER",
};
static const char *const streets[] = {
	"ACORN ST", "ALDER AVE", "ASPEN CT", "BEACON ST", "BRIAR LN", "CANAL ST", "CLOVER RD", "COPPER HILL RD", "DOGWOOD DR",
	"EDGEWOOD AVE", "FALCON WAY", "FERN ST", "GARNET LN", "GLEN RD", "HARBOR ST", "HAZEL AVE", "HERON CT", "IVY LN",
	"JUNIPER ST", "KESTREL RD", "LANTERN ST", "LINDEN AVE", "MARIGOLD ST", "MILLSTONE RD", "NUTMEG LN", "ORIOLE DR",
	"PEBBLE ST", "POPLAR AVE", "RIDGE RD", "ROWAN ST", "SADDLE LN", "SPARROW CT", "TANAGER ST", "THISTLE RD", "WALNUT ST",
	"WILLET AVE",
};
static const char *const cities[] = {
	"ALDERTON", "ASHFORD FALLS", "BAYBRIDGE", "BRIARWOOD", "CLEARBROOK", "COPPERFIELD", "EASTMERE", "ELMHAVEN", "FAIRBURN",
	"FERNDALE CORNERS", "GLENHOLLOW", "GREYSTONE", "HARWICK", "HOLLYPORT", "KESTREL BAY", "LAKEMONT", "LINDENVALE", "MAPLECREST",
	"MILLHAVEN", "NORTHFORD", "OAKRIDGE", "PINEVIEW", "QUARRYTOWN", "RIVERMOUTH", "ROSEDALE", "SANDGATE", "STONEBRIDGE",
	"THORNBURY", "WESTMERE", "WILLOWBROOK",
};
static const char *const organisations[] = {
	"ALDERTON MEDICAL GROUP", "BAYBRIDGE FAMILY PRACTICE", "BEACON HEALTH CENTER", "BRIARWOOD CLINIC", "CLEARBROOK PEDIATRICS",
	"COPPERFIELD CARE", "ELMHAVEN HEALTH SERVICES", "FAIRBURN PHYSICIANS", "GARNET COMMUNITY HEALTH", "GLENHOLLOW HOSPITAL",
	"GREYSTONE ASSOCIATES", "HARWICK WELLNESS CENTER", "HOLLYPORT HEALTH", "LAKEMONT INTERNAL MEDICINE", "LINDENVALE CLINIC",
	"MAPLECREST MEDICAL CENTER", "MILLHAVEN FAMILY MEDICINE", "NORTHFORD CARE ALLIANCE", "PINEVIEW PRACTICE", "RIVERMOUTH CLINIC",
	"ROSEDALE HEALTH PARTNERS", "STONEBRIDGE MEDICINE", "THORNBURY COMMUNITY CLINIC", "WILLOWBROOK HEALTH CENTER",
};
static const char *const suffixes[] = { "JR", "SR", "II", "III", "IV" };
static const char *const prefixes[] = { "MX", "DR" };

#define LIST(words) { words, COUNT_OF(words) }
static const struct {
	const char *const *words;
	size_t count;
} lists[INVENTED_LISTS] = {
	[INVENTED_LAST] = LIST(last_names), [INVENTED_FIRST] = LIST(first_names), [INVENTED_STREET] = LIST(streets),
	[INVENTED_CITY] = LIST(cities), [INVENTED_ORGANISATION] = LIST(organisations), [INVENTED_SUFFIX] = LIST(suffixes),
	[INVENTED_PREFIX] = LIST(prefixes),
};

const char *invented_word(enum invented list, uint64_t number, struct slice but)
{
	size_t count = lists[list].count, at = (size_t)(number % count);
	return slice_is(but, lists[list].words[at]) ? lists[list].words[(at + 1) % count] : lists[list].words[at];
}
