/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * cut: which of the segments that a scan found are ordinary: those of a set that need nobody's attention but the
 * walker's.  Ordinary is what has no line end inside, an id of two or three bytes that cannot be of the envelope, is too
 * short to hide a whole ISA, and follows the one before it as the others do.
 *
 * One at a time in plain C, sixteen where AVX-512 scans too; both stop at the same one.  What stops them is not wrong:
 * reader_next looks at it closely.
 */
#include "parsers/parts.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define CUT_VECTORS 1
#else
#define CUT_VECTORS 0
#endif

#define ISA_OR_IEA 0x490041 /* I?A */

/* Is it not 0 for what can be a segment of the envelope?  What only looks so is no harm: it is looked at closely.
 * `word`: its first four bytes, which may be those of an ISA with other delimiters; S and G differ in 0x14. */
static inline uint32_t envelope_like(uint32_t key, uint32_t word)
{
	uint32_t two = ((key >> 8) & ~UINT32_C(0x14)) == ('S' & 'G'), three = ((word >> 8) & 0xff00ff) == ISA_OR_IEA;
	return two | three;
}

/* Pass ordinary segments that have `gap` line end bytes before them, up to one that is not ordinary, and put their keys.
 * What is asked of each is put together without a branch: lengths and ids of members are not to be foreseen. */
static inline __attribute__((always_inline)) void cut_each(const struct scan *scan, const char *window,
	struct cutting *cutting, uint32_t most, uint32_t *keys, unsigned gap)
{
	uint32_t next = cutting->next, mark = cutting->mark, from = cutting->from;
	for (; next < most; next++) {
		uint32_t end = scan->ends[next], last = end & READER_RANK, to = scan->marks[last];
		uint32_t start = from + gap, id_len = scan->marks[mark] - start;
		uint64_t bytes;
		memcpy(&bytes, window + from, sizeof(bytes));
		bytes = be64toh(bytes);
		uint32_t word = (uint32_t)(bytes >> (32 - 8 * gap)), key = word >> ((32 - 8 * id_len) & 31);
		uint32_t odd = (end >> READER_RANK_BITS) / SEGMENT_HAS_LINE_END; /* a line end inside */
		odd |= (last - mark) / HIDDEN_HEADER_ELEMENTS | (to - start - 1) / HIDDEN_HEADER_BYTES;
		odd |= (id_len - 2) / 2;                                         /* not two or three bytes */
		odd |= ((word >> 24) - ('!' + 0U)) >> 31;                        /* a blank or a control character before it */
		odd |= gap == 0 ? 0 : (uint32_t)(bytes >> (64 - 8 * gap)) ^ (gap == 1 ? '\n' : '\r' << 8 | '\n');
		odd |= envelope_like(key, word);
		if (odd != 0)
			break;
		*keys++ = key;
		mark = last + 1;
		from = to + 1;
	}
	*cutting = (struct cutting){ next, mark, from };
}

#if CUT_VECTORS
#define FOR_AVX512 __attribute__((target("avx512f,avx512bw")))

