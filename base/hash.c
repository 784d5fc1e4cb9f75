/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * hash: SHA-256 as OpenSSL has it, and a 64-bit hash of our own.
 *
 * SHA-256 says whether two files are the same to people who may argue about it;
 * hash64 says whether a record changed since we last looked, where a mistake costs
 * nothing but work.  hash64 gives the same number on every machine: it may be kept.
 */
#include <dlfcn.h>
#include <endian.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "base/base.h"

/* ---- OpenSSL, loaded when the first digest is asked for: most commands ask for none, and the loader would take a third of
 * the time that a check of one member takes.  Every function of it that is called: crypto.MD_CTX_new() is EVP_MD_CTX_new(). */
#define CRYPTO_LIBRARY "libcrypto.so.3"
#define CRYPTO_CALLS(CALL) \
	CALL(DigestFinal_ex) CALL(DigestInit_ex) CALL(DigestUpdate) CALL(MAC_CTX_free) CALL(MAC_CTX_new) \
	CALL(MAC_fetch) CALL(MAC_final) CALL(MAC_free) CALL(MAC_init) CALL(MAC_update) CALL(MD_CTX_copy_ex) \
	CALL(MD_CTX_free) CALL(MD_CTX_new) CALL(sha256)
static struct {
	bool loaded;
#define CALL(name) __typeof__(&EVP_##name) name;
	CRYPTO_CALLS(CALL)
#undef CALL
} crypto;

static bool crypto_load(void)
{
	if (crypto.loaded)
		return true;
	void *library = dlopen(CRYPTO_LIBRARY, RTLD_NOW | RTLD_LOCAL);
	bool found = library != NULL;
#define CALL(name) found = found && library_call(library, "EVP_" #name, &crypto.name, sizeof(crypto.name));
	CRYPTO_CALLS(CALL)
#undef CALL
	return crypto.loaded = found;
}

/* ---- SHA-256 --------------------------------------------------------------- */

bool sha256_init(struct sha256 *hash)
{
	EVP_MD_CTX *context = crypto_load() ? crypto.MD_CTX_new() : NULL;
	if (context != NULL && crypto.DigestInit_ex(context, crypto.sha256(), NULL) != 1) {
		crypto.MD_CTX_free(context);
		context = NULL;
	}
	hash->state = context;
	return context != NULL;
}

/* A failed step gives up the context, so that sha256_end cannot give a digest of less than was added. */
void sha256_add(struct sha256 *hash, const void *bytes, size_t len)
{
	if (hash->state != NULL && len > 0 && crypto.DigestUpdate(hash->state, bytes, len) != 1)
		sha256_done(hash);
}

bool sha256_end(struct sha256 *hash, unsigned char out[SHA256_BYTES])
{
	unsigned len = 0;
	EVP_MD_CTX *copy = hash->state == NULL ? NULL : crypto.MD_CTX_new();
	bool fine = copy != NULL && crypto.MD_CTX_copy_ex(copy, hash->state) == 1 &&
		    crypto.DigestFinal_ex(copy, out, &len) == 1 && len == SHA256_BYTES;
	if (copy != NULL)
		crypto.MD_CTX_free(copy);
	if (!fine)
		memset(out, 0, SHA256_BYTES);
	return fine;
}

void sha256_done(struct sha256 *hash)
{
	if (hash->state != NULL)
		crypto.MD_CTX_free(hash->state);
	hash->state = NULL;
}

bool hmac_init(struct hmac *hmac, struct slice key)
{
	char digest[] = "SHA256";
	const OSSL_PARAM params[] = { { .key = "digest", .data_type = OSSL_PARAM_UTF8_STRING, .data = digest,
		.data_size = strlen(digest), .return_size = OSSL_PARAM_UNMODIFIED }, { .key = NULL } };
	EVP_MAC *mac = crypto_load() ? crypto.MAC_fetch(NULL, "HMAC", NULL) : NULL;
	EVP_MAC_CTX *context = mac == NULL ? NULL : crypto.MAC_CTX_new(mac);
	if (mac != NULL)
		crypto.MAC_free(mac);
	if (context != NULL && crypto.MAC_init(context, (const unsigned char *)key.ptr, key.len, params) != 1) {
		crypto.MAC_CTX_free(context);
		context = NULL;
	}
	hmac->state = context;
	return context != NULL;
}

bool hmac_sum(struct hmac *hmac, unsigned char out[SHA256_BYTES], const struct slice *parts, size_t count)
{
	size_t len = 0;
	bool fine = hmac->state != NULL && crypto.MAC_init(hmac->state, NULL, 0, NULL) == 1;
	for (size_t i = 0; fine && i < count; i++)
		fine = parts[i].len == 0 || crypto.MAC_update(hmac->state, (const unsigned char *)parts[i].ptr, parts[i].len) == 1;
	fine = fine && crypto.MAC_final(hmac->state, out, &len, SHA256_BYTES) == 1 && len == SHA256_BYTES;
	if (!fine)
		memset(out, 0, SHA256_BYTES);
	return fine;
}

void hmac_done(struct hmac *hmac)
{
	if (hmac->state != NULL)
		crypto.MAC_CTX_free(hmac->state);
	hmac->state = NULL;
}

void sha256_hex(char out[65], const unsigned char digest[SHA256_BYTES])
{
	static const char digits[] = "0123456789abcdef";
	for (size_t i = 0; i < SHA256_BYTES; i++) {
		out[2 * i] = digits[digest[i] >> 4];
		out[2 * i + 1] = digits[digest[i] & 15];
	}
	out[64] = '\0';
}

static uint64_t rotate(uint64_t x, unsigned by)
{
	return x << by | x >> (64 - by);
}

/* The finishing steps of splitmix64: every bit of x reaches every bit of the result. */
static uint64_t mix(uint64_t x)
{
	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

/* Little-endian whatever the machine. */
static uint64_t load8(const unsigned char *bytes)
{
	uint64_t word;
	memcpy(&word, bytes, sizeof(word));
	return le64toh(word);
}

static uint64_t load(const unsigned char *bytes, size_t len)
{
	uint64_t word = 0;
	memcpy(&word, bytes, len);
	return le64toh(word);
}

uint64_t hash64(uint64_t seed, const void *bytes, size_t len)
{
	const unsigned char *at = bytes;
	uint64_t hash = mix(seed + UINT64_C(0x9e3779b97f4a7c15)) ^ (uint64_t)len;
	size_t left = len;
	for (; left >= 8; left -= 8, at += 8)
		hash = rotate(hash ^ mix(load8(at)), 27) * UINT64_C(0x9e3779b97f4a7c15) + UINT64_C(0x52dce729);
	if (left > 0)
		hash = rotate(hash ^ mix(load(at, left) + left), 27) * UINT64_C(0x9e3779b97f4a7c15);
	return mix(hash);
}
