/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * sample_names: invented people's names by language, streets, and the postal places
 * of the pilot's towns (domain reference 2.3).
 *
 * Postal place and town differ in life (Willimantic is in Windham, Oakville in
 * Watertown): some of the places here are such, so that the program's aliases are used.
 * Names are upper case ASCII: X12's basic character set.
 */
#include "cli/sample.h"

#include <assert.h>

static const struct sample_town sample_towns[] = {
	{ "WATERBURY", "06702", "NEW HAVEN", AREA_WATERBURY, 60 },
	{ "WATERBURY", "06705", "NEW HAVEN", AREA_WATERBURY, 50 },
	{ "WATERBURY", "06708", "NEW HAVEN", AREA_WATERBURY, 40 },
	{ "WATERTOWN", "06795", "LITCHFIELD", AREA_WATERBURY, 10 },
	{ "OAKVILLE", "06779", "LITCHFIELD", AREA_WATERBURY, 8 },
	{ "PLYMOUTH", "06782", "LITCHFIELD", AREA_WATERBURY, 5 },
	{ "TERRYVILLE", "06786", "LITCHFIELD", AREA_WATERBURY, 6 },
	{ "WOLCOTT", "06716", "NEW HAVEN", AREA_WATERBURY, 7 },
	{ "CHESHIRE", "06410", "NEW HAVEN", AREA_WATERBURY, 5 },
	{ "PROSPECT", "06712", "NEW HAVEN", AREA_WATERBURY, 4 },
	{ "NAUGATUCK", "06770", "NEW HAVEN", AREA_WATERBURY, 18 },
	{ "MIDDLEBURY", "06762", "NEW HAVEN", AREA_WATERBURY, 3 },
	{ "THOMASTON", "06787", "LITCHFIELD", AREA_WATERBURY, 4 },
	{ "WILLIMANTIC", "06226", "WINDHAM", AREA_WINDHAM, 40 },
	{ "WINDHAM", "06280", "WINDHAM", AREA_WINDHAM, 6 },
	{ "NORTH WINDHAM", "06256", "WINDHAM", AREA_WINDHAM, 5 },
	{ "CHAPLIN", "06235", "WINDHAM", AREA_WINDHAM, 3 },
	{ "SCOTLAND", "06264", "WINDHAM", AREA_WINDHAM, 2 },
	{ "BALTIC", "06330", "NEW LONDON", AREA_WINDHAM, 4 },
	{ "FRANKLIN", "06254", "NEW LONDON", AREA_WINDHAM, 2 },
	{ "LEBANON", "06249", "NEW LONDON", AREA_WINDHAM, 4 },
	{ "COLUMBIA", "06237", "TOLLAND", AREA_WINDHAM, 3 },
	{ "COVENTRY", "06238", "TOLLAND", AREA_WINDHAM, 6 },
	{ "STORRS", "06268", "TOLLAND", AREA_WINDHAM, 6 },
	{ "MANSFIELD CENTER", "06250", "TOLLAND", AREA_WINDHAM, 5 },
	{ "HARTFORD", "06106", "HARTFORD", AREA_HARTFORD, 70 },
	{ "HARTFORD", "06112", "HARTFORD", AREA_HARTFORD, 50 },
	{ "HARTFORD", "06114", "HARTFORD", AREA_HARTFORD, 50 },
	{ "EAST HARTFORD", "06108", "HARTFORD", AREA_HARTFORD, 25 },
	{ "WEST HARTFORD", "06110", "HARTFORD", AREA_HARTFORD, 10 },
	{ "NEWINGTON", "06111", "HARTFORD", AREA_HARTFORD, 6 },
	{ "WETHERSFIELD", "06109", "HARTFORD", AREA_HARTFORD, 5 },
	{ "BLOOMFIELD", "06002", "HARTFORD", AREA_HARTFORD, 8 },
	{ "WINDSOR", "06095", "HARTFORD", AREA_HARTFORD, 8 },
	{ "SOUTH WINDSOR", "06074", "HARTFORD", AREA_HARTFORD, 4 },
	{ "NEW HAVEN", "06511", "NEW HAVEN", AREA_NEW_HAVEN, 70 },
	{ "NEW HAVEN", "06513", "NEW HAVEN", AREA_NEW_HAVEN, 50 },
	{ "NEW HAVEN", "06519", "NEW HAVEN", AREA_NEW_HAVEN, 45 },
	{ "HAMDEN", "06514", "NEW HAVEN", AREA_NEW_HAVEN, 18 },
	{ "NORTH HAVEN", "06473", "NEW HAVEN", AREA_NEW_HAVEN, 4 },
	{ "EAST HAVEN", "06512", "NEW HAVEN", AREA_NEW_HAVEN, 12 },
	{ "WEST HAVEN", "06516", "NEW HAVEN", AREA_NEW_HAVEN, 22 },
	{ "ORANGE", "06477", "NEW HAVEN", AREA_NEW_HAVEN, 2 },
	{ "WOODBRIDGE", "06525", "NEW HAVEN", AREA_NEW_HAVEN, 2 },
	/* outside the program, or not open yet: for stories only */
	{ "MERIDEN", "06450", "NEW HAVEN", AREA_OUTSIDE, 0 },
	{ "NORWICH", "06360", "NEW LONDON", AREA_OUTSIDE, 0 },
	{ "DANBURY", "06810", "FAIRFIELD", AREA_OUTSIDE, 0 },
	{ "PUTNAM", "06260", "WINDHAM", AREA_OUTSIDE, 0 },
};
static const size_t sample_town_count = COUNT_OF(sample_towns);

