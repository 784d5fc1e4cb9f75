/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * cairo_lazy: cairo, loaded when the first PDF is drawn.  Linked, it and the twenty libraries behind it would take a
 * third of the time that a check of one member takes, for a command that draws nothing.
 *
 * Included in place of <cairo-pdf.h>: calls go through pointers that cairo_load() fills.
 */
#ifndef PCCM_GENERATORS_CAIRO_LAZY_H
#define PCCM_GENERATORS_CAIRO_LAZY_H

#include <cairo-pdf.h>

#include "base/base.h"

/* Every function of cairo that is called here: the only list of them. */
#define CAIRO_CALLS(CALL) \
	CALL(create) CALL(destroy) CALL(fill) CALL(font_options_create) CALL(font_options_destroy) \
	CALL(font_options_set_hint_metrics) CALL(font_options_set_hint_style) CALL(line_to) CALL(move_to) \
	CALL(pdf_surface_add_outline) CALL(pdf_surface_create_for_stream) CALL(pdf_surface_restrict_to_version) \
	CALL(pdf_surface_set_metadata) CALL(rectangle) CALL(select_font_face) CALL(set_font_options) \
	CALL(set_font_size) CALL(set_line_width) CALL(set_source_rgb) CALL(show_page) CALL(show_text) CALL(status) \
	CALL(status_to_string) CALL(stroke) CALL(surface_destroy) CALL(surface_finish) CALL(surface_status) \
	CALL(tag_begin) CALL(tag_end) CALL(text_extents)

struct cairo_calls {
#define CALL(name) __typeof__(&cairo_##name) name;
	CAIRO_CALLS(CALL)
#undef CALL
};
extern struct cairo_calls cairo; /* cairo.fill(…) is cairo_fill(…) */
/* Load cairo, once; false and a sentence that names the package where it is not there. */
bool cairo_load(struct failure *failure) WARN_UNUSED;

#endif
