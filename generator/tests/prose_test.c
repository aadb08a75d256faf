/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Prose: what is a sentence and a word, and what is recognized in them. */
#include "base.h"
#include "expect.h"
#include "prose.h"
#include "text.h"

static struct sentences sentences_of(const char *text)
{
    struct sentences sentences = {0};

    sentences_add(&sentences, text);
    return sentences;
}

/* The words with blanks between them, a bar between sentences. */
static const char *words(const char *text)
{
    const struct sentences sentences = sentences_of(text);
    struct buffer buffer = {0};

    for (size_t i = 0; i < sentences.count; i++)
        for (size_t j = 0; j < sentences.items[i].word_count; j++)
            buffer_printf(&buffer, "%s%s",
                          j   ? " "
                          : i ? "|"
                              : "",
                          sentences.items[i].words[j].text);
    return buffer_text(&buffer);
}

static void test_words(void)
{
    expect("nothing", words(""), "");
    expect("lines join", words("one\n  two"), "one two");
    expect("sentences", words("One. Two."), "One|Two");
    expect("a full stop within", words("libvirt.conf and 1.2 e.g. here."),
           "libvirt.conf and 1.2 e.g. here");
    expect("marks", words("(optional) a, b: c; d"), "( optional ) a , b : c ; d");
    expect("in parentheses", words("It (that is all.) ends."), "It ( that is all ) ends");
    expect("names and quotes", words("@dom, 'cap' and \"x\" *must* doesn't"),
           "dom , cap and x must doesn't");
    expect("calls", words("free() and virStreamFree(st)."), "free and virStreamFree ( st )");
    expect("numbers", words("-1, 0 or -2."), "-1 , 0 or -2");
    expect_true("a call", sentences_of("free()").items[0].words[0].is_call);
    expect_true("no call", !sentences_of("free (it)").items[0].words[0].is_call);
}

static void test_phrases(void)
{
    static const struct {
        const char *phrase, *text;
        bool is_found;
    } rows[] = {
        {"must be freed", "It MUST be freed now.", true},
        {"must be freed", "It must not be freed.", false},
        {"may|can be NULL", "It can be NULL", true},
        {"fail*", "on failure", true},
        {"*Free", "see virDomainFree()", true},
        {"*Free", "free", true},
        {"*Free", "freed", false},
        {"@ is NULL", "if @dom is NULL", true},
        {"@ is NULL", "if @domain is NULL", false},
        {"@ ... or NULL", "@dom is a domain, or NULL", true},
        {"@ ... or NULL", "a domain or NULL, not @dom", false},
        {"^ optional", "Optional name", true},
        {"^ optional", "an optional name", false},
        {"error $", "-1 on error.", true},
        {"error $", "-1 on error, 0 otherwise", false},
        {"( optional )", "(optional) name", true},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct sentences sentences = sentences_of(rows[i].text);

        expect_true(arena_printf("%s in: %s", rows[i].phrase, rows[i].text),
                    phrase_in(&sentences.items[0], rows[i].phrase, "dom") == rows[i].is_found);
    }
}

static void test_quotes(void)
{
    const char *much = "one two three four five six seven eight nine ten eleven twelve thirteen "
                       "fourteen fifteen sixteen seventeen eighteen nineteen twenty";
    const struct sentences sentences = sentences_of(much);

    expect("a short sentence",
           sentence_quote(sentences_of("All of it. Not this.").items, (struct span){0, 1}),
           "All of it.");
    expect("its beginning", sentence_quote(&sentences.items[0], (struct span){0, 2}),
           "one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
           "fifteen sixteen …");
    expect("its end", sentence_quote(&sentences.items[0], (struct span){18, 20}),
           "… eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
           "nineteen twenty");
}

static const char *answer_text(enum prose_answer answer)
{
    static const char *const texts[] = {"silent", "yes", "no", "both"};

    return texts[answer];
}

struct row {
    const char *text, *answer;
};

/* The first sentence that states something decides. */
static void test_rows(const struct row *rows, size_t count,
                      struct prose_statement (*read)(const struct sentence *sentence,
                                                     const char *argument))
{
    for (size_t i = 0; i < count; i++) {
        const struct sentences sentences = sentences_of(rows[i].text);
        enum prose_answer answer = PROSE_SILENT;

        for (size_t j = 0; j < sentences.count && answer == PROSE_SILENT; j++)
            answer = read(&sentences.items[j], "name").answer;
        expect(rows[i].text, answer_text(answer), rows[i].answer);
    }
}

