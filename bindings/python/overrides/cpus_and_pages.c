/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tables by CPU and by NUMA cell, which Python has as lists and dicts. */
#include <stdlib.h>
#include <string.h>

#include "../pack.h"
#include "collect.h"
#include "overrides.h"

/* ---- statistics by CPU ---- */

/* virDomain.getCPUStats(total, flags=0): a list of dicts, one a CPU, or one for all. */
METHOD(override_virDomainGetCPUStats)
{
    SIGNATURE("virDomainGetCPUStats", 1, "total", "flags");
    PyObject *given[2] = {NULL};
    virTypedParameter *items = NULL;
    unsigned int stride = 0;
    unsigned int flags = 0;
    int total = 0;
    int cpus = 1;
    int result;
    virDomain *domain;
    PyObject *answer;

    if (!arguments_read(&signature, arguments, count, keywords, given) ||
        !bool_in(given[0], "total", &total) || (given[1] && !uint_in(given[1], "flags", &flags)) ||
        !(domain = handle_enter(self, &handle_kind_virDomain, "domain")))
        return NULL;
    CALL_BEGIN
    if (!total)
        cpus = vir.virDomainGetCPUStats(domain, NULL, 0, 0, 0, flags);
    result = cpus < 0 ? -1
                      : collect_virDomainGetCPUStats(domain, &items, &stride, total ? -1 : 0,
                                                     (unsigned int)cpus, flags);
    CALL_END(result < 0)
    answer = result < 0 ? raise_error(&error, "virDomainGetCPUStats")
                        : params_by_cpu_out(items, (int)stride, cpus);
    params_free(items, (int)stride * cpus);
    handle_leave(self);
    return answer;
}

/* ---- threads ---- */

/* virDomain.ioThreadInfo(flags=0): a list of (id, [is on this CPU …]). */
METHOD(override_virDomainGetIOThreadInfo)
{
    SIGNATURE("virDomainGetIOThreadInfo", 0, "flags");
    PyObject *given[1] = {NULL};
    virDomainIOThreadInfoPtr *threads = NULL;
    unsigned int flags = 0;
    int cpus = 0;
    int result;
    virDomain *domain;
    PyObject *answer = NULL;

    if (!arguments_read(&signature, arguments, count, keywords, given) ||
        (given[0] && !uint_in(given[0], "flags", &flags)) ||
        !(domain = handle_enter(self, &handle_kind_virDomain, "dom")))
        return NULL;
    CALL_BEGIN
    cpus = cpu_map_node_cpus(vir.virDomainGetConnect(domain));
    result = cpus < 0 ? -1 : vir.virDomainGetIOThreadInfo(domain, &threads, flags);
    CALL_END(result < 0)
    if (result < 0)
        raise_error(&error, "virDomainGetIOThreadInfo");
    else
        answer = PyList_New(result);
    for (int i = 0; answer && i < result; i++) {
        const int known = threads[i]->cpumaplen * 8;

        answer =
            list_set(answer, i,
                     pack_tuple((PyObject *[]){PyLong_FromUnsignedLong(threads[i]->iothread_id),
                                               cpu_map_list_out(threads[i]->cpumap,
                                                                cpus < known ? cpus : known)},
                                2));
    }
    for (int i = 0; threads && i < result; i++)
        vir.virDomainIOThreadInfoFree(threads[i]);
    free(threads);
    handle_leave(self);
    return answer;
}

/* ---- pages by cell ---- */

/* {cell: {size: count}} */
static PyObject *free_pages_out(const unsigned int *sizes, unsigned int size_count,
                                const unsigned long long *counts, int filled, int first_cell)
{
    PyObject *cells = PyDict_New();

    for (int i = 0; cells && i < filled; i += (int)size_count) {
        PyObject *cell = PyDict_New();

        for (int j = 0; cell && j < (int)size_count && i + j < filled; j++)
            cell = dict_set(cell, PyLong_FromUnsignedLong(sizes[j]),
                            PyLong_FromUnsignedLongLong(counts[i + j]));
        cells =
            dict_set(cells, PyLong_FromLongLong((long long)first_cell + i / (int)size_count), cell);
    }
    return cells;
}

