/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* JSON as text. */
#include "json.h"

#include "expect.h"

int main(void)
{
    struct buffer members = {0}, items = {0}, nothing = {0};

    expect("text", json_string("a"), "\"a\"");
    expect("no text", json_string(NULL), "null");
    expect("quotes and backslashes", json_string("a\"b\\c"), "\"a\\\"b\\\\c\"");
    expect("what has no sign", json_string("a\nb\x01"), "\"a\\u000ab\\u0001\"");
    expect("what is not ASCII", json_string("ä"), "\"ä\"");
    expect("yes", json_boolean(true), "true");
    expect("a number", json_number(-5), "-5");
    expect("an empty object", json_object(&nothing), "{}");
    expect("an empty array", json_array(&nothing), "[]");
    json_item(&items, "1");
    json_item(&items, "2");
    json_member(&members, "a", json_array(&items));
    json_member(&members, "b", "null");
    expect("an object", json_object(&members), "{\"a\": [1, 2], \"b\": null}");
    return expect_status();
}
