/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * base: what every layer stands on.  Bytes, arenas, growing buffers, cents,
 * civil dates as day numbers, months, the clock, failures.  Sees nothing else.
 */
#ifndef PCCM_BASE_H
#define PCCM_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/banned.h"
#include "base/limits.h"

#define WARN_UNUSED __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* ---- failures -----------------------------------------------------------
 * A failure is memory, disk, store or a peer: never the sender's data (that is a
 * finding) and never our own mistake (that is an assert).  A function that can
 * fail gives back false and has put one sentence into `struct failure`.
 */
struct failure {
	char text[512]; /* lower case, no full stop; empty while nothing failed */
};
/* Fill `failure` (which may be NULL) unless it holds a sentence already.  Always gives back false. */
bool failure_set(struct failure *failure, const char *format, ...) PRINTF_LIKE(2, 3);

/* ---- slices: a view of bytes that somebody else owns ---------------------- */
struct slice {
	const char *ptr; /* may be NULL only when len is 0 */
	size_t len;
};
#define SLICE(literal) ((struct slice){ (literal), sizeof(literal) - 1 })
#define SLICE_NONE ((struct slice){ NULL, 0 })
/* For printf's "%.*s" */
#define SLICE_ARG(s) (int)(s).len, ((s).ptr == NULL ? "" : (s).ptr)

struct slice slice_of(const char *text); /* NULL gives the empty slice */
bool slice_equal(struct slice a, struct slice b);
bool slice_is(struct slice a, const char *text);
int slice_compare(struct slice a, struct slice b); /* bytewise, as memcmp */
bool slice_starts(struct slice a, const char *prefix);
struct slice slice_or(struct slice a, struct slice otherwise); /* otherwise, if a is empty */
struct slice slice_trim(struct slice a); /* blanks at both ends taken off */
/* The word of a blank-separated list at *rest, which moves on; empty at the end. */
struct slice slice_word(struct slice *rest);
/* Is the word one of a blank-separated list?  The empty word never is. */
bool slice_among(struct slice words, struct slice word);
/* An unsigned decimal number of at most 18 digits; false for anything else, the empty slice too. */
bool slice_number(uint64_t *out, struct slice a);
/* Copy with a closing NUL, cut at size - 1 bytes. */
void slice_copy(char *out, size_t size, struct slice a);

/* ---- arenas: memory that is freed as a whole ------------------------------ */
struct arena {
	struct arena_block *block; /* the newest block */
	char *next;                /* in it: where the next piece begins */
	size_t room;               /* bytes that may be taken there, by the block and by the limit */
	size_t used_bytes;         /* taken since the last reset */
	size_t limit_bytes;        /* 0: none.  Past it arena_alloc gives NULL */
};
#define ARENA_ALIGN 16 /* any type's */
void arena_init(struct arena *arena, size_t limit_bytes);
/* Zeroed, aligned for any type.  NULL when memory or the limit is used up. */
void *arena_alloc(struct arena *arena, size_t bytes);
/* As arena_alloc, but what is there before is not cleared, and `bytes` is a multiple of ARENA_ALIGN and not 0. */
void *arena_more(struct arena *arena, size_t bytes); /* where the block at hand has no room */
static inline void *arena_take(struct arena *arena, size_t bytes)
{
	if (bytes > arena->room)
		return arena_more(arena, bytes);
	void *out = arena->next;
	arena->next += bytes;
	arena->room -= bytes;
	arena->used_bytes += bytes;
	return out;
}
/* A copy that lives as long as the arena, with a NUL after it; ptr is NULL if memory is used up. */
struct slice arena_slice(struct arena *arena, struct slice a);
void arena_reset(struct arena *arena); /* keeps one block for the next use */
void arena_done(struct arena *arena);

