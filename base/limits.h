/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * limits: every bound of the program, with its reason.  What is past a limit is a
 * finding (if a sender did it) or a failure (if the machine did), never a crash.
 * A unit test stands on both sides of each: tests/unit/test_limits.c says which.
 */
#ifndef PCCM_LIMITS_H
#define PCCM_LIMITS_H

/* ---- reading X12 ---- */
/* One segment with its terminator.  The longest that the five guides allow (an 834 HLH or a
 * 271 EB with 99 service types) is under 3 KiB; local practice adds MSG texts. */
#define LIMIT_SEGMENT_BYTES (64 * 1024)
/* Elements of one segment.  CLP and CAS stop at 19, BPR and SV2 at 21, CUR at 21, HI at 12. */
#define LIMIT_ELEMENTS 64
/* Loops open at once.  The deepest guide here (271: 2000A B C D, 2110D, 2115D) needs 7. */
#define LIMIT_LOOP_DEPTH 16
/* The window that the reader holds: one segment and what was read ahead. */
#define LIMIT_READER_WINDOW_BYTES (256 * 1024)
/* Inflated bytes for one byte of gzip.  X12 text packs 5 to 25 to 1, deflate ends at 1,032. */
#define LIMIT_GZIP_RATIO 200
/* ... and what may be inflated before the ratio is looked at, for small repetitive files. */
#define LIMIT_GZIP_FREE_BYTES (16 * 1024 * 1024)

/* ---- findings ---- */
/* Findings kept of one transaction set.  More are counted, not kept: whoever sent a thousand
 * mistakes mends the program that made them, not the thousand places. */
#define LIMIT_FINDINGS_PER_SET 1000
/* ... and of those, notes: what refuses the set must find room behind any number of them. */
#define LIMIT_NOTES_PER_SET 500
/* The value that a finding copies: what IK404 may carry (element 724, 1 to 99). */
#define LIMIT_FINDING_VALUE_BYTES 99

/* IK3 and IK4 segments that a 999 has for one transaction set: a findings' worth of them. */
#define LIMIT_ACK_ERRORS_PER_SET LIMIT_FINDINGS_PER_SET
/* A 999 that is longer than this names only the sets that follow, not the places in them: nobody reads on, and a file of
 * nothing but mistakes must not become a larger one. */
#define LIMIT_ACK_DETAIL_BYTES (16 * 1024 * 1024)

/* ---- records ---- */
/* One record with its texts.  A member with all that the 834 guide allows (99 coverages of 30 providers) takes about
 * 1 MiB; past four of them somebody repeats the loops that have no maximum. */
#define LIMIT_RECORD_BYTES (4 * 1024 * 1024)
#define LIMIT_SPANS 256             /* coverage spans of one member that are believed at a time */
#define LIMIT_SERVICE_TYPES 99      /* EQ01 and EB03 repeat 99 times */
#define LIMIT_FAMILY 64             /* members of one case; the largest known households have 20 */
#define LIMIT_FUNDS 16              /* funds of one program */
#define LIMIT_MONTH_LINES 64        /* payees and funds of one member-month of a stream: 31 days by two funds */
#define LIMIT_STREAMS 8             /* payments of one program: the fee and others; programs have one to four */

/* ---- pccm stats ---- */
/* Rows of each of its tables: a guide has under 60 segment ids, a month of files under 100 interchanges.  What finds no
 * row is counted as others. */
#define LIMIT_STATS_ROWS 256

/* ---- JSON and XML documents of X12 ---- */
/* One text of a document: the longest segment, each byte of it as two digits. */
#define LIMIT_DOCUMENT_TEXT_BYTES (2 * LIMIT_SEGMENT_BYTES)
/* Objects and arrays, or tags, inside one another: interchange, group, set, LIMIT_LOOP_DEPTH loops, segment and element,
 * each in JSON with its array, and the document. */
#define LIMIT_DOCUMENT_DEPTH 64

/* ---- program and guide files ---- */
#define LIMIT_XML_BYTES (8 * 1024 * 1024) /* a program or guide file; the largest here is under 1 MiB */
#define LIMIT_MISTAKES 200          /* of one program file that are told; more are counted */
#define LIMIT_CODE_SETS 100         /* code sets that are brought along: ten are shipped */
#define LIMIT_OVERLAY_ROWS 10000    /* what a partner narrows of one guide: the largest guide has 2,000 elements */
#define LIMIT_PATTERN_BYTES 200     /* a partner's pattern for one element; a case number takes 20 */
/* Parentheses open at once in an expression of a rule, and values at hand while it runs.  People get lost at four. */
#define LIMIT_RULE_DEPTH 16
#define LIMIT_RULE_STEPS 200        /* of one expression, and 1,000 characters: it is to be read by people */
#define LIMIT_RULE_CHARACTERS 1000
/* What all rules together ask to be known of one loop while it is open: a bit each. */
#define LIMIT_RULE_FACTS 64
/* A value of another segment that a rule compares: ids have at most 80 characters.  A longer one decides nothing. */
#define LIMIT_RULE_VALUE_BYTES 80

#define LIMIT_ROSTER_JOBS 16 /* threads that print rosters: each has a connection with a page cache of 16 MiB */
/* PCPs whose facts are kept while a month is worked out, some 2 KiB each; of more than that the rest is read again. */
#define LIMIT_PCPS_KEPT 20000
#define LIMIT_ATTRIBUTE_NAME 40 /* bytes of an attribute's name: program files write them */

#endif