/* virConnect.getFreePages(pages, startCell, maxCells, flags=0) */
METHOD(override_virNodeGetFreePages)
{
    SIGNATURE("virNodeGetFreePages", 3, "pages", "startCell", "maxCells", "flags");
    PyObject *given[4] = {NULL};
    unsigned int *sizes = NULL;
    unsigned int size_count = 0;
    unsigned long long *counts = NULL;
    int first_cell = 0;
    unsigned int cell_count = 0;
    unsigned int flags = 0;
    int result;
    virConnect *connection = NULL;
    PyObject *answer = NULL;

    if (!arguments_read(&signature, arguments, count, keywords, given) ||
        !int_in(given[1], "startCell", &first_cell) ||
        !uint_in(given[2], "maxCells", &cell_count) ||
        (given[3] && !uint_in(given[3], "flags", &flags)) ||
        !uints_in(given[0], "pages", &sizes, &size_count))
        return NULL;
    counts = calloc((size_t)size_count * cell_count + 1, sizeof *counts);
    if (!counts)
        PyErr_NoMemory();
    else
        connection = handle_enter(self, &handle_kind_virConnect, "conn");
    if (!connection)
        goto done;
    CALL_BEGIN
    result = vir.virNodeGetFreePages(connection, size_count, sizes, first_cell, cell_count, counts,
                                     flags);
    CALL_END(result < 0)
    answer = result < 0 ? raise_error(&error, "virNodeGetFreePages")
                        : free_pages_out(sizes, size_count, counts, result, first_cell);
    handle_leave(self);
done:
    free(counts);
    PyMem_Free(sizes);
    return answer;
}

/* The keys, or the values, of a dict as a list. */
static bool page_counts_in(PyObject *pages, unsigned int **sizes, unsigned long long **counts,
                           unsigned int *count)
{
    PyObject *keys = NULL;
    PyObject *values = NULL;
    bool complete;

    if (!PyDict_Check(pages)) {
        PyErr_Format(PyExc_TypeError, "pages must be a dict of page sizes and counts, not %R",
                     (PyObject *)Py_TYPE(pages));
        return false;
    }
    keys = PyDict_Keys(pages);
    values = keys ? PyDict_Values(pages) : NULL;
    complete = values && uints_in(keys, "pages", sizes, count) &&
               ullongs_in(values, "pages", counts, count);
    Py_XDECREF(keys);
    Py_XDECREF(values);
    return complete;
}

/* virConnect.allocPages(pages, startCell=0, cellCount=0, flags=0): pages is {size: count}. */
METHOD(override_virNodeAllocPages)
{
    SIGNATURE("virNodeAllocPages", 1, "pages", "startCell", "cellCount", "flags");
    PyObject *given[4] = {NULL};
    unsigned int *sizes = NULL;
    unsigned long long *counts = NULL;
    unsigned int size_count = 0;
    int first_cell = 0;
    unsigned int cell_count = 0;
    unsigned int flags = 0;
    int result;
    virConnect *connection = NULL;
    PyObject *answer = NULL;

    if (!arguments_read(&signature, arguments, count, keywords, given))
        return NULL;
    if ((given[1] && !int_in(given[1], "startCell", &first_cell)) ||
        (given[2] && !uint_in(given[2], "cellCount", &cell_count)) ||
        (given[3] && !uint_in(given[3], "flags", &flags)) ||
        !page_counts_in(given[0], &sizes, &counts, &size_count) ||
        !(connection = handle_enter(self, &handle_kind_virConnect, "conn")))
        goto done;
    CALL_BEGIN
    result =
        vir.virNodeAllocPages(connection, size_count, sizes, counts, first_cell, cell_count, flags);
    CALL_END(result < 0)
    answer = result < 0 ? raise_error(&error, "virNodeAllocPages") : PyLong_FromLong(result);
    handle_leave(self);
done:
    PyMem_Free(sizes);
    PyMem_Free(counts);
    return answer;
}
