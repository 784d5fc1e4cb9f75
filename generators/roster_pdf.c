/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * roster_pdf: a roster as PDF (RST-7), US Letter, landscape, drawn with cairo.
 *
 * Pages are those of roster_flow with lines of one height.  The document is tagged
 * (H1, P, Table, TR, TH, TD), so that it can be read aloud and taken apart, and
 * has a bookmark per PCP.  Its properties name the report and the period, no person.
 *
 * Always true: the same roster gives the same bytes, since the only date in the
 * file is the day the roster was made; double is cairo's unit of length and
 * nothing else here.
 */
#include "generators/cairo_lazy.h"
#include "generators/roster.h"

#define PAGE_WIDTH 792.0 /* points: 11 by 8.5 inches */
#define PAGE_HEIGHT 612.0
#define MARGIN 36.0
#define RIGHT (PAGE_WIDTH - MARGIN)
#define LINE_HEIGHT 11.5
#define BODY_TOP 130.0 /* of the first line of rows */
#define TOTALS_TOP 90.0 /* where no PCP stands above */
#define BODY_LINES 38  /* down to 567: nine points above the bottom margin */
#define TEXT_SIZE 7.5
#define CELL_GAP 6.0   /* between a value and the next column */
#define SHADE 0.945

struct pdf {
	struct roster_flow *flow;
	cairo_t *cr;
	cairo_surface_t *surface;
	struct buffer cell, line, text;
	double y;          /* top of the next line */
	unsigned rows;     /* of the page, for shading */
	bool table_open;
};

