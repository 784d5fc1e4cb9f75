/* SPDX-License-Identifier: Apache-2.0 */
/* base: slices, arenas, buffers, failures, identifiers, hashes, random numbers, UTF-8, files. */
#include "base/base.h"
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static bool buffer_says(struct buffer *buffer, const char *text)
{
	bool same = !buffer->failed && slice_is(buffer_view(buffer), text);
	if (!same)
		printf("    has: %.*s\n", SLICE_ARG(buffer_view(buffer)));
	buffer_reset(buffer);
	return same;
}

/* ---- slices ---- */
static void slices_compare(void)
{
	CU_ASSERT(slice_equal(SLICE_NONE, SLICE("")));
	CU_ASSERT(slice_is(SLICE("NM1"), "NM1"));
	CU_ASSERT(!slice_is(SLICE("NM1"), "NM"));
	CU_ASSERT(slice_is(SLICE_NONE, NULL));
	CU_ASSERT(slice_compare(SLICE("a"), SLICE("ab")) == -1);
	CU_ASSERT(slice_compare(SLICE("b"), SLICE("ab")) == 1);
	CU_ASSERT(slice_compare(SLICE("\x80"), SLICE("a")) == 1);
	CU_ASSERT(slice_compare(SLICE_NONE, SLICE_NONE) == 0);
	CU_ASSERT(slice_starts(SLICE("ISA*"), "ISA"));
	CU_ASSERT(!slice_starts(SLICE("IS"), "ISA"));
	CU_ASSERT(slice_starts(SLICE_NONE, ""));
}

static void slices_split_into_words(void)
{
	struct slice rest = SLICE("  one\ttwo \n three ");
	CU_ASSERT(slice_is(slice_word(&rest), "one"));
	CU_ASSERT(slice_is(slice_word(&rest), "two"));
	CU_ASSERT(slice_is(slice_word(&rest), "three"));
	CU_ASSERT(slice_word(&rest).len == 0);
	CU_ASSERT(slice_word(&rest).len == 0);
	CU_ASSERT(slice_among(SLICE(" one two  three "), SLICE("three")));
	CU_ASSERT(!slice_among(SLICE("one two three"), SLICE("thr")));
	CU_ASSERT(!slice_among(SLICE("one two three"), SLICE("one two")));
	CU_ASSERT(!slice_among(SLICE("one two"), SLICE_NONE));
	CU_ASSERT(!slice_among(SLICE_NONE, SLICE_NONE));
	CU_ASSERT(slice_is(slice_trim(SLICE("  a b  ")), "a b"));
	CU_ASSERT(slice_trim(SLICE("   ")).len == 0);
	CU_ASSERT(slice_trim(SLICE_NONE).len == 0);
}

static void slices_as_numbers(void)
{
	uint64_t number = 7;
	CU_ASSERT(slice_number(&number, SLICE("0")) && number == 0);
	CU_ASSERT(slice_number(&number, SLICE("999999999999999999")) && number == UINT64_C(999999999999999999));
	CU_ASSERT(!slice_number(&number, SLICE("1000000000000000000")));
	CU_ASSERT(!slice_number(&number, SLICE("")));
	CU_ASSERT(!slice_number(&number, SLICE_NONE));
	CU_ASSERT(!slice_number(&number, SLICE("-1")));
	CU_ASSERT(!slice_number(&number, SLICE("1 ")));
}

static void slices_copied_are_cut(void)
{
	char out[4] = "zzz";
	slice_copy(out, sizeof(out), SLICE("abc"));
	CU_ASSERT_STRING_EQUAL(out, "abc");
	slice_copy(out, sizeof(out), SLICE("abcd"));
	CU_ASSERT_STRING_EQUAL(out, "abc");
	slice_copy(out, sizeof(out), SLICE_NONE);
	CU_ASSERT_STRING_EQUAL(out, "");
	out[0] = 'q';
	slice_copy(out, 0, SLICE("abc"));
	CU_ASSERT(out[0] == 'q');
}