/* ---- buffers: bytes that grow; failure is sticky and asked once ------------ */
struct buffer {
	char *ptr;
	size_t len;
	size_t size;
	size_t limit_bytes; /* 0: none */
	bool failed;        /* a put did not fit; later puts do nothing */
};
void buffer_init(struct buffer *buffer, size_t limit_bytes);
void buffer_put(struct buffer *buffer, const void *bytes, size_t len);
/* Room for so many bytes behind ptr + len, to be filled by hand and added to len; NULL, and failed, if there is none. */
char *buffer_reserve(struct buffer *buffer, size_t bytes);
void buffer_slice(struct buffer *buffer, struct slice a);
void buffer_text(struct buffer *buffer, const char *text);
void buffer_char(struct buffer *buffer, char c);
void buffer_number(struct buffer *buffer, int64_t number);
void buffer_pad(struct buffer *buffer, struct slice a, size_t width); /* left, cut or filled to width BYTES-as-characters (UTF-8 aware) */
void buffer_format(struct buffer *buffer, const char *format, ...) PRINTF_LIKE(2, 3);
struct slice buffer_view(const struct buffer *buffer); /* until the next put */
void buffer_reset(struct buffer *buffer);
void buffer_done(struct buffer *buffer);

/* ---- libraries that are loaded when they are needed ------------------------
 * The function `name` of one that dlopen gave, into a pointer of `size` bytes at `out`; false if it is not there. */
bool library_call(void *library, const char *name, void *out, size_t size);

/* ---- cents ----------------------------------------------------------------
 * Money is int64_t cents.  X12 type R is read exactly: optional minus, digits,
 * optional point; more than two decimals that are not zero do not parse.
 */
typedef int64_t cents;
#define CENTS_MAX INT64_C(99999999999999)        /* 999,999,999,999.99: fits R 1-18 with its point */
bool cents_parse(cents *out, struct slice text); /* false: not an amount, too big, parts of a cent */
void cents_put_x12(struct buffer *buffer, cents amount);   /* 7.5  -120  1882.5  .5  0 */
void cents_put_people(struct buffer *buffer, cents amount); /* $1,882.50  -$7.50 */
void cents_put_plain(struct buffer *buffer, cents amount);  /* 1882.50, for CSV and JSON */

/* ---- days and months --------------------------------------------------------
 * A day is the number of days since 1970-01-01 in the proleptic Gregorian
 * calendar; a month is 12 * year + (month - 1).  Spans include both ends.
 */
typedef int32_t days;
typedef int32_t months;
#define DAYS_NONE INT32_MIN    /* no date known */
#define DAYS_OPEN INT32_MAX    /* as an end: no end known */
#define MONTHS_NONE INT32_MIN
#define MONTHS_OPEN INT32_MAX  /* the month of DAYS_OPEN */
#define DAYS_FIRST (-719162)   /* 0001-01-01 */
#define DAYS_LAST 2932896      /* 9999-12-31 */

bool days_from_civil(days *out, int year, int month, int day); /* false: not a date of the calendar */
void days_to_civil(days day, int *year, int *month, int *dom);
bool days_parse8(days *out, struct slice text);  /* CCYYMMDD; false for 20100230 */
bool days_parse_iso(days *out, struct slice text); /* YYYY-MM-DD */
/* put8, put6 and put_us put nothing for NONE and OPEN. */
void days_put8(struct buffer *buffer, days day);  /* CCYYMMDD */
void days_put6(struct buffer *buffer, days day);  /* YYMMDD */
void days_put_iso(struct buffer *buffer, days day); /* YYYY-MM-DD; "-" for NONE, "open" for OPEN */
/* The same as a text of its own, for printf: days_iso(day).text, month_iso(month).text. */
struct iso_text { char text[16]; };
struct iso_text days_iso(days day);
struct iso_text month_iso(months month);
void days_put_us(struct buffer *buffer, days day);  /* MM/DD/YYYY */
int days_weekday(days day); /* 0 Sunday … 6 Saturday */
int days_of_year(days day); /* 1 … 366 */
months month_of(days day); /* NONE of NONE, OPEN of OPEN */
/* Before the calendar's first month: DAYS_NONE; past its last: DAYS_OPEN. */
days month_first(months month);
days month_last(months month);
bool month_parse_iso(months *out, struct slice text); /* YYYY-MM */
void month_put_iso(struct buffer *buffer, months month);
/* The same day so many months later; the last of that month where it has no such day. */
days days_months_later(days day, int count);
/* Whole months of age on `day` of one born on `born`; 0 if not born yet. */
int age_months(days born, days day);

