/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * xml_lazy: see the header.  A function that is missing here does not link: pccm does not link libxml2.
 */
#include "base/xml_lazy.h"

#include <dlfcn.h>
#include <libxml/parser.h>
#include <libxml/relaxng.h>
#include <libxml/SAX2.h>
#include <libxml/tree.h>
#include <libxml/xmlregexp.h>

#define XML_LIBRARY "libxml2.so.2"

/* Every function of libxml2 that is called here: GIVES what it gives, its name, parameters and arguments; NOTHING gives none. */
#define XML_CALLS(GIVES, NOTHING) \
	GIVES(xmlChar *, xmlCharStrdup, (const char *a), (a)) \
	GIVES(xmlParserCtxtPtr, xmlCreatePushParserCtxt, (xmlSAXHandlerPtr a, void *b, const char *c, int d, const char *e), \
		(a, b, c, d, e)) \
	GIVES(xmlErrorPtr, xmlCtxtGetLastError, (void *a), (a)) \
	GIVES(xmlDocPtr, xmlCtxtReadMemory, (xmlParserCtxtPtr a, const char *b, int c, const char *d, const char *e, int f), \
		(a, b, c, d, e, f)) \
	GIVES(int, xmlCtxtUseOptions, (xmlParserCtxtPtr a, int b), (a, b)) \
	GIVES(xmlNodePtr, xmlDocGetRootElement, (const xmlDoc *a), (a)) \
	NOTHING(xmlFreeDoc, (xmlDocPtr a), (a)) \
	NOTHING(xmlFreeParserCtxt, (xmlParserCtxtPtr a), (a)) \
	GIVES(long, xmlGetLineNo, (const xmlNode *a), (a)) \
	GIVES(xmlEntityPtr, xmlGetPredefinedEntity, (const xmlChar *a), (a)) \
	GIVES(int, xmlIsBlankNode, (const xmlNode *a), (a)) \
	GIVES(xmlParserCtxtPtr, xmlNewParserCtxt, (void), ()) \
	GIVES(xmlChar *, xmlNodeListGetString, (xmlDocPtr a, const xmlNode *b, int c), (a, b, c)) \
	GIVES(int, xmlParseChunk, (xmlParserCtxtPtr a, const char *b, int c, int d), (a, b, c, d)) \
	NOTHING(xmlRegFreeRegexp, (xmlRegexpPtr a), (a)) \
	GIVES(xmlRegexpPtr, xmlRegexpCompile, (const xmlChar *a), (a)) \
	GIVES(int, xmlRegexpExec, (xmlRegexpPtr a, const xmlChar *b), (a, b)) \
	GIVES(int, xmlRegexpIsDeterminist, (xmlRegexpPtr a), (a)) \
	NOTHING(xmlRelaxNGFree, (xmlRelaxNGPtr a), (a)) \
	NOTHING(xmlRelaxNGFreeParserCtxt, (xmlRelaxNGParserCtxtPtr a), (a)) \
	NOTHING(xmlRelaxNGFreeValidCtxt, (xmlRelaxNGValidCtxtPtr a), (a)) \
	GIVES(xmlRelaxNGParserCtxtPtr, xmlRelaxNGNewMemParserCtxt, (const char *a, int b), (a, b)) \
	GIVES(xmlRelaxNGValidCtxtPtr, xmlRelaxNGNewValidCtxt, (xmlRelaxNGPtr a), (a)) \
	GIVES(xmlRelaxNGPtr, xmlRelaxNGParse, (xmlRelaxNGParserCtxtPtr a), (a)) \
	NOTHING(xmlRelaxNGSetParserStructuredErrors, (xmlRelaxNGParserCtxtPtr a, xmlStructuredErrorFunc b, void *c), (a, b, c)) \
	NOTHING(xmlRelaxNGSetValidStructuredErrors, (xmlRelaxNGValidCtxtPtr a, xmlStructuredErrorFunc b, void *c), (a, b, c)) \
	GIVES(int, xmlRelaxNGValidateDoc, (xmlRelaxNGValidCtxtPtr a, xmlDocPtr b), (a, b)) \
	GIVES(int, xmlSAX2GetColumnNumber, (void *a), (a)) \
	GIVES(int, xmlSAX2GetLineNumber, (void *a), (a)) \
	NOTHING(xmlSetGenericErrorFunc, (void *a, xmlGenericErrorFunc b), (a, b)) \
	NOTHING(xmlSetStructuredErrorFunc, (void *a, xmlStructuredErrorFunc b), (a, b)) \
	NOTHING(xmlStopParser, (xmlParserCtxtPtr a), (a))

/* Nobody outside sees them: the library goes on to call its own. */
#define OWN __attribute__((visibility("hidden")))

static struct {
	bool loaded;
#define GIVES(type, name, parameters, arguments) __typeof__(&name) name;
#define NOTHING(name, parameters, arguments) __typeof__(&name) name;
	XML_CALLS(GIVES, NOTHING)
#undef GIVES
#undef NOTHING
} xml;

OWN xmlFreeFunc xmlFree; /* a variable of the library's, which it does not change */

bool xml_load(struct failure *failure)
{
	if (xml.loaded)
		return true;
	void *library = dlopen(XML_LIBRARY, RTLD_NOW | RTLD_LOCAL);
	xmlFreeFunc *held = NULL;
	bool found = library != NULL && library_call(library, "xmlFree", &held, sizeof(held));
#define GIVES(type, name, parameters, arguments) found = found && library_call(library, #name, &xml.name, sizeof(xml.name));
#define NOTHING(name, parameters, arguments) GIVES(void, name, parameters, arguments)
	XML_CALLS(GIVES, NOTHING)
#undef GIVES
#undef NOTHING
	if (!found)
		return failure_set(failure, "XML cannot be read: " XML_LIBRARY " is not there or too old (install libxml2)");
	xmlFree = *held;
	xml.loaded = true;
	return true;
}

/* Whoever reads a document has asked xml_load, which tells what is wrong; the others come after. */
static void need(void)
{
	if (!xml_load(NULL))
		abort();
}

#define GIVES(type, name, parameters, arguments) OWN type name parameters { need(); return xml.name arguments; }
/* What frees or tells nothing may come before: there is nothing to free. */
#define NOTHING(name, parameters, arguments) OWN void name parameters { if (xml.loaded) xml.name arguments; }
XML_CALLS(GIVES, NOTHING)
