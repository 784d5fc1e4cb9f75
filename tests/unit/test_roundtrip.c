/* SPDX-License-Identifier: Apache-2.0 */
#include "readback.h"

/* ---- records are equal when all fields that a guide can fill are, with those of their lists ---- */

static bool field_equal(const struct field *field, const char *a, const char *b)
{
	const char *x = a + field->offset, *y = b + field->offset;
	struct slice texts[2];
	switch (field->type) {
	case FIELD_TEXT:
		memcpy(&texts[0], x, sizeof(texts[0]));
		memcpy(&texts[1], y, sizeof(texts[1]));
		return slice_equal(texts[0], texts[1]);
	case FIELD_DAY:
		return memcmp(x, y, sizeof(days)) == 0;
	case FIELD_CENTS:
	case FIELD_SUM:
	case FIELD_COUNT:
		return memcmp(x, y, sizeof(uint64_t)) == 0;
	case FIELD_TRACE:
		for (size_t row = 0; row < 3; row++) {
			size_t offset = (row * 3 + field->column) * sizeof(struct slice);
			memcpy(&texts[0], x + offset, sizeof(texts[0]));
			memcpy(&texts[1], y + offset, sizeof(texts[1]));
			if (!slice_equal(texts[0], texts[1]))
				return false;
		}
		return true;
	}
	return false;
}

static bool fields_equal(enum record_kind kind, const void *a, const void *b)
{
	for (size_t i = 0; i < record_field_count; i++) {
		if (record_fields[i].record != kind || field_equal(&record_fields[i], a, b))
			continue;
		printf("    field %s of %s differs\n", record_fields[i].name, record_shape(kind)->name);
		return false;
	}
	return true;
}

/* Every list element begins with its `next`. */
static const void *list_next(const void *element)
{
	const void *next;
	memcpy(&next, element, sizeof(next));
	return next;
}

static bool record_equal(enum record_kind kind, const void *a, const void *b)
{
	if (!fields_equal(kind, a, b))
		return false;
	for (enum record_kind child = RECORD_NONE + 1; child < RECORD_KINDS; child++) {
		const struct record_shape *shape = record_shape(child);
		const void *x, *y;
		if (shape == NULL || shape->parent != kind)
			continue;
		memcpy(&x, (const char *)a + shape->list_offset, sizeof(x));
		memcpy(&y, (const char *)b + shape->list_offset, sizeof(y));
		for (; x != NULL && y != NULL; x = list_next(x), y = list_next(y))
			if (!record_equal(child, x, y))
				return false;
		if (x != y) {
			printf("    list of %s differs in length\n", shape->name);
			return false;
		}
	}
	return true;
}

static void hear_equal(struct listener *listener, enum record_kind kind, const void *record)
{
	if (kind == listener->kind && record_equal(kind, listener->expected, record))
		listener->equal++;
}

/* ---- 834 and 270 ---- */

static struct enrolment_set enrolment_head(const char *total)
{
	return (struct enrolment_set){
		.purpose = SLICE("00"), .reference = SLICE("ENR20100224D"), .date = day_of(2010, 2, 24), .time = SLICE("2105"),
		.action = SLICE("2"), .policy = SLICE("HUSKYA"), .effective = day_of(2010, 2, 24), .total = slice_of(total),
		.sponsor = SLICE("STATE AGENCY"), .sponsor_id = SLICE("060000001"), .payer = SLICE("PRIMARY CARE"),
		.payer_id = SLICE("060000002"),
	};
}

static void member_set(struct member_record *m)
{
	record_clear(RECORD_MEMBER, m);
	m->subscriber = SLICE("Y");
	m->relationship = SLICE("18");
	m->maintenance = SLICE("021");
	m->reason = SLICE("28");
	m->benefit_status = SLICE("A");
	m->member_id = SLICE("001234561");
	m->last = SLICE("MOLINA");
	m->first = SLICE("IRIS");
	m->entity = SLICE("IL");
}

static void enrolment_smallest(void)
{
	struct member_record m;
	struct enrolment_set head = enrolment_head("1");
	struct listener listener = { .hear = hear_equal, .expected = &m, .kind = RECORD_MEMBER };
	member_set(&m);
	open_interchange("BE", "005010X220A1");
	enrolment_set_begin(&writer, &head);
	enrolment_member(&writer, &m);
	close_and_read(&listener);
	CU_ASSERT_EQUAL(listener.equal, 1);
}