/* ---- arenas ---- */
static void arena_keeps_its_limit(void)
{
	struct arena arena;
	arena_init(&arena, 64);
	CU_ASSERT(arena_alloc(&arena, 64) != NULL);
	CU_ASSERT(arena.used_bytes == 64);
	CU_ASSERT(arena_alloc(&arena, 1) == NULL);
	arena_reset(&arena);
	CU_ASSERT(arena_alloc(&arena, 65) == NULL);
	CU_ASSERT(arena_alloc(&arena, 64) != NULL);
	arena_done(&arena);
	arena_init(&arena, 0);
	CU_ASSERT(arena_alloc(&arena, SIZE_MAX) == NULL);
	CU_ASSERT(arena_alloc(&arena, SIZE_MAX - 64) == NULL);
	CU_ASSERT(arena_alloc(&arena, 1) != NULL);
	arena_done(&arena);
}

static void arena_gives_zeroed_aligned_memory(void)
{
	struct arena arena;
	arena_init(&arena, 0);
	for (int round = 0; round < 2; round++) {
		unsigned dirty = 0;
		for (size_t bytes = 0; bytes < 3000; bytes += 7) {
			unsigned char *p = arena_alloc(&arena, bytes);
			CU_ASSERT_FATAL(p != NULL);
			dirty += (uintptr_t)p % _Alignof(max_align_t) != 0 ? 1 : 0;
			for (size_t i = 0; i < bytes; i++)
				dirty += p[i];
			memset(p, 0xff, bytes);
		}
		CU_ASSERT(dirty == 0);
		arena_reset(&arena);
		CU_ASSERT(arena.used_bytes == 0);
	}
	CU_ASSERT(arena_alloc(&arena, 0) != arena_alloc(&arena, 0));
	arena_done(&arena);
	CU_ASSERT(arena.block == NULL);
}

static void arena_slices_end_with_nul(void)
{
	struct arena arena;
	arena_init(&arena, 32);
	struct slice copy = arena_slice(&arena, SLICE("abc"));
	CU_ASSERT(slice_is(copy, "abc"));
	CU_ASSERT(copy.ptr[3] == '\0');
	copy = arena_slice(&arena, SLICE_NONE);
	CU_ASSERT(copy.ptr != NULL && copy.len == 0);
	CU_ASSERT(arena_slice(&arena, SLICE("x")).ptr == NULL);
	arena_done(&arena);
}

/* ---- buffers ---- */
static void buffer_fails_once_and_whole(void)
{
	struct buffer buffer;
	buffer_init(&buffer, 5);
	buffer_text(&buffer, "abc");
	buffer_text(&buffer, "def");
	CU_ASSERT(buffer.failed);
	buffer_text(&buffer, "g");
	CU_ASSERT(slice_is(buffer_view(&buffer), "abc"));
	buffer_reset(&buffer);
	buffer_format(&buffer, "%s", "12345");
	CU_ASSERT(!buffer.failed);
	buffer_char(&buffer, '6');
	CU_ASSERT(buffer.failed);
	buffer_reset(&buffer);
	buffer_pad(&buffer, SLICE("ab"), 5);
	CU_ASSERT(buffer_says(&buffer, "ab   "));
	buffer_pad(&buffer, SLICE("ab"), SIZE_MAX);
	CU_ASSERT(buffer.failed);
	buffer_done(&buffer);
}

static void buffer_grows_and_formats(void)
{
	struct buffer buffer;
	buffer_init(&buffer, 0);
	buffer_number(&buffer, INT64_MIN);
	CU_ASSERT(buffer_says(&buffer, "-9223372036854775808"));
	buffer_number(&buffer, 0);
	CU_ASSERT(buffer_says(&buffer, "0"));
	buffer_number(&buffer, INT64_MAX);
	CU_ASSERT(buffer_says(&buffer, "9223372036854775807"));
	buffer_format(&buffer, "%600d", 1);
	CU_ASSERT(buffer_view(&buffer).len == 600);
	for (int i = 0; i < 10000; i++)
		buffer_text(&buffer, "abcdefg");
	CU_ASSERT(!buffer.failed && buffer_view(&buffer).len == 70600);
	CU_ASSERT(slice_is((struct slice){ buffer.ptr + 599, 8 }, "1abcdefg"));
	buffer_reset(&buffer);
	buffer_slice(&buffer, SLICE_NONE);
	CU_ASSERT(buffer_says(&buffer, ""));
	buffer_done(&buffer);
}

