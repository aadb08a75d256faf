/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include <stdlib.h>

#include "base.h"
#include "translate.h"
#include "value.h"

static struct json_object *translated(struct json_object *manifest, struct json_object *line)
{
    struct json_object *request = value_field(line, "request");
    const char *problem = NULL;
    struct json_object *made;

    if (value_has(line, "answer"))
        return translate_answer(manifest, request, value_field(line, "answer"));
    made = translate_request(manifest, request, &problem);
    if (!made) {
        made = json_object_new_object();
        json_object_object_add(made, "problem", json_object_new_string(problem));
    }
    return made;
}

bool translate_lines(const char *manifest_path)
{
    struct json_object *manifest = json_object_from_file(manifest_path);
    char *text = NULL;
    size_t room = 0;

    if (!manifest) {
        error_at((struct location){0}, "cannot read %s", manifest_path);
        return false;
    }
    while (getline(&text, &room, stdin) >= 0) {
        struct json_object *line = json_tokener_parse(text);
        struct json_object *made = translated(manifest, line);

        puts(json_object_to_json_string_ext(made, JSON_C_TO_STRING_PLAIN |
                                                      JSON_C_TO_STRING_NOSLASHESCAPE));
        fflush(stdout);
        json_object_put(made);
        json_object_put(line);
    }
    free(text);
    json_object_put(manifest);
    return true;
}
