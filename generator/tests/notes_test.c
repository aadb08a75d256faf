/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The format of notes: blocks, globs, facts, options, comments. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base.h"
#include "expect.h"
#include "notes.h"

static const char text[] = "# a comment\n"
                           "virDomain*, virNetworkCreate # another\n"
                           "\tnullable a b\n"
                           "    room names vir*Num(conn, 0)  \n"
                           "\n"
                           "virDomainSave\n"
                           "    nullable c length=n#1 other=*\n";

static struct notes *read_text(void)
{
    char path[] = "/tmp/notes-XXXXXX";
    const int descriptor = mkstemp(path);
    FILE *stream = descriptor < 0 ? NULL : fdopen(descriptor, "w");
    struct notes *notes = notes_new();

    if (!stream)
        bug("no temporary file");
    fputs(text, stream);
    fclose(stream);
    expect_true("read", notes_read(notes, path));
    unlink(path);
    return notes;
}

int main(void)
{
    struct notes *notes = read_text();
    size_t count;
    const struct fact *facts = notes_find(notes, "virDomainSave", "nullable", &count);

    expect_true("both blocks match", count == 2);
    expect("in order", facts[0].words[1], "b");
    expect_true("lines", facts[0].location.line == 3 && facts[1].location.line == 7);
    expect("the last one counts", notes_last(notes, "virDomainSave", "nullable")->words[0], "c");
    expect("an option", fact_option(notes_last(notes, "virDomainSave", "nullable"), "length"),
           "n#1");
    expect_true("an option that is not there",
                !fact_option(notes_last(notes, "virDomainSave", "nullable"), "pair"));
    expect("what the star stood for", fact_text(notes_last(notes, "virDomainSave", "room"), 1),
           "virSaveNum(conn, 0)");
    expect_true("the other name", notes_last(notes, "virNetworkCreate", "room") != NULL);
    expect_true("no name", !notes_last(notes, "virNetworkDestroy", "room"));
    expect_true("lines without comments and blanks", notes_line_count(notes) == 5);
    return expect_status();
}