static void buffer_pads_characters(void)
{
	struct buffer buffer;
	buffer_init(&buffer, 0);
	buffer_pad(&buffer, SLICE("Nu\xc3\xb1" "ez"), 7);
	CU_ASSERT(buffer_says(&buffer, "Nu\xc3\xb1" "ez  "));
	buffer_pad(&buffer, SLICE("Nu\xc3\xb1" "ez"), 3);
	CU_ASSERT(buffer_says(&buffer, "Nu\xc3\xb1"));
	buffer_pad(&buffer, SLICE_NONE, 2);
	CU_ASSERT(buffer_says(&buffer, "  "));
	buffer_done(&buffer);
}

static void failure_keeps_the_first_sentence(void)
{
	struct failure failure = { "" };
	CU_ASSERT(!failure_set(&failure, "disk %d is full", 1));
	CU_ASSERT(!failure_set(&failure, "later"));
	CU_ASSERT_STRING_EQUAL(failure.text, "disk 1 is full");
	CU_ASSERT(!failure_set(NULL, "nobody asks"));
	struct failure wide = { "" };
	failure_set(&wide, "%600d", 1);
	CU_ASSERT(strlen(wide.text) == sizeof(wide.text) - 1);
	struct failure empty = { "" };
	failure_set(&empty, "%s", "");
	CU_ASSERT(empty.text[0] != '\0');
}

/* ---- identifiers ---- */
static void npi_check_digit(void)
{
	CU_ASSERT(npi_valid(SLICE("1234567893")));
	for (char c = '0'; c <= '9'; c++) {
		char npi[] = "123456789?";
		npi[9] = c;
		CU_ASSERT(npi_valid(slice_of(npi)) == (c == '3'));
	}
	CU_ASSERT(!npi_valid(SLICE("123456789")));
	CU_ASSERT(!npi_valid(SLICE("12345678930")));
	CU_ASSERT(!npi_valid(SLICE("12345678a3")));
	CU_ASSERT(!npi_valid(SLICE("1324567893"))); /* two digits swapped */
	CU_ASSERT(!npi_valid(SLICE_NONE));
	char out[11];
	npi_complete(out, 123456789);
	CU_ASSERT_STRING_EQUAL(out, "1234567893");
	for (uint32_t nine = 100000000; nine < 299000000; nine += 7654321) {
		npi_complete(out, nine);
		CU_ASSERT(npi_valid(slice_of(out)));
	}
}

static void aba_check_digit(void)
{
	CU_ASSERT(aba_valid(SLICE("011900254")));
	CU_ASSERT(!aba_valid(SLICE("011900255")));
	CU_ASSERT(!aba_valid(SLICE("110900254")));
	CU_ASSERT(!aba_valid(SLICE("000000000")));
	CU_ASSERT(!aba_valid(SLICE("01190025")));
	CU_ASSERT(!aba_valid(SLICE("01190025 ")));
}

/* ---- hashes ---- */
static void sha256_of_known_texts(void)
{
	struct sha256 hash;
	unsigned char digest[SHA256_BYTES];
	char hex[65];
	CU_ASSERT_FATAL(sha256_init(&hash));
	CU_ASSERT(sha256_end(&hash, digest));
	sha256_hex(hex, digest);
	CU_ASSERT_STRING_EQUAL(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	sha256_add(&hash, "a", 1);
	sha256_add(&hash, NULL, 0);
	CU_ASSERT(sha256_end(&hash, digest));
	sha256_add(&hash, "bc", 2);
	CU_ASSERT(sha256_end(&hash, digest));
	sha256_hex(hex, digest);
	CU_ASSERT_STRING_EQUAL(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	sha256_done(&hash);
	CU_ASSERT(!sha256_end(&hash, digest));
}

static void hash64_tells_small_changes(void)
{
	static const char text[] = "INS*Y*18*021*28*A***FT~";
	enum { LEN = sizeof(text) - 1, HASHES = LEN * 8 + LEN + 1 };
	static uint64_t seen[HASHES];
	size_t count = 0;
	char changed[LEN];
	for (size_t len = 0; len <= LEN; len++)
		seen[count++] = hash64(1, text, len);
	for (size_t bit = 0; bit < LEN * 8; bit++) {
		memcpy(changed, text, LEN);
		changed[bit / 8] = (char)(changed[bit / 8] ^ (1 << bit % 8));
		seen[count++] = hash64(1, changed, LEN);
	}
	unsigned same = 0;
	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < i; j++)
			same += seen[i] == seen[j] ? 1 : 0;
	}
	CU_ASSERT(same == 0);
	CU_ASSERT(hash64(1, text, LEN) != hash64(2, text, LEN));
	CU_ASSERT(hash64(1, "a\0", 2) != hash64(1, "a", 1));
	CU_ASSERT(hash64(3, text, LEN) == hash64(3, text, LEN));
}

