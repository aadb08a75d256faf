/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What libvirt says: the four API descriptions as plain structs, every list sorted by name. The
 * reader (xml.h) fills it; notes.h and plan.h build on it; nobody changes it after that. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base.h"

/* libvirt's four libraries, in the order in which they are read. */
enum library { LIBRARY_LIBVIRT, LIBRARY_QEMU, LIBRARY_LXC, LIBRARY_ADMIN, LIBRARY_COUNT };
/* "libvirt", "libvirt-qemu" … */
const char *library_name(enum library library);

enum scalar {
    SCALAR_NONE,
    SCALAR_CHAR,
    SCALAR_UCHAR,
    SCALAR_USHORT,
    SCALAR_INT,
    SCALAR_UINT,
    SCALAR_LONG,
    SCALAR_ULONG,
    SCALAR_LLONG,
    SCALAR_ULLONG,
    SCALAR_SIZE,
    SCALAR_DOUBLE,
    SCALAR_COUNT
};
/* The C spelling: "unsigned long long". */
const char *scalar_c_name(enum scalar scalar);
bool scalar_is_signed(enum scalar scalar);

enum type_kind {
    TYPE_VOID,
    TYPE_SCALAR,
    TYPE_HANDLE,   /* virDomain */
    TYPE_RECORD,   /* virDomainInfo */
    TYPE_PARAMS,   /* virTypedParameter and its old names */
    TYPE_CALLBACK, /* virConnectCloseFunc; pointers is 0 */
    TYPE_UNION,    /* the value of a typed parameter */
};

/* A C type, its typedefs resolved: `virDomainPtr **` is handle virDomain with three pointers. */
struct type {
    const char *text; /* as the description spells it */
    enum type_kind kind;
    enum scalar scalar; /* TYPE_SCALAR; enum types are SCALAR_INT */
    const struct handle *handle;
    const struct record *record;
    const struct callback *callback;
    const struct enumeration *enumeration; /* where the spelling was an enum's name */
    int pointers;
    bool is_const; /* what the innermost pointer points to may not be changed */
    long array;    /* char label[4097]; 0: not an array */
    const char *array_text;
};

struct parameter {
    struct location location;
    const char *name;
    const char *documentation; /* never NULL */
    struct type type;
    /* The enum that the documentation names for it, kept as a fact; NULL if it names none. */
    const struct enumeration *enumeration;
    const char *enumeration_name; /* as a fact states it */
};

/* A function, or the signature of a callback type. */
struct function {
    struct location location;
    const char *name;
    enum library library;
    const char *file;        /* "libvirt-domain" */
    unsigned version;        /* 9007000 for 9.7.0 */
    struct parameter result; /* name "" */
    struct parameter *parameters;
    size_t parameter_count;
    const char *documentation;
};

struct callback {
    struct function signature;
};

struct field {
    struct location location;
    const char *name;
    const char *documentation;
    struct type type;
    struct field *members; /* TYPE_UNION */
    size_t member_count;
};

struct record {
    struct location location;
    const char *name; /* virDomainBlockStatsStruct */
    const char *tag;  /* _virDomainBlockStats */
    enum library library;
    const char *documentation;
    unsigned version;
    struct field *fields;
    size_t field_count;
    bool is_params; /* virTypedParameter or one of its old names */
};

struct handle {
    struct location location;
    const char *name; /* virDomain */
    const char *tag;  /* _virDomain */
    enum library library;
    unsigned version;
};

struct typedefinition {
    struct location location;
    const char *name;
    const char
        *target; /* "virDomain *", "unsigned long long"; NULL: an enum, a struct or a handle */
    enum library library;
    unsigned version;
};

enum constant_kind { CONSTANT_ENUMERATOR, CONSTANT_NUMBER, CONSTANT_STRING };

struct constant {
    struct location location;
    const char *name;
    enum library library;
    enum constant_kind kind;
    unsigned version;
    const char *raw; /* as written: "(256 + 1)", "VIR_DOMAIN_AFFECT_LIVE", "0x10", "vcpu_quota" */
    long long value; /* enumerators and numbers, resolved */
    const char *string;
    const struct enumeration *enumeration; /* of an enumerator */
    const char *documentation;
    /* String macros that are keys of typed parameters: the type the documentation states, as
     * libvirt spells it in VIR_TYPED_PARAM_…: "ULLONG"; NULL: not stated. */
    const char *parameter_type;
    /* Enumerators of event ids: the callback type the documentation names; else NULL. */
    const struct callback *callback;
    bool is_sentinel; /* …_LAST: its value moves from release to release */
    bool is_bit;      /* written as a shift: its enum is one of flags */
    const char *enumeration_name, *callback_name; /* as a description or a fact states them */
    unsigned release;                             /* of the description that gave the value */
};

struct enumeration {
    struct location location;
    const char *name;
    enum library library;
    unsigned version;
    const char *documentation;
    const struct constant **constants; /* by value */
    size_t constant_count;
    bool is_flags;
};

/* Macros with arguments, and those that only rename a struct: not constants of any language. */
struct other_macro {
    struct location location;
    const char *name;
    const char *raw;
    const char *parameters; /* "cpumap,cpu"; NULL: none */
    enum library library;
    unsigned version;
};

struct variable {
    struct location location;
    const char *name;
    enum library library;
    struct type type;
    unsigned version;
};

struct api {
    unsigned version; /* LIBVIR_VERSION_NUMBER of the newest description read */
    struct function *functions;
    size_t function_count;
    struct callback *callbacks;
    size_t callback_count;
    struct record *records;
    size_t record_count;
    struct handle *handles;
    size_t handle_count;
    struct typedefinition *typedefinitions;
    size_t typedefinition_count;
    struct enumeration *enumerations;
    size_t enumeration_count;
    struct constant *constants;
    size_t constant_count;
    struct other_macro *other_macros;
    size_t other_macro_count;
    struct variable *variables;
    size_t variable_count;
};

/* NULL where there is none. */
const struct function *api_function(const struct api *api, const char *name);
const struct callback *api_callback(const struct api *api, const char *name);
const struct record *api_record(const struct api *api, const char *name);
const struct handle *api_handle(const struct api *api, const char *name);
const struct enumeration *api_enumeration(const struct api *api, const char *name);
const struct constant *api_constant(const struct api *api, const char *name);
const struct parameter *function_parameter(const struct function *function, const char *name);

/* "9.7.0" */
const char *version_text(unsigned version);
/* The C prototype: "int virDomainSetVcpus(virDomainPtr domain, unsigned int nvcpus)". */
const char *function_prototype(const struct function *function);
