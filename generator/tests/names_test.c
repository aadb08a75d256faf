/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* C names as words, and words as names. */
#include "base.h"
#include "expect.h"
#include "names.h"
#include "text.h"

static const char *joined(const char *name)
{
    const char *const *words;
    const size_t count = name_words(name, &words);
    struct buffer buffer = {0};

    for (size_t i = 0; i < count; i++)
        buffer_printf(&buffer, "%s%s", i ? " " : "", words[i]);
    return buffer_text(&buffer);
}

static const char *snake(const char *name)
{
    const char *const *words;
    const size_t count = name_words(name, &words);

    return name_snake(words, count);
}

static const char *camel(const char *name)
{
    const char *const *words;
    const size_t count = name_words(name, &words);

    return name_camel(words, count);
}

int main(void)
{
    expect("words", joined("virDomainGetXMLDesc"), "Domain Get XML Desc");
    expect("words", joined("virDomainLookupByUUIDString"), "Domain Lookup By UUID String");
    expect("words", joined("virNWFilterBindingGetPortDev"), "NWFilter Binding Get Port Dev");
    expect("words", joined("virDomainGetIOThreadInfo"), "Domain Get IOThread Info");
    expect("words", joined("virDomainFSTrim"), "Domain FS Trim");
    expect("words", joined("virDomainMigrateToURI3"), "Domain Migrate To URI3");
    expect("words", joined("virDomainMigrate3"), "Domain Migrate3");
    expect("words", joined("iothread_id"), "iothread id");
    expect("words", joined(""), "");
    expect("snake", snake("virDomainGetXMLDesc"), "domain_get_xml_desc");
    expect("snake", snake("virNodeGetSEVInfo"), "node_get_sev_info");
    expect("camel", camel("virDomainSetVcpus"), "domainSetVcpus");
    return expect_status();
}