const struct sample_town *sample_town_named(const char *city)
{
	size_t i = 0;
	while (i < sample_town_count && strcmp(sample_towns[i].city, city) != 0)
		i++;
	assert(i < sample_town_count);
	return &sample_towns[i];
}

const struct sample_town *sample_town_pick(struct random *random)
{
	uint32_t sum = 0;
	for (size_t i = 0; i < sample_town_count; i++)
		sum += sample_towns[i].weight;
	uint32_t at = random_below(random, sum);
	size_t i = 0;
	while (at >= sample_towns[i].weight)
		at -= sample_towns[i++].weight;
	return &sample_towns[i];
}

/* Numbers 555-xxxx of the two area codes of the state. */
const char *sample_phone_prefix(enum sample_area area)
{
	return area == AREA_HARTFORD || area == AREA_WINDHAM ? "860555" : "203555";
}

const char *const sample_streets[] = {
	"WILLOW ST",  "MAPLE AVE",   "CHURCH ST",   "BRASS MILL LN", "RIVER RD",    "ORCHARD ST", "CEDAR CT",
	"HILLSIDE AVE", "PROSPECT ST", "MEADOW LN", "CLOCK TOWER RD", "GROVE ST",  "ELM ST",     "SPRING ST",
	"FOUNDRY ST", "CHESTNUT ST", "PARK TER",    "LAUREL ST",     "MILL POND RD", "UNION ST",  "SUMMIT AVE",
	"BIRCH DR",   "QUARRY RD",   "FERRY ST",    "BUTTON FACTORY RD", "SYCAMORE ST", "COTTAGE PL", "VALLEY VIEW DR",
};
const size_t sample_street_count = COUNT_OF(sample_streets);