static cairo_status_t put_bytes(void *closure, const unsigned char *bytes, unsigned int len)
{
	struct buffer *out = closure;
	buffer_put(out, bytes, len);
	return out->failed ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

/* ---- drawing ---- */

enum pdf_align { ALIGN_LEFT, ALIGN_CENTER, ALIGN_RIGHT };

static void set_font(struct pdf *pdf, bool bold, double size)
{
	cairo.select_font_face(pdf->cr, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL,
		bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
	cairo.set_font_size(pdf->cr, size);
}

/* cairo wants a NUL behind the text; the texts come clean from roster_put_clean. */
static const char *as_text(struct pdf *pdf, struct slice text)
{
	buffer_reset(&pdf->text);
	buffer_slice(&pdf->text, text);
	buffer_char(&pdf->text, '\0');
	return pdf->text.failed ? "" : pdf->text.ptr;
}

static double text_width(struct pdf *pdf, struct slice text)
{
	cairo_text_extents_t extents;
	cairo.text_extents(pdf->cr, as_text(pdf, text), &extents);
	return extents.x_advance;
}

static bool pdf_fits(void *data, struct slice text, unsigned width)
{
	return text_width(data, text) <= (double)width - CELL_GAP;
}

static void put_text(struct pdf *pdf, double x, double baseline, enum pdf_align align, struct slice text)
{
	if (align == ALIGN_CENTER)
		x -= text_width(pdf, text) / 2;
	else if (align == ALIGN_RIGHT)
		x -= text_width(pdf, text);
	cairo.move_to(pdf->cr, x, baseline);
	cairo.show_text(pdf->cr, as_text(pdf, text));
}

static void put_tagged(struct pdf *pdf, const char *tag, double x, double baseline, enum pdf_align align,
	struct slice text)
{
	cairo.tag_begin(pdf->cr, tag, NULL);
	put_text(pdf, x, baseline, align, text);
	cairo.tag_end(pdf->cr, tag);
}

static void put_band(struct pdf *pdf, double y, double height, double shade)
{
	cairo.set_source_rgb(pdf->cr, shade, shade, shade);
	cairo.rectangle(pdf->cr, MARGIN, y, RIGHT - MARGIN, height);
	cairo.fill(pdf->cr);
	cairo.set_source_rgb(pdf->cr, 0, 0, 0);
}

static void put_rule(struct pdf *pdf, double y, double width)
{
	cairo.set_line_width(pdf->cr, width);
	cairo.move_to(pdf->cr, MARGIN, y);
	cairo.line_to(pdf->cr, RIGHT, y);
	cairo.stroke(pdf->cr);
}

static double baseline_of(double top)
{
	return top + LINE_HEIGHT - 3.3;
}

/* ---- pages ---- */

/* Left text of a heading line, cut before what stands at its right. */
static void put_heading_left(struct pdf *pdf, double baseline, unsigned width)
{
	struct slice rest = buffer_view(&pdf->cell);
	roster_next_line(&pdf->line, &rest, width, true, pdf_fits, pdf);
	put_tagged(pdf, "P", MARGIN, baseline, ALIGN_LEFT, buffer_view(&pdf->line));
	buffer_reset(&pdf->cell);
}

static void put_heading_right(struct pdf *pdf, double baseline)
{
	put_tagged(pdf, "P", RIGHT, baseline, ALIGN_RIGHT, buffer_view(&pdf->cell));
	buffer_reset(&pdf->cell);
}

static void put_heading(struct pdf *pdf)
{
	const struct roster *roster = pdf->flow->roster;
	struct buffer *cell = &pdf->cell;
	set_font(pdf, true, 13);
	put_tagged(pdf, "H1", PAGE_WIDTH / 2, MARGIN + 12, ALIGN_CENTER, pdf->flow->roster->reports[pdf->flow->report].title);
	set_font(pdf, false, 8.5);
	buffer_reset(cell);
	buffer_text(cell, "Report ");
	buffer_slice(cell, pdf->flow->roster->reports[pdf->flow->report].number);
	put_heading_left(pdf, MARGIN + 12, 200);
	buffer_text(cell, "Report Period ");
	roster_put_period(cell, roster->month);
	put_heading_right(pdf, MARGIN + 12);
	roster_put_clean(cell, roster->program);
	put_heading_left(pdf, MARGIN + 27, 560);
	buffer_text(cell, "Made ");
	days_put_us(cell, roster->made);
	put_heading_right(pdf, MARGIN + 27);
	buffer_text(cell, "Primary Manager ");
	roster_put_clean(cell, roster->billing_medicaid_id);
	buffer_text(cell, "   ");
	roster_put_clean(cell, roster->billing_name);
	put_heading_left(pdf, MARGIN + 40, 520);
	buffer_text(cell, "NPI ");
	buffer_text(cell, roster->billing_npi);
	buffer_format(cell, "     Page %llu of %llu", (unsigned long long)pdf->flow->page,
		(unsigned long long)pdf->flow->pages);
	put_heading_right(pdf, MARGIN + 40);
	put_rule(pdf, MARGIN + 46, 0.8);
}

static void put_column_heads(struct pdf *pdf)
{
	double x = MARGIN, top = BODY_TOP - LINE_HEIGHT - 3;
	put_band(pdf, top, LINE_HEIGHT + 2, 0.86);
	set_font(pdf, true, 7);
	cairo.tag_begin(pdf->cr, "TR", NULL);
	for (size_t i = 0; i < roster_column_count; i++) {
		unsigned width = roster_columns[i].points[pdf->flow->report];
		if (width == 0)
			continue;
		put_tagged(pdf, "TH", x + 2, baseline_of(top + 1), ALIGN_LEFT, slice_of(roster_columns[i].heading));
		x += width;
	}
	cairo.tag_end(pdf->cr, "TR");
}

static void add_bookmark(struct pdf *pdf, struct slice name)
{
	char place[48];
	snprintf(place, sizeof(place), "page=%llu", (unsigned long long)pdf->flow->page);
	cairo.pdf_surface_add_outline(pdf->surface, CAIRO_PDF_OUTLINE_ROOT, as_text(pdf, name), place, 0);
}

static void pdf_page_begin(void *data, const struct roster_pcp *pcp, bool continued)
{
	struct pdf *pdf = data;
	cairo.tag_begin(pdf->cr, "Sect", NULL);
	put_heading(pdf);
	pdf->rows = 0;
	pdf->y = pcp == NULL ? TOTALS_TOP : BODY_TOP;
	if (pcp == NULL)
		return;
	buffer_text(&pdf->cell, "PCP ");
	buffer_text(&pdf->cell, pcp->npi);
	buffer_text(&pdf->cell, "   ");
	roster_put_clean(&pdf->cell, pcp->name);
	if (!continued)
		add_bookmark(pdf, buffer_view(&pdf->cell));
	else
		buffer_text(&pdf->cell, "  (continued)");
	set_font(pdf, true, 10);
	struct slice rest = buffer_view(&pdf->cell);
	roster_next_line(&pdf->line, &rest, (unsigned)(RIGHT - MARGIN), true, pdf_fits, pdf);
	put_tagged(pdf, "H2", MARGIN, MARGIN + 66, ALIGN_LEFT, buffer_view(&pdf->line));
	cairo.tag_begin(pdf->cr, "Table", NULL);
	pdf->table_open = true;
	put_column_heads(pdf);
}

static void close_table(struct pdf *pdf)
{
	if (pdf->table_open)
		cairo.tag_end(pdf->cr, "Table");
	pdf->table_open = false;
}

static void pdf_page_end(void *data)
{
	struct pdf *pdf = data;
	close_table(pdf);
	cairo.tag_end(pdf->cr, "Sect");
	cairo.show_page(pdf->cr);
}

/* ---- rows ---- */

/* Lines of one cell; drawn if `x` says where. */
static unsigned cell_lines(struct pdf *pdf, const struct roster_entry *entry, const struct roster_column *column,
	const double *x)
{
	struct slice rest = roster_cell(&pdf->cell, entry, column->field);
	unsigned width = column->points[entry->report], count = 0;
	while (count < column->lines &&
		roster_next_line(&pdf->line, &rest, width, count + 1U == column->lines, pdf_fits, pdf)) {
		if (x != NULL)
			put_text(pdf, *x, baseline_of(pdf->y + count * LINE_HEIGHT), ALIGN_LEFT,
				buffer_view(&pdf->line));
		count++;
	}
	return count;
}

/* A total stands two lines high; the practice's begins with room and a rule above. */
static unsigned pdf_height(void *data, const struct roster_entry *entry)
{
	struct pdf *pdf = data;
	if (!roster_entry_is_client(entry))
		return entry->kind == ROSTER_ENTRY_FUND ? 1 : 2;
	unsigned lines = 1;
	set_font(pdf, false, TEXT_SIZE);
	for (size_t i = 0; i < roster_column_count; i++) {
		if (roster_columns[i].points[entry->report] == 0 || roster_columns[i].lines == 1)
			continue;
		unsigned count = cell_lines(pdf, entry, &roster_columns[i], NULL);
		lines = count > lines ? count : lines;
	}
	return lines;
}

static void put_client(struct pdf *pdf, const struct roster_entry *entry)
{
	unsigned lines = pdf_height(pdf, entry);
	double x = MARGIN + 2;
	if (pdf->rows++ % 2 == 1)
		put_band(pdf, pdf->y, lines * LINE_HEIGHT, SHADE);
	set_font(pdf, false, TEXT_SIZE);
	cairo.tag_begin(pdf->cr, "TR", NULL);
	for (size_t i = 0; i < roster_column_count; i++) {
		unsigned width = roster_columns[i].points[entry->report];
		if (width == 0)
			continue;
		cairo.tag_begin(pdf->cr, "TD", NULL);
		cell_lines(pdf, entry, &roster_columns[i], &x);
		cairo.tag_end(pdf->cr, "TD");
		x += width;
	}
	cairo.tag_end(pdf->cr, "TR");
	pdf->y += lines * LINE_HEIGHT;
}

/* One line of the totals: what, clients, amount, FCN, each at its place; NULL where there is none. */
static void put_sums(struct pdf *pdf, double baseline, const char *what, uint64_t members, const cents *amount,
	const char *fcn)
{
	cairo.tag_begin(pdf->cr, "P", NULL);
	put_text(pdf, MARGIN + 2, baseline, ALIGN_LEFT, slice_of(what));
	buffer_reset(&pdf->cell);
	buffer_format(&pdf->cell, "%llu client%s", (unsigned long long)members, members == 1 ? "" : "s");
	put_text(pdf, MARGIN + 250, baseline, ALIGN_RIGHT, buffer_view(&pdf->cell));
	if (amount != NULL) {
		buffer_reset(&pdf->cell);
		buffer_text(&pdf->cell, fcn == NULL ? "Case management fees  " : "");
		cents_put_people(&pdf->cell, *amount);
		put_text(pdf, MARGIN + 450, baseline, ALIGN_RIGHT, buffer_view(&pdf->cell));
	}
	if (fcn != NULL) {
		buffer_reset(&pdf->cell);
		buffer_format(&pdf->cell, "FCN %s", fcn);
		put_text(pdf, MARGIN + 480, baseline, ALIGN_LEFT, buffer_view(&pdf->cell));
	}
	cairo.tag_end(pdf->cr, "P");
}

static void put_fund(struct pdf *pdf, const struct roster_fund *fund)
{
	set_font(pdf, false, 8.5);
	buffer_reset(&pdf->line);
	buffer_text(&pdf->line, "     Fund ");
	roster_put_fund_name(&pdf->line, fund);
	buffer_char(&pdf->line, '\0');
	put_sums(pdf, baseline_of(pdf->y), pdf->line.failed ? "" : pdf->line.ptr, fund->members, &fund->amount,
		fund->fcn);
	pdf->y += LINE_HEIGHT;
}

static void put_total(struct pdf *pdf, const struct roster_entry *entry)
{
	const char *what = entry->pcp != NULL ? "PCP total" : "Primary Manager total";
	double baseline = baseline_of(pdf->y + LINE_HEIGHT) - 2;
	close_table(pdf);
	put_rule(pdf, pdf->y + (entry->pcp != NULL ? 3 : 7), entry->pcp != NULL ? 0.4 : 0.8);
	set_font(pdf, true, 8.5);
	if (entry->report == ROSTER_REPORT_CHANGES) {
		buffer_reset(&pdf->cell);
		buffer_text(&pdf->cell, what);
		buffer_text(&pdf->cell, "     ");
		roster_put_identity(&pdf->cell, entry);
		put_tagged(pdf, "P", MARGIN + 2, baseline, ALIGN_LEFT, buffer_view(&pdf->cell));
	} else if (entry->pcp != NULL) {
		put_sums(pdf, baseline, what, entry->pcp->line_count, NULL, NULL);
	} else {
		put_sums(pdf, baseline, what, entry->roster->members, &entry->roster->amount, NULL);
	}
	pdf->y += 2 * LINE_HEIGHT;
}

static void pdf_row(void *data, const struct roster_entry *entry)
{
	struct pdf *pdf = data;
	if (entry->kind == ROSTER_ENTRY_FUND)
		put_fund(pdf, entry->fund);
	else if (roster_entry_is_client(entry))
		put_client(pdf, entry);
	else
		put_total(pdf, entry);
}

static void pdf_note(void *data, const char *note)
{
	struct pdf *pdf = data;
	close_table(pdf);
	set_font(pdf, false, 9);
	put_tagged(pdf, "P", MARGIN + 2, baseline_of(pdf->y), ALIGN_LEFT, slice_of(note));
	pdf->y += LINE_HEIGHT;
}

/* ---- the document ---- */

static void put_metadata(struct pdf *pdf)
{
	const struct roster *roster = pdf->flow->roster;
	struct buffer *cell = &pdf->cell;
	buffer_reset(cell);
	const struct roster_name *name = &pdf->flow->roster->reports[pdf->flow->report];
	buffer_format(cell, "%.*s %.*s, Report Period ", SLICE_ARG(name->number), SLICE_ARG(name->title));
	roster_put_period(cell, roster->month);
	cairo.pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_TITLE, as_text(pdf, buffer_view(cell)));
	cairo.pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_SUBJECT, "PCCM Enrollment");
	cairo.pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_CREATOR, "pccm");
	buffer_reset(cell);
	days_put_iso(cell, roster->made); /* without it cairo writes the hour of its clock */
	buffer_text(cell, "T00:00:00Z");
	cairo.pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_CREATE_DATE, as_text(pdf, buffer_view(cell)));
	buffer_reset(cell);
}