/* "name" is the argument. */
static void test_own_nullable(void)
{
    static const struct row rows[] = {
        {"pointer to domain object, or NULL for Domain0", "yes"},
        {"(optional) URI of the hypervisor", "yes"},
        {"optional function to deallocate opaque", "yes"},
        {"uri of the daemon, NULL for default", "yes"},
        {"number of parameters, can be NULL (return value)", "yes"},
        {"the reason; it is allowed to be NULL", "yes"},
        {"ignored; pass NULL", "yes"},
        {"if non-NULL filled with the number", "yes"},
        {"a list or NULL if the list is not required", "yes"},
        {"a bit map. If name is NULL, none is returned.", "yes"},
        {"a bit map. Must not be NULL.", "no"},
        {"a bit map, which cannot be NULL", "no"},
        {"NULL terminated array of domains", "silent"},
        {"store the NULL-terminated array", "silent"},
        {"the MAC (null-terminated ASCII format)", "silent"},
        {"pointer to the domain", "silent"},
    };

    test_rows(rows, sizeof rows / sizeof *rows, prose_own_nullable);
}

static void test_nullable(void)
{
    static const struct row rows[] = {
        {"If @name is NULL, all are monitored.", "yes"},
        {"If @name is non-NULL, then only that.", "yes"},
        {"If the optional 'name' argument is non-NULL, then only that", "yes"},
        {"Passing NULL for @name says to remove it.", "yes"},
        {"By passing NULL as @name, its presence is checked.", "yes"},
        {"calling with @name as NULL and @size as 0", "yes"},
        {"with @size = 0, @name = NULL and @flags = 0", "yes"},
        {"Any of @name, @arch and @machine may be NULL.", "yes"},
        {"an empty string (\"\") or NULL should be passed in @name", "yes"},
        {"The @name parameter is optional; if non-NULL, more is done.", "yes"},
        {"The name (optional for some types) is an XML document", "yes"},
        {"If the flag is not set, then @name must be NULL.", "yes"},
        {"@name and @uri must be set to NULL.", "yes"},
        {"@name must be a path, or NULL for none.", "yes"},
        {"@name is for historical use; if it is not NULL, it is filled", "yes"},
        {"@name cannot be NULL.", "no"},
        {"The @name is for new groups, it cannot be NULL, and more", "no"},
        {"If @other is NULL, see @name.", "silent"},
        {"@name->first is never NULL, and @name->last may be NULL.", "silent"},
        {"On input, @name should be initialized to NULL.", "silent"},
        {"the array stored into @name has an element set to NULL", "silent"},
        {"If @name array points to NULL, more space is allocated.", "silent"},
    };

    test_rows(rows, sizeof rows / sizeof *rows, prose_nullable);
}