static const char *const english_last[] = {
	"ABBOTT",  "BAILEY",  "BARNES",   "BENNETT", "BISHOP",  "BOOTH",    "BRADLEY", "CARTER",  "CHANDLER", "CLARKE",
	"COOPER",  "CROSBY",  "DALTON",   "DAWSON",  "DIXON",   "ELLIS",    "FLEMING", "FOSTER",  "GARDNER",  "GIBSON",
	"HALE",    "HARMON",  "HAYES",    "HOLLAND", "HUGHES",  "JENNINGS", "KEATING", "LAMBERT", "LANE",     "LOWELL",
	"MARSH",   "MERRITT", "NORTON",   "O'BRIEN", "OWENS",   "PALMER",   "PEARSON", "PORTER",  "QUINN",    "REEVES",
	"ROWE",    "SAWYER",  "SHEPHERD", "SLATER",  "STANTON", "SUTTON",   "TURNER",  "VAUGHN",  "WALLACE",  "WEBSTER",
};
static const char *const english_female[] = {
	"ALICE", "AMBER",  "BRIANNA", "CAROL",   "CRYSTAL", "DANA",  "EMILY",   "ERIN",   "FAITH", "GRACE",
	"HANNAH", "HEATHER", "JANET", "JASMINE", "KAREN",   "KEISHA", "LATOYA", "LAURA",  "MEGAN", "MOLLY",
	"NAOMI", "PAIGE",  "RACHEL",  "REBECCA", "SHANNON", "STACY", "TAMARA",  "TIFFANY", "VANESSA", "WENDY",
};
static const char *const english_male[] = {
	"AARON", "ADAM",  "ANDRE",  "BRIAN", "CALEB",  "CHAD",   "DARNELL", "DEREK", "DYLAN",  "ERIC",
	"ETHAN", "EVAN",  "GAVIN",  "IAN",   "JACOB",  "JAMAL",  "JASON",   "JUSTIN", "KEITH", "LOGAN",
	"MALIK", "MASON", "NATHAN", "OWEN",  "PATRICK", "RYAN",  "SEAN",    "TREVOR", "TYLER", "WESLEY",
};
static const char *const spanish_last[] = {
	"ACOSTA", "AVILES", "BERRIOS", "CABRERA", "CAMACHO", "COLON",   "CORDERO", "CRUZ",    "DE JESUS", "DIAZ",
	"ESTRADA", "FELICIANO", "FUENTES", "GUZMAN", "LEBRON", "LUGO", "MALDONADO", "MEDINA", "MORALES", "NIEVES",
	"OCASIO", "ORTEGA", "PADILLA", "QUINONES", "RENTAS", "ROLDAN", "SANTIAGO", "TORRES", "VEGA",    "ZAYAS",
};
static const char *const spanish_female[] = {
	"ALMA", "CARMEN", "CLARA", "DANIELA", "ELENA", "GLORIA", "INES", "IRIS", "JULIA", "LUZ",
	"LYDIA", "MARISOL", "MILAGROS", "NILDA", "PAOLA", "ROSA", "SONIA", "VALERIA", "XIOMARA", "YESENIA",
};
static const char *const spanish_male[] = {
	"ALEJANDRO", "ANGEL", "CARLOS", "DIEGO", "EDWIN", "EMILIO", "FELIX", "GABRIEL", "HECTOR", "IVAN",
	"JAVIER", "JOSE", "JULIO", "MANUEL", "MIGUEL", "ORLANDO", "PEDRO", "RAFAEL", "RUBEN", "VICTOR",
};
static const char *const portuguese_last[] = { "ALMEIDA", "BARBOSA", "CARDOSO", "COSTA", "FERREIRA", "MACHADO",
	                                       "OLIVEIRA", "PINTO", "RAMOS", "TAVARES" };
static const char *const portuguese_female[] = { "ADRIANA", "BEATRIZ", "FERNANDA", "HELENA", "JOANA", "LETICIA", "RITA", "VERA" };
static const char *const portuguese_male[] = { "ANTONIO", "BRUNO", "DUARTE", "FERNANDO", "JOAO", "PAULO", "RUI", "TIAGO" };
static const char *const polish_last[] = { "BARAN", "DUDEK", "GORSKI", "KACZMAREK", "KROL", "LIS", "PAWLAK", "SIKORA",
	                                   "WILK", "ZAJAC" };
static const char *const polish_female[] = { "AGATA", "BARBARA", "DOROTA", "EWA", "HALINA", "KASIA", "MAGDA", "ZOFIA" };
static const char *const polish_male[] = { "ADAM", "BARTEK", "JAN", "KAROL", "MAREK", "PAWEL", "TOMASZ", "WOJTEK" };
static const char *const haitian_last[] = { "AUGUSTIN", "BIEN-AIME", "CHARLES", "DESIR", "ETIENNE", "JEAN-BAPTISTE",
	                                    "LAFLEUR", "PIERRE", "SAINT-FLEUR", "TOUSSAINT" };
static const char *const haitian_female[] = { "DARLINE", "ESTHER", "FABIOLA", "GUERDA", "MIRLANDE", "NADEGE", "ROSELINE", "WIDLINE" };
static const char *const haitian_male[] = { "EMMANUEL", "FRITZ", "JEAN", "JUNIOR", "LUCKNER", "OLIVIER", "RENE", "WILNER" };

#define NAMES(code, share, group)                                                                               \
	{                                                                                                       \
		.language = code, .weight = share, .last = group##_last, .female = group##_female,              \
		.male = group##_male, .last_count = COUNT_OF(group##_last),                                     \
		.female_count = COUNT_OF(group##_female), .male_count = COUNT_OF(group##_male)                  \
	}
static const struct sample_people_names languages[] = {
	NAMES("ENG", 56, english), NAMES("SPA", 30, spanish), NAMES("POR", 5, portuguese),
	NAMES("POL", 5, polish),   NAMES("HAT", 4, haitian),
};

const struct sample_people_names *sample_names_pick(struct random *random)
{
	uint32_t at = random_below(random, 100);
	size_t i = 0;
	while (at >= languages[i].weight)
		at -= languages[i++].weight;
	return &languages[i];
}
