/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The file through which the stand-in is told what to do, and tells what it saw
 * (tests/stand-in/control.h). A process has one. */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>

/* Makes the file and names it in the environment, for runners that are started from now on. */
void orders_open(const char *path);
/* As a new stand-in has it; while no runner is alive. */
void orders_reset(void);
/* What is called from now on belongs to no vector. */
void orders_none(void);
/* Begins a vector; what was noted before is dropped. */
void orders_begin(const char *function, unsigned vector, bool fails);
/* The calls that arrived: {"function": …, "arguments": […]}. */
struct json_object *orders_calls(void);
/* What was done wrongly to handles and memory, as text. */
struct json_object *orders_faults(void);
/* How many handles of a kind were made while no vector was played. */
unsigned orders_set_up(const char *kind);
/* What is not released yet: {"blocks": 0, "virDomain": [alive, references], …}. */
struct json_object *orders_balance(void);