static void test_freed(void)
{
    static const struct {
        const char *text, *answer, *function;
    } rows[] = {
        {"the string must be freed by the caller", "yes", "none"},
        {"The caller must free() the returned value.", "yes", "free"},
        {"The caller must free the returned string.", "yes", "none"},
        {"The caller *must* free @ifaces when no longer needed.", "yes", "none"},
        {"an XML description (caller frees) or NULL", "yes", "none"},
        {"virDomainFree should be used to free the resources", "yes", "virDomainFree"},
        {"calls free() on it; a stream must be released with virStreamFree.", "yes",
         "virStreamFree"},
        {"needs to be released using free() by the caller", "yes", "free"},
        {"must be freed by the caller with free.", "yes", "free"},
        {"Caller is responsible for deallocating @params.", "yes", "none"},
        {"is responsible for calling virTypedParamsFree to free memory", "yes",
         "virTypedParamsFree"},
        {"responsible for calling virDomainFree() on each element, then calling free() on @x.",
         "yes", "virDomainFree"},
        {"It is the caller's responsibility to free the error with virFreeError().", "yes",
         "virFreeError"},
        {"there shall be a corresponding call to virSecretFree to release the count", "yes",
         "virSecretFree"},
        {"See virDomainStatsRecordListFree.", "yes", "virDomainStatsRecordListFree"},
        {"the string need not be deallocated", "no", "none"},
        {"The string doesn't need to be deallocated since it lives on.", "no", "none"},
        {"the caller must not free the string", "no", "none"},
        {"Free the domain object.", "silent", "none"},
        {"callback to free @opaque", "silent", "none"},
        {"It is the caller's responsibility to close the file descriptors", "silent", "none"},
        {"the amount of free memory in bytes", "silent", "none"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct sentences sentences = sentences_of(rows[i].text);
        const char *function = prose_free_function(&sentences.items[0]);

        expect(rows[i].text, answer_text(prose_freed(&sentences.items[0]).answer), rows[i].answer);
        expect(rows[i].text, function ? function : "none", rows[i].function);
    }
}

/* "0 no, -1 yes": what each value of a text means, as answers to "is it an error?" */
static const char *values(const char *text)
{
    const struct sentences sentences = sentences_of(text);
    struct buffer buffer = {0};

    for (size_t i = 0; i < sentences.count; i++) {
        struct prose_value *found;
        const size_t count = prose_values(&sentences.items[i], &found);

        for (size_t j = 0; j < count; j++)
            buffer_printf(&buffer, "%s%s %s", buffer.length ? ", " : "", found[j].text,
                          answer_text(found[j].answer));
    }
    return buffer_text(&buffer);
}

static void test_values(void)
{
    static const struct {
        const char *text, *values;
    } rows[] = {
        {"0 in case of success and -1 in case of failure.", "0 no, -1 yes"},
        {"-1 in case of error, 0 otherwise.", "-1 yes, 0 no"},
        {"0 on success, -1 otherwise.", "0 no, -1 yes"},
        {"0 on success, -1 error", "0 no, -1 yes"},
        {"1 if active, 0 if inactive, -1 on error", "1 silent, 0 silent, -1 yes"},
        {"0 if no error was found and the code otherwise and -1 in case of parameter error.",
         "0 no, -1 yes"},
        {"the number found or -1 and sets @domains to NULL in case of error.", "-1 yes"},
        {"the number on server @srv -1 in case of a failure, setting @list to NULL.", "-1 yes"},
        {"-1 if the timer cannot be registered, a timer id upon success.", "-1 yes"},
        {"0 on success, or -1 if it could not be started", "0 no, -1 yes"},
        {"0 on success, -1 if no callback is registered", "0 no, -1 yes"},
        {"-1 on error or when there's no hole", "-1 both"},
        {"the memory size, or 0 in case of error.", "0 yes"},
        {"the ID or (unsigned int) -1 in case of error", "-1 yes"},
        {"Returns 0 at the end. Returns -1 upon error. Returns -2 if there is no data.",
         "0 silent, -1 yes, -2 no"},
        {"-2 in case of error", "-2 yes"},
        {"NULL in case of error, a pointer to the domain otherwise", "NULL yes"},
        {"a 0 terminated XML instance, or NULL in case of error.", "NULL yes"},
        {"a pointer to the name or NULL, the string need not be freed", "NULL yes"},
        {"the connection or NULL.", "NULL yes"},
        {"a virNodeDevicePtr if found, NULL otherwise.", "NULL yes"},
        {"an object, or NULL if no matching pool is found", "NULL yes"},
        {"the parent, or NULL if an error occurred or when there is none", "NULL both"},
        {"a pointer to the last error or NULL if none occurred.", "NULL no"},
        {"the parameter or NULL if it does not exist in @params.", "NULL no"},
        {"On error, @info is set to NULL.", ""},
        {"the number of defined secrets.", ""},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect(rows[i].text, values(rows[i].text), rows[i].values);
}

static void test_aspects(void)
{
    expect_true("an aspect", prose_aspect_by_name("freed") == PROSE_FREED);
    expect_true("no aspect", prose_aspect_by_name("free") == PROSE_ASPECTS);
    expect("its name", prose_aspect_name(PROSE_FAILURE), "failure");
}

int main(void)
{
    test_words();
    test_phrases();
    test_quotes();
    test_own_nullable();
    test_nullable();
    test_freed();
    test_values();
    test_aspects();
    arena_release();
    return expect_status();
}