static void random_repeats(void)
{
	struct random a, b;
	unsigned seen[7] = { 0 };
	random_seed(&a, 2009);
	random_seed(&b, 2009);
	for (int i = 0; i < 7000; i++) {
		uint32_t number = random_below(&a, 7);
		CU_ASSERT_FATAL(number < 7);
		CU_ASSERT(number == random_below(&b, 7));
		seen[number]++;
	}
	for (size_t i = 0; i < 7; i++)
		CU_ASSERT(seen[i] > 850 && seen[i] < 1150);
	CU_ASSERT(random_below(&a, 1) == 0);
}

/* ---- UTF-8 ---- */
static void utf8_walks_any_bytes(void)
{
	CU_ASSERT(utf8_valid(SLICE("Nu\xc3\xb1" "ez \xe2\x82\xac \xf0\x9f\x98\x80")));
	CU_ASSERT(utf8_valid(SLICE_NONE));
	CU_ASSERT(!utf8_valid(SLICE("\xc0\x80")));         /* overlong */
	CU_ASSERT(!utf8_valid(SLICE("\xe0\x9f\xbf")));     /* overlong */
	CU_ASSERT(!utf8_valid(SLICE("\xf0\x8f\xbf\xbf"))); /* overlong */
	CU_ASSERT(!utf8_valid(SLICE("\xed\xa0\x80")));     /* surrogate */
	CU_ASSERT(!utf8_valid(SLICE("\xf4\x90\x80\x80"))); /* past the last */
	CU_ASSERT(!utf8_valid(SLICE("\xe2\x82")));         /* cut off */
	CU_ASSERT(!utf8_valid(SLICE("\xb1")));
	CU_ASSERT(utf8_count(SLICE("Nu\xc3\xb1" "ez")) == 5);
	CU_ASSERT(utf8_count(SLICE("Nu\xf1" "ez")) == 5); /* Latin-1 */
	CU_ASSERT(utf8_count(SLICE("\xe2\x82")) == 2);
	CU_ASSERT(utf8_prefix(SLICE("Nu\xc3\xb1" "ez"), 3) == 4);
	CU_ASSERT(utf8_prefix(SLICE("ab"), 9) == 2);
	CU_ASSERT(utf8_prefix(SLICE_NONE, 9) == 0);
}

/* ---- files ---- */
static char folder[] = "/tmp/pccm-unit-XXXXXX";

