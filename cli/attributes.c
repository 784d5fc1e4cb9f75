/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * attributes: dated facts about members, PCPs and practices from CSV files.
 */
#include "cli/desk.h"

static int run(const struct arguments *arguments)
{
	return desk_read_rows(arguments, &command_attributes, true, attributes_file, "new or changed");
}

const struct command command_attributes = {
	.name = "attributes",
	.summary = "dated facts about members, PCPs and practices from CSV files into the store",
	.usage = "pccm attributes [--store URL] [--program FILE] [--date DAY] FILE…",
	.about = "Reads CSV files with the columns subject, id, name, value, from and to (docs/formats.md): what neither an 834 nor the provider\n"
		 "file tells, and what a program file may ask about. From one day to another the name has this value now; an empty value\n"
		 "takes away. A row that is wrong is refused with its line.",
	.example = "pccm attributes --store sqlite:try.db --date 2010-01-04 samples/attributes.csv",
	.options = DESK_OPTIONS,
	.files_min = 1,
	.files_max = -1,
	.run = run,
};
