/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PCCM_EXCHANGE_FACTS_H
#define PCCM_EXCHANGE_FACTS_H

#include "exchange/exchange.h"

struct pcp_list { struct pcp_facts *items; size_t count, size; }; /* each PCP once, in order of first mention */

/* Add the PCP to the list unless it is there. */
bool facts_pcp(struct office *office, struct arena *arena, struct pcp_list *list, int64_t id) WARN_UNUSED;
/* The same of one that is surely not in it. */
bool facts_pcp_new(struct office *office, struct arena *arena, struct pcp_list *list, int64_t id) WARN_UNUSED;
/* How many members each PCP of the list has on the day or later; `members` holds as many as the list. */
bool facts_panel_sizes(struct office *office, const struct pcp_list *list, days day, int64_t *members) WARN_UNUSED;
/* What the ledger needs of one member: all assignments believed now and their PCPs. */
bool facts_ledger(struct office *office, struct arena *arena, struct ledger_member *out, const struct member *member) WARN_UNUSED;
/* Room for the members of a case, not cleared: the store fills those that there are.  NULL: memory is used up. */
struct member *family_room(struct arena *arena);
/* What an assignment needs of one family: by case number, or one member without a case. */
bool facts_family(struct office *office, struct arena *arena, struct family *out, struct slice case_number, int64_t member) WARN_UNUSED;

/* End the assignments of members who came into a class that the program does not take (ASG-6); *ended counts them. */
bool end_excluded(struct office *office, uint64_t *ended) WARN_UNUSED;

/* One member with all assignments believed now, as if it asked for nothing. */
bool facts_member(struct office *office, struct arena *arena, struct family_member *out, const struct member *member) WARN_UNUSED;
/* Every member who has no PCP on that day or later, by id. */
/* A member who lacks a PCP on a day: since when, whether one was asked for, and when it was told to choose (ASG-4). */
struct without_pcp {
	struct family_member who;
	bool lacks;              /* false: the rest is not filled */
	days since;
	bool asks;               /* a request is pending */
	days told, told_since;   /* the newest notice to choose, and the beginning that it was about; DAYS_NONE */
};
bool facts_without_pcp(struct office *office, struct arena *arena, struct without_pcp *out, const struct member *member, days day) WARN_UNUSED;
bool members_without_pcp(struct office *office, days day, member_fn fn, void *data) WARN_UNUSED;

/* Coverage, PCPs, attributes and the waiting request of a member id that was merged go over to the one that stays (RET-8). */
bool merge_history(struct office *office, struct arena *arena, int64_t stays, int64_t goes, struct origin origin, days today) WARN_UNUSED;

/* SPANISH for SPA; a code that is not listed as it is. */
struct slice language_name(struct slice code);

#endif