/* ---- the clock: read here and nowhere else ---------------------------------- */
struct moment {
	days day;
	int32_t second; /* of the day, 0 … 86399 */
};
struct moment clock_now(void); /* UTC */
uint64_t clock_ticks(void);    /* nanoseconds from some beginning, for how long something took */
void moment_put_time4(struct buffer *buffer, struct moment moment); /* HHMM */

/* ---- identifiers -------------------------------------------------------------- */
bool npi_valid(struct slice text);        /* ten digits, check digit by ISO/IEC 7812 over 80840 + NPI */
bool aba_valid(struct slice text);        /* nine digits, ABA routing number check digit */
void npi_complete(char out[11], uint32_t first_nine); /* nine digits (those given out begin with 1 or 2) plus check digit */

/* ---- hash: SHA-256 (OpenSSL), and a fast 64-bit one for "did this change" ------ */
#define SHA256_BYTES 32
struct sha256 { void *state; };
#define SHA256_FAILED "out of memory, or libcrypto.so.3 is not there (install libssl3)"
bool sha256_init(struct sha256 *hash); /* false: SHA256_FAILED */
void sha256_add(struct sha256 *hash, const void *bytes, size_t len);
/* The digest of what was added so far; adding may go on.  False (and zeros) if memory ran out on the way. */
bool sha256_end(struct sha256 *hash, unsigned char out[SHA256_BYTES]);
void sha256_done(struct sha256 *hash);
void sha256_hex(char out[65], const unsigned char digest[SHA256_BYTES]);
/* HMAC-SHA256 under one key: the sum of the parts, one behind the other. */
struct hmac { void *state; };
bool hmac_init(struct hmac *hmac, struct slice key); /* false: SHA256_FAILED */
bool hmac_sum(struct hmac *hmac, unsigned char out[SHA256_BYTES], const struct slice *parts, size_t count);
void hmac_done(struct hmac *hmac);
uint64_t hash64(uint64_t seed, const void *bytes, size_t len);

/* ---- pseudo-random numbers for samples and tests only: the same seed, the same numbers -- */
struct random { uint64_t state; };
void random_seed(struct random *random, uint64_t seed);
uint32_t random_below(struct random *random, uint32_t bound); /* 0 … bound - 1 */

/* ---- UTF-8 ---------------------------------------------------------------------- */
size_t utf8_count(struct slice text);            /* characters; a byte that is not UTF-8 counts as one */
size_t utf8_prefix(struct slice text, size_t characters); /* bytes of the first so many characters */
bool utf8_valid(struct slice text);

/* ---- pieces: bytes that are handed on part by part ----------------------------------- */
typedef bool put_fn(void *to, struct slice bytes); /* false: no more is wanted, or taking it failed */
typedef bool pieces_fn(void *from, put_fn *put, void *to); /* false: a put said so, or the bytes could not be read */
bool buffer_take(void *buffer, struct slice bytes); /* a put_fn */

/* ---- piles: bytes put together in constant memory, the most of them in a nameless file ---- */
struct pile {
	struct buffer tail; /* what is not in the file yet */
	int fd;             /* -1: none needed so far */
	uint64_t in_file;
	int why;            /* errno of what failed; 0: nothing did */
};
void pile_init(struct pile *pile);
void pile_put(struct pile *pile, struct slice bytes);
uint64_t pile_len(const struct pile *pile);
void pile_cut(struct pile *pile, uint64_t len); /* keep the first so many bytes */
bool pile_fine(const struct pile *pile, const char *what, struct failure *failure) WARN_UNUSED; /* did each put work? */
bool pile_pieces(void *pile, put_fn *put, void *to); /* a pieces_fn */
bool pile_take(void *pile, struct slice bytes);      /* a put_fn */
void pile_done(struct pile *pile);

/* ---- files: written whole or not at all ------------------------------------------- */
/* Write to a hidden file beside `path`, fsync, rename, fsync the folder; mode 0600.  Into a device or a pipe: as it is. */
bool file_write_whole(const char *path, struct slice bytes, struct failure *failure) WARN_UNUSED;
bool file_write_pieces(const char *path, pieces_fn *pieces, void *from, struct failure *failure) WARN_UNUSED;
bool folder_make(const char *path, struct failure *failure) WARN_UNUSED; /* with its parents, mode 0700; fine if there */

#endif
