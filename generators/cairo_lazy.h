/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * cairo_lazy: cairo, loaded when the first PDF is drawn.  Linked, it and the twenty libraries behind it would take a
 * third of the time that a check of one member takes, for a command that draws nothing.
 *
 * Included in place of <cairo-pdf.h>: the calls keep their names, and go through pointers that cairo_load() fills.
 */
#ifndef PCCM_GENERATORS_CAIRO_LAZY_H
#define PCCM_GENERATORS_CAIRO_LAZY_H

#include <cairo-pdf.h>

#include "base/base.h"

/* Every function of cairo that is called here: the only list of them. */
#define CAIRO_CALLS(CALL) \
	CALL(cairo_create) CALL(cairo_destroy) CALL(cairo_fill) CALL(cairo_font_options_create) \
	CALL(cairo_font_options_destroy) CALL(cairo_font_options_set_hint_metrics) CALL(cairo_font_options_set_hint_style) \
	CALL(cairo_line_to) CALL(cairo_move_to) CALL(cairo_pdf_surface_add_outline) \
	CALL(cairo_pdf_surface_create_for_stream) CALL(cairo_pdf_surface_restrict_to_version) \
	CALL(cairo_pdf_surface_set_metadata) CALL(cairo_rectangle) CALL(cairo_select_font_face) \
	CALL(cairo_set_font_options) CALL(cairo_set_font_size) CALL(cairo_set_line_width) CALL(cairo_set_source_rgb) \
	CALL(cairo_show_page) CALL(cairo_show_text) CALL(cairo_status) CALL(cairo_status_to_string) CALL(cairo_stroke) \
	CALL(cairo_surface_destroy) CALL(cairo_surface_finish) CALL(cairo_surface_status) CALL(cairo_tag_begin) \
	CALL(cairo_tag_end) CALL(cairo_text_extents)

struct cairo_calls {
#define CALL(name) __typeof__(&name) name##_call;
	CAIRO_CALLS(CALL)
#undef CALL
};
extern struct cairo_calls cairo_calls;
/* Load cairo, once; false and a sentence that names the package where it is not there. */
bool cairo_load(struct failure *failure) WARN_UNUSED;

#ifndef CAIRO_LAZY_IMPLEMENTATION
#define cairo_create cairo_calls.cairo_create_call
#define cairo_destroy cairo_calls.cairo_destroy_call
#define cairo_fill cairo_calls.cairo_fill_call
#define cairo_font_options_create cairo_calls.cairo_font_options_create_call
#define cairo_font_options_destroy cairo_calls.cairo_font_options_destroy_call
#define cairo_font_options_set_hint_metrics cairo_calls.cairo_font_options_set_hint_metrics_call
#define cairo_font_options_set_hint_style cairo_calls.cairo_font_options_set_hint_style_call
#define cairo_line_to cairo_calls.cairo_line_to_call
#define cairo_move_to cairo_calls.cairo_move_to_call
#define cairo_pdf_surface_add_outline cairo_calls.cairo_pdf_surface_add_outline_call
#define cairo_pdf_surface_create_for_stream cairo_calls.cairo_pdf_surface_create_for_stream_call
#define cairo_pdf_surface_restrict_to_version cairo_calls.cairo_pdf_surface_restrict_to_version_call
#define cairo_pdf_surface_set_metadata cairo_calls.cairo_pdf_surface_set_metadata_call
#define cairo_rectangle cairo_calls.cairo_rectangle_call
#define cairo_select_font_face cairo_calls.cairo_select_font_face_call
#define cairo_set_font_options cairo_calls.cairo_set_font_options_call
#define cairo_set_font_size cairo_calls.cairo_set_font_size_call
#define cairo_set_line_width cairo_calls.cairo_set_line_width_call
#define cairo_set_source_rgb cairo_calls.cairo_set_source_rgb_call
#define cairo_show_page cairo_calls.cairo_show_page_call
#define cairo_show_text cairo_calls.cairo_show_text_call
#define cairo_status cairo_calls.cairo_status_call
#define cairo_status_to_string cairo_calls.cairo_status_to_string_call
#define cairo_stroke cairo_calls.cairo_stroke_call
#define cairo_surface_destroy cairo_calls.cairo_surface_destroy_call
#define cairo_surface_finish cairo_calls.cairo_surface_finish_call
#define cairo_surface_status cairo_calls.cairo_surface_status_call
#define cairo_tag_begin cairo_calls.cairo_tag_begin_call
#define cairo_tag_end cairo_calls.cairo_tag_end_call
#define cairo_text_extents cairo_calls.cairo_text_extents_call
#endif

#endif
