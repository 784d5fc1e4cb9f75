/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * distance: how far two ZIP codes lie apart, by the table of their centroids that a program file names
 * (ASG-1): lines of zip,latitude,longitude in degrees.
 *
 * Whole numbers only: ten-thousandths of a degree, thousandths of a mile.  The way is taken straight on a plane whose
 * width shrinks with the cosine of the latitude: within a state that is right to one mile in two hundred, and centroids
 * are not better than that.
 */
#include "rules/internal.h"

#include <errno.h>
#include <stdlib.h>

#define DEGREE 10000            /* parts */
#define MILLIMILES_OF_LATITUDE 69055 /* of one degree, on the average */
#define MILLIMILES_OF_EQUATOR 69172

/* Cosines of whole degrees, in ten-thousandths. */
static const int16_t cosines[] = {
	10000, 9998, 9994, 9986, 9976, 9962, 9945, 9925, 9903, 9877, 9848, 9816, 9781,
	9744, 9703, 9659, 9613, 9563, 9511, 9455, 9397, 9336, 9272, 9205, 9135, 9063,
	8988, 8910, 8829, 8746, 8660, 8572, 8480, 8387, 8290, 8192, 8090, 7986, 7880,
	7771, 7660, 7547, 7431, 7314, 7193, 7071, 6947, 6820, 6691, 6561, 6428, 6293,
	6157, 6018, 5878, 5736, 5592, 5446, 5299, 5150, 5000, 4848, 4695, 4540, 4384,
	4226, 4067, 3907, 3746, 3584, 3420, 3256, 3090, 2924, 2756, 2588, 2419, 2250,
	2079, 1908, 1736, 1564, 1392, 1219, 1045, 872, 698, 523, 349, 175, 0,
};

static int64_t cosine_of(int64_t latitude)
{
	int64_t above = latitude < 0 ? -latitude : latitude, degree = above / DEGREE, rest = above % DEGREE;
	if (degree >= 90)
		return 0;
	return cosines[degree] + (cosines[degree + 1] - cosines[degree]) * rest / DEGREE;
}

static int centroid_order(const void *a, const void *b)
{
	const struct centroid *x = a, *y = b;
	return x->zip < y->zip ? -1 : x->zip > y->zip;
}

static const struct centroid *centroid_of(const struct program *program, struct slice zip)
{
	uint64_t number;
	if (program->centroid_count == 0 || zip.len < 5 || !slice_number(&number, (struct slice){ zip.ptr, 5 }))
		return NULL;
	struct centroid wanted = { .zip = (uint32_t)number };
	return bsearch(&wanted, program->centroids, program->centroid_count, sizeof(wanted), centroid_order);
}

static int64_t root_of(int64_t square)
{
	int64_t root = 0;
	for (int64_t bit = INT64_C(1) << 31; bit > 0; bit /= 2)
		if ((root + bit) * (root + bit) <= square)
			root += bit;
	return root;
}

bool program_distance(int64_t *millimiles, const struct program *program, struct slice from, struct slice to)
{
	const struct centroid *a = centroid_of(program, from), *b = centroid_of(program, to);
	if (a == NULL || b == NULL)
		return false;
	int64_t north = ((int64_t)b->latitude - a->latitude) * MILLIMILES_OF_LATITUDE / DEGREE;
	int64_t across = (int64_t)b->longitude - a->longitude;
	int64_t east = across * MILLIMILES_OF_EQUATOR / DEGREE * cosine_of(((int64_t)a->latitude + b->latitude) / 2) / 10000;
	*millimiles = root_of(north * north + east * east);
	return true;
}

/* ---- the table ------------------------------------------------------------------ */

/* "-72.0412": degrees with at most 15 places behind the point; what is behind the fourth is cut off. */
static bool degrees_parse(int32_t *out, struct slice text, int most)
{
	bool minus = text.len > 0 && text.ptr[0] == '-';
	int64_t whole = 0, part = 0, unit = DEGREE;
	size_t i = minus, digits = 0;
	for (; i < text.len && text.ptr[i] >= '0' && text.ptr[i] <= '9' && digits < 4; i++, digits++)
		whole = 10 * whole + (text.ptr[i] - '0');
	if (digits == 0 || whole > most || (i < text.len && text.ptr[i] != '.'))
		return false;
	for (i++; i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return false;
		unit /= 10;
		part += (text.ptr[i] - '0') * unit;
	}
	int64_t value = whole * DEGREE + part;
	*out = (int32_t)(minus ? -value : value);
	return value <= (int64_t)most * DEGREE;
}

static bool centroid_parse(struct centroid *out, struct slice line)
{
	struct slice zip, latitude, longitude, more;
	uint64_t number;
	if (!slice_part(&zip, line, ',', 0) || !slice_part(&latitude, line, ',', 1) || !slice_part(&longitude, line, ',', 2) ||
		slice_part(&more, line, ',', 3))
		return false;
	zip = slice_trim(zip);
	if (zip.len != 5 || !slice_number(&number, zip))
		return false;
	out->zip = (uint32_t)number;
	return degrees_parse(&out->latitude, slice_trim(latitude), 90) && degrees_parse(&out->longitude, slice_trim(longitude), 180);
}

bool centroids_read(struct program *program, struct slice bytes, const char *path, struct failure *failure)
{
	size_t lines = 1, line = 0;
	for (size_t i = 0; i < bytes.len; i++)
		lines += bytes.ptr[i] == '\n';
	struct centroid *list = arena_alloc(&program->arena, lines * sizeof(*list));
	if (list == NULL)
		return failure_set(failure, "%s: no memory for it", path);
	while (bytes.len > 0) {
		const char *end = memchr(bytes.ptr, '\n', bytes.len);
		size_t len = end == NULL ? bytes.len : (size_t)(end - bytes.ptr);
		struct slice text = { bytes.ptr, len > 0 && bytes.ptr[len - 1] == '\r' ? len - 1 : len };
		bytes = (struct slice){ bytes.ptr + len + (end != NULL), bytes.len - len - (end != NULL) };
		line++;
		if (line == 1) {
			if (!slice_is(slice_trim(text), "zip,latitude,longitude"))
				return failure_set(failure, "%s:1: expected the header zip,latitude,longitude", path);
		} else if (slice_trim(text).len > 0 && !centroid_parse(&list[program->centroid_count++], text)) {
			return failure_set(failure, "%s:%zu: expected a ZIP code of five digits, a latitude and a longitude in degrees", path, line);
		}
	}
	qsort(list, program->centroid_count, sizeof(*list), centroid_order);
	for (size_t i = 1; i < program->centroid_count; i++)
		if (list[i].zip == list[i - 1].zip)
			return failure_set(failure, "%s: ZIP code %05u has two rows: take one out", path, (unsigned)list[i].zip);
	program->centroids = list;
	return true;
}
