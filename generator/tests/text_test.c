/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Templates, wrapping, C strings. */
#include "base.h"
#include "expect.h"
#include "text.h"

static void test_holes(void)
{
    expect("a hole", text_filled("int @name@;", "name", "x", NULL), "int x;");
    expect("two in a line", text_filled("@a@ @b@", "a", "1", "b", "2", NULL), "1 2");
    expect("no hole", text_filled("a@b.c", NULL), "a@b.c");
    expect("several lines are indented",
           text_filled("{\n    @lines@\n}\n", "lines", "a;\nb;\n", NULL), "{\n    a;\n    b;\n}\n");
    expect("blank lines are not", text_filled("{\n    @lines@\n}\n", "lines", "a;\n\nb;", NULL),
           "{\n    a;\n\n    b;\n}\n");
    expect("nor what is for the preprocessor",
           text_filled("{\n    @lines@\n}\n", "lines", "#if 1\na;\n#endif", NULL),
           "{\n#if 1\n    a;\n#endif\n}\n");
    expect("an empty one takes its line along", text_filled("a\n@x@\nb\n", "x", "", NULL),
           "a\nb\n");
    expect("two empty ones too", text_filled("a\n@x@ @y@\nb\n", "x", "", "y", "", NULL), "a\nb\n");
    expect("unless something stands beside them", text_filled("a\n(@x@)\n", "x", "", NULL),
           "a\n()\n");
    expect("blanks at the end are cut", text_filled("int @x@\n", "x", "", NULL), "int\n");
    expect("no newline at the end stays so", text_filled("a\nb", NULL), "a\nb");
}

#define LONG_NAME "a_name_that_is_forty_characters_long_____"

static void test_wrapping(void)
{
    static const char *const items[] = {"virDomainPtr domain", "unsigned int flags",
                                        "const char *name", "unsigned long long size"};
    static const char *const wide[] = {LONG_NAME LONG_NAME, "b"};

    expect("short", text_wrapped("f(", items, 2, ");", 0),
           "f(virDomainPtr domain, unsigned int flags);");
    expect(
        "long", text_wrapped("int virDomainDoSomethingWithALongName(", items, 4, ");", 0),
        "int virDomainDoSomethingWithALongName(virDomainPtr domain, unsigned int flags, const char "
        "*name,\n"
        "                                      unsigned long long size);");
    expect("below the head",
           text_wrapped("int virDomainDoSomethingWithALongName(", wide, 2, ");", 0),
           "int virDomainDoSomethingWithALongName(\n    " LONG_NAME LONG_NAME ", b);");
    expect("nothing", text_wrapped("f(", items, 0, ")", 0), "f()");
}

static const char *fitted(const char *text)
{
    struct buffer buffer = {0};

    buffer_add(&buffer, text);
    buffer_fit(&buffer);
    return arena_copy(buffer_text(&buffer));
}

static void test_fitting(void)
{
    expect("what fits stays", fitted("f(a, b);\n\ng();"), "f(a, b);\n\ng();");
    expect("behind the last comma that fits",
           fitted("    f(" LONG_NAME ", " LONG_NAME ", " LONG_NAME ");\n"),
           "    f(" LONG_NAME ", " LONG_NAME ",\n      " LONG_NAME ");\n");
    expect("within the fewest brackets",
           fitted("x = {" LONG_NAME ", .given = {" LONG_NAME ", b, c}, .d = e};"),
           "x = {" LONG_NAME ",\n     .given = {" LONG_NAME ", b, c}, .d = e};");
    expect("again and again",
           fitted("f(" LONG_NAME ", " LONG_NAME ", " LONG_NAME ", " LONG_NAME ", " LONG_NAME ");"),
           "f(" LONG_NAME ", " LONG_NAME ",\n  " LONG_NAME ", " LONG_NAME ",\n  " LONG_NAME ");");
    expect("not in a text", fitted("f(" LONG_NAME ", \"" LONG_NAME ", (" LONG_NAME "\", a);"),
           "f(" LONG_NAME ",\n  \"" LONG_NAME ", (" LONG_NAME "\", a);");
    expect("before a choice", fitted("    " LONG_NAME " ? f(" LONG_NAME ", b) : " LONG_NAME ";"),
           "    " LONG_NAME " ? f(" LONG_NAME ", b)\n        : " LONG_NAME ";");
    expect("behind the bracket where no comma fits",
           fitted("int the_name_of_it(" LONG_NAME LONG_NAME " a, int b);"),
           "int the_name_of_it(\n    " LONG_NAME LONG_NAME " a, int b);");
    expect("where there is none", fitted("f(" LONG_NAME LONG_NAME LONG_NAME ");"),
           "f(" LONG_NAME LONG_NAME LONG_NAME ");");
}

static void test_c_strings(void)
{
    expect("plain", text_c_string("text"), "\"text\"");
    expect("quotes", text_c_string("a \"b\" \\"), "\"a \\\"b\\\" \\\\\"");
    expect("lines", text_c_string("a\nb\n"), "\"a\\n\"\n\"b\\n\"");
    expect("a tab", text_c_string("a\tb"), "\"a\\tb\"");
    expect("bytes",
           text_c_string("\xc3\xa4"
                         "1"),
           "\"\\303\\2441\"");
    expect("no trigraphs", text_c_string("what?\?="),
           "\"what\\?"
           "?=\"");
}

static void test_buffers(void)
{
    struct buffer buffer = {0};

    expect("untouched", buffer_text(&buffer), "");
    for (int i = 0; i < 1000; i++)
        buffer_printf(&buffer, "%d", i % 10);
    expect_true("grows", buffer.length == 1000 && buffer.data[999] == '9');
}

int main(void)
{
    test_holes();
    test_wrapping();
    test_fitting();
    test_c_strings();
    test_buffers();
    return expect_status();
}
