# SPDX-License-Identifier: LGPL-2.1-or-later
"""What libvirt's API does to simple rules: the plan of the facts, where its documentation is silent,
misleading or wrong."""

import collections
import unittest

from support import FACTS, GeneratorTest, bindgen

COLUMNS = ("library function position name type direction pattern pair nullable owner failure enum "
           "kind").split()


def read_table():
    process = bindgen("dump", "--table", "--facts", FACTS, "--installed", "none")
    assert process.returncode == 0, process.stderr
    header, *rows = process.stdout.splitlines()
    assert header.split("\t") == COLUMNS
    table = {}
    for row in rows:
        values = dict(zip(COLUMNS, row.split("\t")))
        name = values["name"] if int(values["position"]) else "result"
        table.setdefault(values["function"], {})[int(values["position"]), name] = values
    return table


class PlanTest(GeneratorTest):
    @classmethod
    def setUpClass(cls):
        cls.table = read_table()

    def row(self, function, name):
        for (position, each), values in self.table[function].items():
            if each == name and (position or name == "result"):
                return values
        self.fail(f"{function} has no {name}")

    def expect(self, function, name, **wanted):
        row = self.row(function, name)
        self.assertEqual({key: row[key] for key in wanted}, wanted, f"{function}: {name}")

    def result(self, function, **wanted):
        row = self.table[function][0, "result"]
        self.assertEqual({key: row[key] for key in wanted}, wanted, function)


class Whole(PlanTest):
    def test_all_functions(self):
        kinds = collections.Counter(rows[0, "result"]["kind"] for rows in self.table.values())
        self.assertEqual(sum(kinds.values()), 568)
        self.assertLessEqual(kinds["helper"], 59)
        self.assertLessEqual(kinds["override"], 40)

    def test_failures(self):
        failures = collections.Counter(rows[0, "result"]["failure"] for rows in self.table.values())
        self.assertEqual(failures, {"-1": 408, "NULL": 133, "0": 2, "all-ones": 2, "none": 23})

    def test_arguments(self):
        rows = [values for rows in self.table.values() for (place, _), values in rows.items()
                if place]
        self.assertEqual(len(rows), 1504)
        flags = [row for row in rows if row["pattern"] == "flags"]
        self.assertEqual((len(flags), sum(row["enum"] == "-" for row in flags)), (279, 115))
        self.assertEqual(sum(row["pattern"] in ("handle", "nullable-handle") for row in rows), 529)

    def test_constants(self):
        output = self.good("check", "--facts", FACTS, "--installed", "none")
        self.assertIn("1592 constants", output)
        left_out = [line for line in output.splitlines() if line.startswith("  left out: ")]
        self.assertEqual(len(left_out), 59)
        self.assertTrue(all(line.count(": ") >= 2 for line in left_out))

    def test_notes_are_few(self):
        output = self.good("check", "--facts", FACTS, "--installed", "none")
        lines = int(output.rsplit("; ", 1)[1].split()[0])
        self.assertLessEqual(lines, 568)

    def test_owned_things_have_an_owner(self):
        for function, rows in self.table.items():
            for (position, name), row in rows.items():
                if row["pattern"] in ("owned-string", "owned-bytes", "out-string") and (
                        not function.startswith("virTypedParamsGet")):
                    self.assertEqual(row["owner"], "caller free", (function, name, position))


