/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * directory: every PCP by town, ZIP code and county, for those who choose nobody.  Between
 * directory.c and cascade.c; nobody else includes it.
 *
 * The PCPs of a group are offered by who has had the smallest share so far of the places that were
 * free in the beginning, ties by NPI: a round robin weighted by free places, for
 * any number of groups that a PCP is in.
 */
#ifndef PCCM_RULES_DIRECTORY_H
#define PCCM_RULES_DIRECTORY_H

#include "rules/internal.h"

struct listed { /* a PCP of the directory */
	const struct pcp_facts *pcp;
	struct slice town, zip, county;   /* upper case, blanks squeezed; empty: not known */
	int64_t free;                     /* places that were free in the beginning */
	int64_t given;                    /* of them given to members of this run */
	bool limited;
};
enum nearness { NEAR_TOWN, NEAR_ZIP, NEAR_COUNTY, NEAR_PROGRAM, NEARNESSES };
const char *nearness_name(enum nearness nearness); /* "town", as in program files */

/* Where an address lies, as groups compare it; in the arena. */
struct slice near_key(struct arena *arena, const struct program *program, const struct member *member, enum nearness nearness, days day);

struct listed *directory_npi(const struct directory *directory, const char *npi); /* NULL: nobody */
struct listed *directory_id(const struct directory *directory, int64_t id);
/* The PCPs of a group, one after the other; between offers_open and offers_close of a group nobody else opens it. */
bool offers_open(struct offers *offers, struct directory *directory, enum nearness nearness, struct slice key); /* false: nobody */
struct listed *offers_next(struct offers *offers); /* NULL: no more */
void offers_close(struct offers *offers);

#endif
