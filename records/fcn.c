/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * fcn: the financial control number by which a payment's line, a roster's fund and the
 * remittance advice name the same money (domain reference 1.4).
 */
#include "records/records.h"

void fcn_print(char out[16], days cycle, uint64_t number)
{
	int year, month, dom;
	days_to_civil(cycle, &year, &month, &dom);
	uint64_t head = (uint64_t)(year % 100) * 1000 + (uint64_t)days_of_year(cycle);
	size_t digits = 4;
	for (uint64_t past = number / 10000; past > 0 && digits < 10; past /= 10)
		digits++;
	size_t at = 5 + digits;
	out[at] = '\0';
	for (; at > 5; number /= 10)
		out[--at] = (char)('0' + number % 10);
	for (; at > 0; head /= 10)
		out[--at] = (char)('0' + head % 10);
}