static const char *in_folder(const char *name)
{
	static char path[256];
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static bool file_says(const char *path, const char *text)
{
	char bytes[64];
	FILE *file = fopen(path, "rb");
	if (file == NULL)
		return false;
	size_t len = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	return slice_is((struct slice){ bytes, len }, text);
}

static void file_is_written_whole(void)
{
	struct failure failure = { "" };
	struct stat status;
	CU_ASSERT_FATAL(mkdtemp(folder) != NULL);
	const char *path = in_folder("a");
	CU_ASSERT(file_write_whole(path, SLICE("one"), &failure));
	CU_ASSERT(file_says(path, "one"));
	CU_ASSERT(file_write_whole(path, SLICE("two and more"), &failure));
	CU_ASSERT(file_says(path, "two and more"));
	CU_ASSERT(stat(path, &status) == 0 && (status.st_mode & 07777) == 0600);
	CU_ASSERT(file_write_whole(path, SLICE_NONE, &failure));
	CU_ASSERT(file_says(path, ""));
	CU_ASSERT_STRING_EQUAL(failure.text, "");
	unlink(path);
	CU_ASSERT(rmdir(folder) == 0); /* nothing hidden was left */
}

static void file_failures_say_so(void)
{
	struct failure failure = { "" };
	memcpy(folder + sizeof(folder) - 7, "XXXXXX", 6);
	CU_ASSERT_FATAL(mkdtemp(folder) != NULL);
	CU_ASSERT(!file_write_whole(in_folder("absent/a"), SLICE("x"), &failure));
	CU_ASSERT(strstr(failure.text, "absent/a") != NULL);
	failure.text[0] = '\0';
	CU_ASSERT(!file_write_whole(in_folder(""), SLICE("x"), &failure));
	CU_ASSERT(failure.text[0] != '\0');
	failure.text[0] = '\0';
	/* a folder of that name: the rename fails, and what was hidden beside it goes */
	CU_ASSERT(mkdir(in_folder("taken"), 0700) == 0);
	CU_ASSERT(!file_write_whole(in_folder("taken"), SLICE("x"), &failure));
	CU_ASSERT(failure.text[0] != '\0');
	CU_ASSERT(rmdir(in_folder("taken")) == 0);
	failure.text[0] = '\0';
	/* no rights matter to root, but no one writes below /proc */
	CU_ASSERT(!file_write_whole("/proc/pccm-unit", SLICE("x"), &failure));
	CU_ASSERT(failure.text[0] != '\0');
	if (geteuid() != 0) {
		CU_ASSERT(chmod(folder, 0500) == 0);
		CU_ASSERT(!file_write_whole(in_folder("a"), SLICE("x"), NULL));
		CU_ASSERT(chmod(folder, 0700) == 0);
	}
	CU_ASSERT(rmdir(folder) == 0);
}

static void devices_stay_devices(void)
{
	struct failure failure = { "" };
	struct stat status;
	char byte = '\0';
	memcpy(folder + sizeof(folder) - 7, "XXXXXX", 6);
	CU_ASSERT_FATAL(mkdtemp(folder) != NULL);
	CU_ASSERT_FATAL(mkfifo(in_folder("pipe"), 0600) == 0);
	int fd = open(in_folder("pipe"), O_RDWR | O_NONBLOCK);
	CU_ASSERT(file_write_whole(in_folder("pipe"), SLICE("x"), &failure));
	CU_ASSERT(read(fd, &byte, 1) == 1 && byte == 'x');
	CU_ASSERT(lstat(in_folder("pipe"), &status) == 0 && S_ISFIFO(status.st_mode));
	close(fd);
	unlink(in_folder("pipe"));
	/* through a link, so that a mistake costs the link and not the device */
	CU_ASSERT_FATAL(symlink("/dev/full", in_folder("full")) == 0);
	CU_ASSERT(!file_write_whole(in_folder("full"), SLICE("x"), &failure));
	CU_ASSERT(failure.text[0] != '\0');
	CU_ASSERT(lstat(in_folder("full"), &status) == 0 && S_ISLNK(status.st_mode));
	unlink(in_folder("full"));
	CU_ASSERT(rmdir(folder) == 0);
}

static void folders_with_parents(void)
{
	struct failure failure = { "" };
	struct stat status;
	memcpy(folder + sizeof(folder) - 7, "XXXXXX", 6);
	CU_ASSERT_FATAL(mkdtemp(folder) != NULL);
	CU_ASSERT(folder_make(in_folder("x/y//z/"), &failure));
	CU_ASSERT(stat(in_folder("x/y/z"), &status) == 0 && (status.st_mode & 07777) == 0700);
	CU_ASSERT(folder_make(in_folder("x/y/z"), &failure));
	CU_ASSERT(folder_make("/", &failure));
	CU_ASSERT_STRING_EQUAL(failure.text, "");
	CU_ASSERT(file_write_whole(in_folder("x/f"), SLICE("x"), &failure));
	CU_ASSERT(!folder_make(in_folder("x/f"), &failure));
	failure.text[0] = '\0';
	CU_ASSERT(!folder_make(in_folder("x/f/g"), &failure));
	CU_ASSERT(failure.text[0] != '\0');
	CU_ASSERT(!folder_make("", NULL));
	unlink(in_folder("x/f"));
	rmdir(in_folder("x/y/z"));
	rmdir(in_folder("x/y"));
	rmdir(in_folder("x"));
	CU_ASSERT(rmdir(folder) == 0);
}

/* Bytes that differ all along, so that what is lost or doubled shows. */
static void pile_fill(struct pile *pile, size_t len)
{
	char line[32];
	for (size_t at = 0; at < len; at += 10) {
		snprintf(line, sizeof(line), "%09u\n", (unsigned)at);
		pile_put(pile, (struct slice){ line, len - at < 10 ? len - at : 10 });
	}
}

static bool pile_holds(struct pile *pile, size_t len)
{
	struct buffer bytes, expected;
	struct pile other;
	struct failure failure = { "" };
	buffer_init(&bytes, 0);
	buffer_init(&expected, 0);
	pile_init(&other);
	pile_fill(&other, len);
	bool same = pile_len(pile) == len && pile_pieces(pile, buffer_take, &bytes) && pile_pieces(&other, buffer_take, &expected) &&
		bytes.len == len && slice_equal(buffer_view(&bytes), buffer_view(&expected)) && pile_fine(pile, "it", &failure);
	pile_done(&other);
	buffer_done(&bytes);
	buffer_done(&expected);
	return same;
}

static void piles(void)
{
	struct pile pile;
	static const size_t sizes[] = { 0, 1, 65535, 65536, 65537, 300000 };
	for (size_t i = 0; i < COUNT_OF(sizes); i++) {
		pile_init(&pile);
		pile_fill(&pile, sizes[i]);
		CU_ASSERT(pile_holds(&pile, sizes[i]));
		pile_done(&pile);
	}
	pile_init(&pile);
	pile_fill(&pile, 300000);
	pile_cut(&pile, 299990); /* in memory */
	CU_ASSERT(pile_holds(&pile, 299990));
	pile_cut(&pile, 100000); /* in the file */
	CU_ASSERT(pile_holds(&pile, 100000));
	pile_cut(&pile, 0);
	pile_fill(&pile, 70000);
	CU_ASSERT(pile_holds(&pile, 70000));
	pile_done(&pile);
}

/* Where nothing can be kept it is said, once, and nothing more is tried. */
static void piles_fail(void)
{
	struct pile pile;
	struct failure failure = { "" };
	const char *before = getenv("TMPDIR");
	char kept[512] = "";
	if (before != NULL)
		snprintf(kept, sizeof(kept), "%s", before);
	setenv("TMPDIR", "/nowhere/at/all", 1);
	pile_init(&pile);
	pile_fill(&pile, 200000);
	CU_ASSERT(!pile_fine(&pile, "a report", &failure));
	CU_ASSERT_STRING_EQUAL(failure.text, "could not write a report: No such file or directory");
	CU_ASSERT(!pile_take(&pile, SLICE("more")));
	pile_done(&pile);
	if (before != NULL)
		setenv("TMPDIR", kept, 1);
	else
		unsetenv("TMPDIR");
}

static const struct unit_case cases[] = {
	{ "a pile gives back what was put into it, from memory and from its file, and can be cut", piles },
	{ "a pile that cannot keep its bytes says why", piles_fail },
	{ "slices compare bytewise, empty ones too", slices_compare },
	{ "a blank-separated list splits into words", slices_split_into_words },
	{ "a number has 1 to 18 digits and nothing else", slices_as_numbers },
	{ "a copied slice is cut and closed", slices_copied_are_cut },
	{ "an arena gives nothing past its limit", arena_keeps_its_limit },
	{ "an arena gives zeroed and aligned memory, after a reset too", arena_gives_zeroed_aligned_memory },
	{ "a slice in an arena ends with NUL", arena_slices_end_with_nul },
	{ "a put that does not fit is not put at all, nor what follows", buffer_fails_once_and_whole },
	{ "a buffer grows and formats", buffer_grows_and_formats },
	{ "padding counts characters, not bytes", buffer_pads_characters },
	{ "a failure keeps its first sentence", failure_keeps_the_first_sentence },
	{ "an NPI passes by its check digit alone", npi_check_digit },
	{ "an ABA number passes by its check digit, nine zeros do not", aba_check_digit },
	{ "SHA-256 gives known digests and goes on", sha256_of_known_texts },
	{ "hash64 tells every bit and length apart", hash64_tells_small_changes },
	{ "the same seed gives the same numbers, all about as often", random_repeats },
	{ "characters of any bytes are counted and cut", utf8_walks_any_bytes },
	{ "a file is written whole, mode 0600, nothing left beside it", file_is_written_whole },
	{ "a file that cannot be written is a failure and leaves nothing", file_failures_say_so },
	{ "a device or a pipe is written into, and stays one", devices_stay_devices },
	{ "a folder is made with its parents", folders_with_parents },
};

int main(void)
{
	return UNIT_RUN("base", cases);
}