class Results(PlanTest):
    def test_all_ones(self):
        self.result("virDomainGetID", pattern="number", failure="all-ones")
        self.result("virAdmClientGetID", pattern="number", failure="all-ones")

    def test_zero_is_the_error(self):
        self.result("virDomainGetMaxMemory", failure="0")
        self.result("virNodeGetFreeMemory", failure="0")

    def test_zero_and_one_are_answers(self):
        for function in ("virDomainGetBlockJobInfo", "virDomainGetEmulatorPinInfo"):
            self.result(function, pattern="yes-no", failure="-1")
        for function in ("virConnectCompareCPU", "virConnectCompareHypervisorCPU"):
            self.result(function, pattern="state", failure="-1", enum="virCPUCompareResult")
        self.result("virConnectSetKeepAlive", pattern="state", failure="-1")
        self.result("virConnectClose", pattern="count", failure="-1")
        self.result("virConnectDomainEventRegisterAny", pattern="number", failure="-1")
        self.result("virEventAddHandle", pattern="number", failure="-1")

    def test_streams(self):
        for function in ("virStreamRecv", "virStreamRecvFlags", "virStreamSend"):
            self.result(function, pattern="count", failure="-1")
        self.expect("virStreamRecv", "data", pattern="out-bytes", pair="nbytes", direction="out")
        self.expect("virStreamSend", "data", pattern="bytes", pair="nbytes", direction="in")

    def test_null_is_an_answer(self):
        self.result("virNodeDeviceGetParent", pattern="borrowed-string", nullable="yes",
                    failure="NULL", owner="borrowed")
        self.result("virGetLastError", failure="none", nullable="yes", owner="borrowed")
        self.result("virTypedParamsGet", failure="none", nullable="yes", owner="borrowed")

    def test_borrowed(self):
        for function in ("virNWFilterBindingGetPortDev", "virNWFilterBindingGetFilterName",
                         "virSecretGetUsageID", "virConnectGetType", "virStorageVolGetKey",
                         "virAdmServerGetName", "virInterfaceGetMACString"):
            self.result(function, pattern="borrowed-string", owner="borrowed", failure="NULL")
        for function in ("virDomainGetConnect", "virDomainSnapshotGetDomain",
                         "virNetworkPortGetNetwork", "virDomainCheckpointGetConnect"):
            self.result(function, pattern="borrowed-handle", owner="borrowed", failure="NULL")

    def test_owned(self):
        for function in ("virConnectGetURI", "virConnectGetHostname", "virStorageVolGetPath",
                         "virDomainQemuAgentCommand", "virConnectGetDomainCapabilities",
                         "virConnectGetStoragePoolCapabilities", "virNodeDeviceGetXMLDesc",
                         "virConnectFindStoragePoolSources", "virStorageVolGetXMLDesc"):
            self.result(function, pattern="owned-string", owner="caller free", failure="NULL")
        self.result("virSecretGetValue", pattern="owned-bytes", owner="caller free",
                    pair="value_size")
        self.result("virSaveLastError", owner="caller virFreeError", failure="NULL")

    def test_logging_counts_items(self):
        for what in ("Filters", "Outputs"):
            self.result("virAdmConnectGetLogging" + what, pattern="count", failure="-1")
            self.expect("virAdmConnectGetLogging" + what, what.lower(), pattern="out-string",
                        owner="caller free", pair="-")

    def test_a_status_is_no_enum(self):
        self.result("virNetworkUpdate", pattern="status", enum="-")