/* Every field that the guide fills, so that one that is forgotten on either side shows. */
static void member_fill(struct member_record *m)
{
	member_set(m);
	m->employment = SLICE("AC");
	m->death = day_of(2010, 2, 18);
	m->confidentiality = SLICE("R");
	m->birth_sequence = SLICE("2");
	m->policy = SLICE("HUSKYA");
	m->client_number = SLICE("C1");
	m->case_number = SLICE("C00087654");
	m->cross_reference = SLICE("001234500");
	m->prior_id = SLICE("001234499");
	m->maintenance_date = day_of(2010, 2, 20);
	m->eligibility_begin = day_of(2010, 1, 1);
	m->eligibility_end = day_of(2010, 12, 31);
	m->medicaid_begin = day_of(2009, 12, 1);
	m->medicaid_end = day_of(2011, 1, 31);
	m->middle = SLICE("T");
	m->prefix = SLICE("DR");
	m->suffix = SLICE("JR");
	m->id_qualifier = SLICE("ZZ");
	m->id = SLICE("001234561");
	m->phone_home = SLICE("2035550101");
	m->phone_cellular = SLICE("2035550102");
	m->phone_alternate = SLICE("2035550103");
	m->street = SLICE("12 ELM ST");
	m->street2 = SLICE("APT 4");
	m->city = SLICE("WATERBURY");
	m->state = SLICE("CT");
	m->zip = SLICE("06702");
	m->location_qualifier = SLICE("CY");
	m->location = SLICE("NEW HAVEN");
	m->born = day_of(1982, 7, 15);
	m->sex = SLICE("F");
	m->language_native = m->language_any = SLICE("POR");
	m->language_spoken = SLICE("SPA");
	m->language_spoken_text = SLICE("SPANISH");
	m->language_any_text = SLICE("SPANISH"); /* the first text that stands in any LUI */
	m->mail_street = SLICE("PO BOX 9");
	m->mail_city = SLICE("NAUGATUCK");
	m->mail_state = SLICE("CT");
	m->mail_zip = SLICE("06770");
	m->wrong_last = SLICE("MOLINO");
	m->wrong_first = SLICE("IRES");
	m->wrong_id = SLICE("001234560");
	m->wrong_born = day_of(1982, 7, 14);
}

static struct responsible_record parent, guardian;

static void people_fill(struct member_record *m)
{
	record_clear(RECORD_RESPONSIBLE, &parent);
	record_clear(RECORD_RESPONSIBLE, &guardian);
	parent.next = &guardian;
	parent.role = SLICE("S1");
	parent.last = guardian.last = SLICE("MOLINA");
	parent.first = SLICE("TERESA");
	parent.middle = SLICE("Q");
	parent.suffix = SLICE("SR");
	parent.id = SLICE("001234000");
	parent.phone = SLICE("2035550104");
	guardian.role = SLICE("GD");
	m->responsible = &parent;
}

static struct provider_record first, second;

static struct provider_record *providers_fill(void)
{
	record_clear(RECORD_PROVIDER, &first);
	record_clear(RECORD_PROVIDER, &second);
	first.next = &second;
	first.entity = second.entity = SLICE("P3");
	first.type = SLICE("1");
	first.last = SLICE("ABARA");
	first.first = SLICE("NGOZI");
	first.middle = SLICE("E");
	first.id_qualifier = second.id_qualifier = SLICE("XX");
	first.id = SLICE("1234567893");
	first.relationship = SLICE("25");
	first.phone = SLICE("2035550199");
	first.change_date = day_of(2010, 3, 1);
	first.change_reason = SLICE("14");
	second.type = SLICE("2");
	second.last = SLICE("BROOKSIDE PEDIATRICS PC");
	second.id = SLICE("1245319599");
	second.relationship = SLICE("72");
	return &first;
}

static struct coverage_record coverage, other;

static void coverages_fill(struct member_record *m)
{
	record_clear(RECORD_COVERAGE, &coverage);
	record_clear(RECORD_COVERAGE, &other);
	coverage.next = &other;
	coverage.maintenance = SLICE("021");
	coverage.line = other.line = SLICE("HLT");
	coverage.plan = SLICE("PRIMARY CARE");
	coverage.level = SLICE("IND");
	coverage.begin = day_of(2010, 3, 1);
	coverage.end = day_of(2010, 12, 31);
	coverage.maintenance_date = day_of(2010, 2, 22);
	coverage.aid_category = SLICE("F07");
	coverage.payment_category = SLICE("F1");
	coverage.special_program = SLICE("PCCM");
	coverage.program_id = SLICE("HPC");
	coverage.rate_code = SLICE("R1");
	coverage.service_area = SLICE("A1");
	coverage.county = SLICE("NEW HAVEN");
	coverage.client_category = SLICE("K1");
	coverage.contract_class = SLICE("CL");
	coverage.providers = providers_fill();
	other.maintenance = SLICE("024");
	other.begin = day_of(2009, 3, 1);
	other.end = day_of(2010, 2, 28);
	m->coverages = &coverage;
}

