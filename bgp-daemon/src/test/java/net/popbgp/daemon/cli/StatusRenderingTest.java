package net.popbgp.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class StatusRenderingTest {

    private static String rendered(String restart) throws IOException {
        return StatusRendering.status(new ObjectMapper().readTree("""
                {"version": "1", "local-as": 65001, "router-id": "192.0.2.1", "cluster-id": "192.0.2.1", "drained": false,
                 "uptime-seconds": 65, "peers": 2, "established": 1, "loc-rib": {"ipv4-prefixes": 3, "ipv6-prefixes": 0},
                 "listen": ["127.0.0.1:179"]%s}
                """.formatted(restart)));
    }

    @Test
    void the_speaker_is_told_line_by_line() throws IOException {
        assertThat(rendered("").lines())
                .contains(
                        "local AS        65001",
                        "listens at      127.0.0.1:179",
                        "running for     00:01:05",
                        "peers           2, 1 Established",
                        "Loc-RIB         3 IPv4 and 0 IPv6 prefixes")
                .noneMatch(line -> line.startsWith("restart") || line.startsWith("drained"));
    }

    @Test
    void multipath_is_told_where_it_is_on() throws IOException {
        assertThat(rendered(", \"multipath\": {\"paths\": 4, \"as-path\": \"length\"}")
                        .lines())
                .contains("multipath       4 paths, AS_PATH of the same length");
        assertThat(rendered(", \"multipath\": {\"paths\": 1, \"as-path\": \"same\"}")
                        .lines())
                .noneMatch(line -> line.startsWith("multipath"));
    }

    @Test
    void each_range_of_dynamic_peers_is_told_with_how_many_there_are() throws IOException {
        assertThat(rendered(
                                ", \"dynamic-peers\": [{\"name\": \"b\", \"prefix\": \"10.1.0.0/16\", \"limit\": 9, \"peers\": 2,"
                                        + " \"refused\": 0}]")
                        .lines())
                .contains("dynamic peers   2 of at most 9 from 10.1.0.0/16 (b), 0 refused");
    }

    @Test
    void a_restart_names_what_is_deferred_and_who_is_waited_for() throws IOException {
        assertThat(rendered(", \"restart\": {\"over\": false, \"deferred\": {\"ipv4-unicast\":"
                                + " {\"remaining-seconds\": 100, \"awaited\": [\"a\", \"b\"]}}}")
                        .lines())
                .contains("restarting      ipv4-unicast deferred for at most 00:01:40, until End-of-RIB of a, b");
        assertThat(rendered(", \"restart\": {\"over\": true, \"deferred\": {}}").lines())
                .contains("restarted       yes, routes are selected");
    }

    @Test
    void events_tell_where_they_are_and_what_keeps_them_from_being_stored() throws IOException {
        assertThat(rendered(", \"events\": {\"file\": \"\", \"stored\": 7, \"lost\": 0, \"bytes\": 0}")
                        .lines())
                .contains("events          7 stored in memory");
        assertThat(rendered(
                                ", \"events\": {\"file\": \"/a.db\", \"stored\": 7, \"lost\": 2, \"bytes\": 5242880, \"waiting\": 9,"
                                        + " \"alarm\": {\"time\": \"T\", \"event_message\": \"the disk is full\"}}")
                        .lines())
                .contains(
                        "events          7 stored in /a.db (5 MiB), 2 lost",
                        "ALARM           the disk is full, since T; 9 events wait in memory");
    }
}
