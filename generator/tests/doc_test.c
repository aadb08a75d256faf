/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Documentation: what becomes a block, which words become a language's names, how lines wrap. */
#include "base.h"
#include "doc.h"
#include "expect.h"

static const char *function(void *context, const char *name)
{
    (void)context;
    return text_equal(name, "virDomainSave") ? "domain.save" : NULL;
}

static const char *parameter(void *context, const char *name)
{
    (void)context;
    return text_equal(name, "from") ? "frm" : NULL;
}

static const struct doc_names names = {NULL, function, parameter, NULL, "None"};

static const char *plain(const char *text)
{
    struct buffer buffer = {0};
    const struct doc doc = doc_parse(text);

    doc_plain(&buffer, &doc, &names, "", 30);
    return buffer_text(&buffer);
}

static void test_blocks(void)
{
    expect("nothing", plain(""), "");
    expect("no text", plain(NULL), "");
    expect("lines join", plain("one\ntwo"), "one two\n");
    expect("paragraphs", plain("one\n\n\ntwo\n"), "one\n\ntwo\n");
    expect("items", plain("A list:\n\n- first\n  goes on\n- second\n\nafter"),
           "A list:\n\n- first goes on\n- second\n\nafter\n");
    expect("numbers", plain("1. first\n2) second"), "1. first\n2) second\n");
    expect("constants", plain("VIR_A: first\nVIR_B second"), "- VIR_A: first\n- VIR_B second\n");
    expect("a constant in prose", plain("See\nVIR_A and others"), "See VIR_A and others\n");
    expect("code", plain("So:\n\n  a();\n\n    b();\n\nafter"),
           "So:\n\n    a();\n\n      b();\n\nafter\n");
}

static void test_names(void)
{
    expect("function", plain("call virDomainSave()"), "call domain.save()\n");
    expect("unknown function", plain("call virDomainFree()"), "call virDomainFree()\n");
    expect("parameter", plain("@from and @to."), "frm and to.\n");
    expect("NULL", plain("NULL, NULLABLE"), "None, NULLABLE\n");
}

static void test_wrapping(void)
{
    struct buffer buffer = {0};

    doc_wrap(&buffer, "one two three", "x: ", "   ", 10);
    expect("wrapping", buffer_text(&buffer), "x: one two\n   three\n");
}

int main(void)
{
    test_blocks();
    test_names();
    test_wrapping();
    return expect_status();
}