/* The same for sixteen at a time, up to the last sixteen.  Gives whether one was found that is not ordinary. */
FOR_AVX512 static inline __attribute__((always_inline)) bool cut_sixteens(const struct scan *scan, const char *window,
	struct cutting *cutting, uint32_t most, uint32_t *keys, unsigned gap)
{
	const __m512i one = _mm512_set1_epi32(1), rank = _mm512_set1_epi32((int)READER_RANK);
	const __m512i swap = _mm512_broadcast_i32x4(_mm_setr_epi8(3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12));
	__m512i last_before = _mm512_set1_epi32((int)cutting->mark - 1), to_before = _mm512_set1_epi32((int)cutting->from - 1);
	uint32_t next = cutting->next;
	__mmask16 odd = 0;
	for (; most - next >= 16 && odd == 0; keys += 16) {
		__m512i end = _mm512_loadu_si512(scan->ends + next), last = _mm512_and_si512(end, rank);
		__m512i to = _mm512_i32gather_epi32(last, scan->marks, 4);
		__m512i mark = _mm512_add_epi32(_mm512_alignr_epi32(last, last_before, 15), one);
		__m512i from = _mm512_add_epi32(_mm512_alignr_epi32(to, to_before, 15), one);
		__m512i start = _mm512_add_epi32(from, _mm512_set1_epi32((int)gap));
		__m512i id_len = _mm512_sub_epi32(_mm512_i32gather_epi32(mark, scan->marks, 4), start);
		__m512i word = _mm512_shuffle_epi8(_mm512_i32gather_epi32(from, window, 1), swap);
		/* the first three bytes of the segment, the first highest */
		__m512i three = gap == 0 ? _mm512_srli_epi32(word, 8) : _mm512_and_si512(word, _mm512_set1_epi32(0xffffff));
		__m512i shift = _mm512_sub_epi32(_mm512_set1_epi32(24), _mm512_slli_epi32(id_len, 3));
		__m512i key = _mm512_srlv_epi32(three, shift);
		__m512i bits = _mm512_srli_epi32(end, READER_RANK_BITS + 5);
		bits = _mm512_or_si512(bits, _mm512_srli_epi32(_mm512_sub_epi32(last, mark), 4));
		bits = _mm512_or_si512(bits, _mm512_srli_epi32(_mm512_sub_epi32(_mm512_sub_epi32(to, start), one), 9));
		bits = _mm512_or_si512(bits, _mm512_srli_epi32(_mm512_sub_epi32(id_len, _mm512_set1_epi32(2)), 1));
		__m512i first = _mm512_sub_epi32(_mm512_srli_epi32(three, 16), _mm512_set1_epi32('!'));
		bits = _mm512_or_si512(bits, _mm512_srli_epi32(first, 31));
		if (gap == 1)
			bits = _mm512_or_si512(bits, _mm512_xor_si512(_mm512_srli_epi32(word, 24), _mm512_set1_epi32('\n')));
		__m512i letter = _mm512_andnot_si512(_mm512_set1_epi32(0x14), _mm512_srli_epi32(key, 8));
		__m512i isa = _mm512_and_si512(three, _mm512_set1_epi32(0xff00ff));
		odd = _mm512_test_epi32_mask(bits, bits) | _mm512_cmpeq_epi32_mask(letter, _mm512_set1_epi32('S' & 'G')) |
		      _mm512_cmpeq_epi32_mask(isa, _mm512_set1_epi32(ISA_OR_IEA));
		_mm512_storeu_si512(keys, key);
		next += odd == 0 ? 16 : (uint32_t)__builtin_ctz(odd);
		last_before = last;
		to_before = to;
	}
	if (next > cutting->next) {
		uint32_t last = scan->ends[next - 1] & READER_RANK;
		*cutting = (struct cutting){ next, last + 1, scan->marks[last] + 1 };
	}
	return odd != 0;
}
_Static_assert(SEGMENT_HAS_LINE_END == 1 << 5 && HIDDEN_HEADER_ELEMENTS == 1 << 4 && HIDDEN_HEADER_BYTES == 1 << 9,
	"the shifts above");

FOR_AVX512 static bool cut_sixteens_0(const struct scan *scan, const char *window, struct cutting *cutting, uint32_t most,
	uint32_t *keys)
{
	return cut_sixteens(scan, window, cutting, most, keys, 0);
}
FOR_AVX512 static bool cut_sixteens_1(const struct scan *scan, const char *window, struct cutting *cutting, uint32_t most,
	uint32_t *keys)
{
	return cut_sixteens(scan, window, cutting, most, keys, 1);
}
#endif

void cut_segments(const struct scan *scan, const char *window, struct cutting *cutting, uint32_t most, uint32_t *keys,
	unsigned gap)
{
#if CUT_VECTORS
	if (gap < 2 && most - cutting->next >= 16 && scan_wide()) {
		uint32_t next = cutting->next;
		bool stopped = gap == 0 ? cut_sixteens_0(scan, window, cutting, most, keys)
			: cut_sixteens_1(scan, window, cutting, most, keys);
		if (stopped)
			return;
		keys += cutting->next - next;
	}
#endif
	if (gap == 1)
		cut_each(scan, window, cutting, most, keys, 1);
	else if (gap == 0)
		cut_each(scan, window, cutting, most, keys, 0);
	else
		cut_each(scan, window, cutting, most, keys, 2);
}