class Arguments(PlanTest):
    def test_inputs_behind_pointers_that_are_not_const(self):
        for function, name, pattern, pair in (
                ("virDomainPinVcpu", "cpumap", "cpu-map", "maplen"),
                ("virDomainPinVcpuFlags", "cpumap", "cpu-map", "maplen"),
                ("virDomainPinEmulator", "cpumap", "cpu-map", "maplen"),
                ("virDomainPinIOThread", "cpumap", "cpu-map", "maplen"),
                ("virDomainSendKey", "keycodes", "numbers", "nkeycodes"),
                ("virNodeAllocPages", "pageSizes", "numbers", "npages"),
                ("virNodeAllocPages", "pageCounts", "numbers", "npages"),
                ("virDomainCreateWithFiles", "files", "file-descriptors", "nfiles"),
                ("virDomainCreateXMLWithFiles", "files", "file-descriptors", "nfiles"),
                ("virDomainFDAssociate", "fds", "file-descriptors", "nfds"),
                ("virNodeGetFreePages", "pages", "numbers", "npages"),
                ("virDomainQemuMonitorCommandWithFiles", "infiles", "file-descriptors",
                 "ninfiles")):
            self.expect(function, name, pattern=pattern, pair=pair, direction="in")

    def test_text_that_looks_like_a_map(self):
        self.expect("virDomainSetGuestVcpus", "cpumap", pattern="string")
        self.expect("virDomainSetVcpu", "vcpumap", pattern="string")

    def test_tables_by_cpu(self):
        self.expect("virDomainGetCPUStats", "params", pattern="out-params-by-cpu", pair="nparams")
        self.expect("virDomainGetVcpus", "cpumaps", pattern="out-cpu-maps", pair="maplen",
                    nullable="yes")
        self.expect("virDomainGetVcpus", "info", pattern="out-records", pair="maxinfo")
        self.expect("virDomainGetVcpuPinInfo", "cpumaps", pattern="out-cpu-maps", pair="maplen")
        self.expect("virDomainGetEmulatorPinInfo", "cpumap", pattern="out-cpu-map", pair="maplen")

    def test_libvirt_makes_the_node_map(self):
        self.expect("virNodeGetCPUMap", "cpumap", pattern="out-new-cpu-map", owner="caller free",
                    nullable="yes")
        self.result("virNodeGetCPUMap", pattern="count")

    def test_room(self):
        plan = self.good("dump", "--facts", FACTS, "--installed", "none")
        lines = {line.split("(")[0]: line for line in plan.splitlines()}
        for function, room in (
                ("virNodeGetFreePages", "room=npages * cellCount"),
                ("virDomainGetDiskErrors", "room=virDomainGetDiskErrors(dom, NULL, 0, flags)"),
                ("virDomainGetSchedulerParameters", "room=room_scheduler_parameters(domain)"),
                ("virConnectListDefinedDomains", "room=virConnectNumOfDefinedDomains(conn)"),
                ("virDomainMemoryStats", "room=VIR_DOMAIN_MEMORY_STAT_NR")):
            self.assertIn(room, lines[function])
        # The test driver's result is 0 though it fills all.
        self.assertIn("counts: out-numbers unsigned long long[npages * cellCount]",
                      lines["virNodeGetFreePages"])

    def test_names_inside_records_are_freed(self):
        self.expect("virDomainGetDiskErrors", "errors", pattern="out-records",
                    owner="caller-buffer free each")
        self.result("virDomainGetDiskErrors", pattern="count")

    def test_params_that_are_not_typed(self):
        for function in ("virNodeGetCPUStats", "virNodeGetMemoryStats"):
            self.expect(function, "params", pattern="out-records-two-calls", pair="nparams")

    def test_scheduler_parameters_refuse_the_question(self):
        for function in ("virDomainGetSchedulerParameters", "virDomainGetSchedulerParametersFlags"):
            self.expect(function, "params", pattern="out-params", nullable="no")

    def test_one_flat_block(self):
        self.expect("virDomainGetSecurityLabelList", "seclabels", pattern="out-record-block",
                    owner="caller free")

    def test_handles_that_end_with_null(self):
        self.expect("virDomainListGetStats", "doms", pattern="handle-list", direction="in")
        self.expect("virDomainListGetStats", "retStats", pattern="out-stats",
                    owner="caller virDomainStatsRecordListFree")

    def test_lists_of_records_have_their_own_free_function(self):
        for function, name, free in (
                ("virDomainGetFSInfo", "info", "virDomainFSInfoFree"),
                ("virDomainInterfaceAddresses", "ifaces", "virDomainInterfaceFree"),
                ("virNetworkGetDHCPLeases", "leases", "virNetworkDHCPLeaseFree"),
                ("virDomainGetIOThreadInfo", "info", "virDomainIOThreadInfoFree")):
            self.expect(function, name, pattern="out-record-list", owner=f"caller {free} each")

    def test_free_functions_the_description_gets_wrong(self):
        for function, name, free in (
                ("virConnectListAllInterfaces", "ifaces", "virInterfaceFree"),
                ("virConnectListAllNWFilterBindings", "bindings", "virNWFilterBindingFree")):
            self.expect(function, name, owner=f"handles {free}")
        self.result("virNWFilterBindingCreateXML", owner="handle virNWFilterBindingFree")

    def test_names_whose_freeing_is_not_mentioned(self):
        for function, name in (("virConnectListNWFilters", "names"),
                               ("virConnectListSecrets", "uuids"),
                               ("virStoragePoolListVolumes", "names"),
                               ("virNodeDeviceListCaps", "names"),
                               ("virNodeListDevices", "names")):
            self.expect(function, name, pattern="out-names", owner="caller-buffer free each")

    def test_domain_0_is_history(self):
        """The documentation allows NULL for the domain in 16 functions; libvirt refuses it."""
        for function, rows in self.table.items():
            for (position, _name), row in rows.items():
                if position == 1 and row["pattern"] == "nullable-handle":
                    self.fail(f"{function} takes NULL for {row['name']}")

    def test_null_where_the_documentation_is_silent(self):
        self.expect("virConnectGetMaxVcpus", "type", nullable="yes")
        for name in ("emulatorbin", "arch", "machine", "virttype"):
            self.expect("virConnectGetDomainCapabilities", name, nullable="yes")
        self.expect("virConnectOpenAuth", "auth", nullable="yes", direction="in")

    def test_null_that_crashes(self):
        self.expect("virDomainMigrate3", "dconn", nullable="no")
        self.expect("virDomainGetTime", "seconds", nullable="no", pattern="out-scalar", pair="-")
        self.expect("virDomainGetTime", "nseconds", nullable="no", pattern="out-scalar")
        self.expect("virConnectSetIdentity", "conn", nullable="no")

    def test_a_server_name_is_needed(self):
        self.expect("virAdmConnectLookupServer", "name", nullable="no")

    def test_enums_nobody_names(self):
        self.expect("virInterfaceGetXMLDesc", "flags", enum="virInterfaceXMLFlags")
        self.expect("virAdmConnectDaemonShutdown", "flags", enum="virAdmConnectDaemonShutdownFlags")
        self.expect("virDomainQemuAgentCommand", "timeout",
                    enum="virDomainQemuAgentCommandTimeoutValues")
        self.expect("virDomainGetLaunchSecurityInfo", "flags", pattern="flags", enum="-")

    def test_flags_of_type_long(self):
        self.expect("virDomainMigrate", "flags", type="unsigned long", pattern="flags",
                    enum="virDomainMigrateFlags")

    def test_directions(self):
        for name in ("params", "nparams", "maxparams"):
            self.expect("virTypedParamsAddInt", name, direction="inout")
        self.expect("virDomainGetBlkioParameters", "nparams", direction="inout")
        self.expect("virDomainGetGuestInfo", "nparams", direction="out")

    def test_secrets(self):
        self.expect("virSecretSetValue", "value", pattern="secret", pair="value_size")

    def test_the_calling_process_changes(self):
        self.expect("virDomainLxcEnterSecurityLabel", "model", pattern="record", direction="in")
        self.expect("virDomainLxcEnterSecurityLabel", "oldlabel", pattern="out-record",
                    nullable="yes")
        self.expect("virDomainLxcEnterNamespace", "oldfdlist", pattern="out-file-descriptors",
                    owner="caller free", pair="noldfdlist")


class Values(PlanTest):
    """Values of constants, from the C header that the generator writes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        import tempfile

        with tempfile.TemporaryDirectory() as folder:
            process = bindgen("emit", "--only", "common", "--output", folder, "--facts", FACTS,
                              "--installed", "none")
            assert process.returncode == 0, process.stderr
            with open(f"{folder}/common/vir-api.h", encoding="utf-8") as file:
                cls.header = file.read()

    def test_values(self):
        for line in ("#define VIR_DOMAIN_MEMORY_PARAM_UNLIMITED 9007199254740991LL",
                     "#define VIR_UUID_BUFLEN 16", "#define VIR_UUID_STRING_BUFLEN 37",
                     "#define VIR_SECURITY_LABEL_BUFLEN 4097",
                     '#define VIR_DOMAIN_SCHEDULER_VCPU_QUOTA "vcpu_quota"',
                     "    VIR_DOMAIN_EVENT_ID_NIC_MAC_CHANGE = 27,",
                     # The name of an enumerator of another enum.
                     "    VIR_DOMAIN_MEM_CONFIG = 2,",
                     "    VIR_DOMAIN_VCPU_MAXIMUM = 4,"):
            self.assertIn(line + "\n", self.header)


if __name__ == "__main__":
    unittest.main()