/* Widths as they are in print, on every screen. */
static void set_font_options(cairo_t *cr)
{
	cairo_font_options_t *options = cairo.font_options_create();
	cairo.font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
	cairo.font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	cairo.set_font_options(cr, options);
	cairo.font_options_destroy(options);
}

static cairo_status_t draw(struct pdf *pdf, struct buffer *bytes)
{
	pdf->surface = cairo.pdf_surface_create_for_stream(put_bytes, bytes, PAGE_WIDTH, PAGE_HEIGHT);
	cairo.pdf_surface_restrict_to_version(pdf->surface, CAIRO_PDF_VERSION_1_5);
	pdf->cr = cairo.create(pdf->surface);
	set_font_options(pdf->cr);
	put_metadata(pdf);
	cairo.tag_begin(pdf->cr, "Document", NULL);
	roster_flow_run(pdf->flow);
	cairo.tag_end(pdf->cr, "Document");
	cairo_status_t status = cairo.status(pdf->cr);
	cairo.destroy(pdf->cr);
	cairo.surface_finish(pdf->surface);
	if (status == CAIRO_STATUS_SUCCESS)
		status = cairo.surface_status(pdf->surface);
	cairo.surface_destroy(pdf->surface);
	return status;
}

bool roster_put_pdf(struct buffer *out, const struct roster *roster, enum roster_report report, struct failure *failure)
{
	struct pdf pdf = { .y = BODY_TOP };
	struct roster_flow flow = {
		.roster = roster, .report = report, .page_lines = BODY_LINES, .data = &pdf,
		.height = pdf_height, .page_begin = pdf_page_begin, .page_end = pdf_page_end, .row = pdf_row,
		.note = pdf_note,
	};
	if (!cairo_load(failure))
		return false;
	struct buffer bytes;
	buffer_init(&bytes, 0);
	buffer_init(&pdf.cell, 0);
	buffer_init(&pdf.line, 0);
	buffer_init(&pdf.text, 0);
	pdf.flow = &flow;
	cairo_status_t status = draw(&pdf, &bytes);
	bool failed = bytes.failed || pdf.cell.failed || pdf.line.failed || pdf.text.failed;
	if (!failed && status == CAIRO_STATUS_SUCCESS)
		buffer_slice(out, buffer_view(&bytes));
	buffer_done(&bytes);
	buffer_done(&pdf.cell);
	buffer_done(&pdf.line);
	buffer_done(&pdf.text);
	if (failed || out->failed)
		return failure_set(failure, "could not draw a roster: memory is used up");
	if (status != CAIRO_STATUS_SUCCESS)
		return failure_set(failure, "could not draw a roster: cairo says %s", cairo.status_to_string(status));
	return true;
}