static struct category_record category, dated;

static void categories_fill(struct member_record *m)
{
	record_clear(RECORD_CATEGORY, &category);
	record_clear(RECORD_CATEGORY, &dated);
	category.next = &dated;
	category.name = dated.name = SLICE("FUND");
	category.qualifier = dated.qualifier = SLICE("9V");
	category.value = SLICE("F1");
	category.date = SLICE("20100301-20101231");
	dated.value = SLICE("F2");
	dated.date = SLICE("20110101");
	m->categories = &category;
}

static void enrolment_fullest(void)
{
	struct member_record m;
	struct enrolment_set head = enrolment_head("1");
	struct listener listener = { .hear = hear_equal, .expected = &m, .kind = RECORD_MEMBER };
	member_fill(&m);
	people_fill(&m);
	coverages_fill(&m);
	categories_fill(&m);
	open_interchange("BE", "005010X220A1");
	enrolment_set_begin(&writer, &head);
	enrolment_member(&writer, &m);
	close_and_read(&listener);
	CU_ASSERT_EQUAL(listener.equal, 1);
}

static void inquiries(void)
{
	struct inquiry_set head = {
		.purpose = SLICE("13"), .reference = SLICE("REQ-1"), .date = day_of(2010, 3, 12), .time = SLICE("0930"),
	};
	struct inquiry_source source = {
		.entity = SLICE("PR"), .type = SLICE("2"), .name = SLICE("MEDICAID"), .id_qualifier = SLICE("PI"), .id = SLICE("MCD"),
	};
	struct inquiry_receiver receiver = {
		.entity = SLICE("1P"), .type = SLICE("1"), .last = SLICE("SATO"), .first = SLICE("KEN"),
		.id_qualifier = SLICE("XX"), .id = SLICE("1245319599"),
	};
	struct inquiry_record q;
	struct inquiry_dependent d;
	struct listener listener = { .hear = hear_equal, .expected = &q, .kind = RECORD_INQUIRY };
	record_clear(RECORD_INQUIRY, &q);
	record_clear(RECORD_DEPENDENT, &d);
	q.repetition = '^';
	q.hl = SLICE("3");
	q.child_code = SLICE("1");
	q.trace[0][0] = SLICE("93175-0001");
	q.trace[0][1] = SLICE("9061112222");
	q.trace[1][0] = SLICE("CH-77");
	q.trace[1][1] = SLICE("1334445555");
	q.trace[1][2] = SLICE("A");
	q.last = SLICE("MOLINA");
	q.first = SLICE("IRIS");
	q.middle = SLICE("T");
	q.suffix = SLICE("JR");
	q.id_qualifier = SLICE("MI");
	q.id = SLICE("001234561");
	q.ssn = SLICE("900112222");
	q.medicaid_number = SLICE("001234561");
	q.case_number = SLICE("C00087654");
	q.street = SLICE("12 ELM ST");
	q.city = SLICE("WATERBURY");
	q.state = SLICE("CT");
	q.zip = SLICE("06702");
	q.born = day_of(1982, 7, 15);
	q.sex = SLICE("F");
	q.birth_sequence = SLICE("2");
	q.date_format = SLICE("D8");
	q.date = SLICE("20100312");
	q.benefit_date_format = SLICE("RD8");
	q.benefit_date = SLICE("20100301-20100331");
	q.service_types = SLICE("30^98");
	q.dependents = &d;
	d.hl = SLICE("4");
	d.trace[0][0] = SLICE("93175-0002");
	d.trace[0][1] = SLICE("9061112222");
	d.last = SLICE("MOLINA");
	d.first = SLICE("LEO");
	d.born = day_of(2008, 2, 29);
	d.sex = SLICE("M");
	d.ssn = SLICE("900113333");
	d.date_format = SLICE("D8");
	d.date = SLICE("20100312");
	d.service_types = SLICE("30");
	open_interchange("HS", "005010X279A1");
	inquiry_set_begin(&writer, &head, &source, &receiver);
	inquiry_put(&writer, &q);
	close_and_read(&listener);
	CU_ASSERT_EQUAL(listener.equal, 1);
}

static const struct unit_case cases[] = {
	{ "6.2: a member of the least that an 834 needs is read back without a finding, and equal", enrolment_smallest },
	{ "6.2: a member with every field is read back without a finding, and equal", enrolment_fullest },
	{ "6.3: an inquiry with a dependent is read back without a finding, and equal", inquiries },
};

int main(void)
{
	return UNIT_RUN("roundtrip", cases);
}
