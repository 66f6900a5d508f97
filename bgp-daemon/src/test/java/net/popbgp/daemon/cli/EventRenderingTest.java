package net.popbgp.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventRenderingTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static JsonNode json(String text) throws IOException {
        return new ObjectMapper().readTree(text);
    }

    @Test
    void an_event_is_a_line_with_the_time_of_the_zone_and_the_count_if_it_stands_for_several() throws IOException {
        assertThat(EventRendering.line(json("""
                        {"time": "2026-11-30T12:00:00.123456Z", "event_sub_type": "BGP Routing", "action": "Route added",
                         "event_message": "900 further prefixes", "event_count": "900"}"""), BERLIN))
                .isEqualTo("2026-11-30 13:00:00.123  BGP Routing     Route added          900 further prefixes [900]");
        assertThat(EventRendering.line(json("""
                        {"time": "2026-07-30T12:00:00Z", "event_sub_type": "System", "action": "Started",
                         "event_message": "a\\u001bb"}"""), BERLIN))
                .isEqualTo("2026-07-30 14:00:00.000  System          Started              a?b");
    }

    @Test
    void how_a_site_has_done_is_told_in_two_tables() throws IOException {
        String text = EventRendering.analytics(json("""
                {"site": "azure-1", "state": "degraded", "sla": "one of two circuits up", "active": "secondary",
                 "windows": [{"window": "24h",
                   "site": {"availability-percent": 99.95, "connected-seconds": 86356.8, "degraded-seconds": 90.0,
                            "disconnected-seconds": 43.2, "stopped-seconds": 0, "unknown-seconds": 0, "failovers": 2,
                            "outages": 1},
                   "circuits": {"primary": {"stopped-seconds": 0, "unknown-seconds": 86400.0, "up-seconds": 0,
                                            "down-seconds": 0, "active-seconds": 0, "flaps": 0}}}],
                 "budgets": [{"circuit": "primary", "direction": "out", "count": 3281, "limit": 4000, "used-percent": 82.025,
                              "estimate": "limit reached in about 3 days"}],
                 "failovers": []}"""), BERLIN);

        assertThat(text.lines().map(line -> line.replaceAll(" +", " ")))
                .contains(
                        "state degraded, one of two circuits up",
                        "active secondary",
                        "24h site 99.950 % 23:59:16 (00:01:30 degraded) 43.2s - - - 1 2",
                        "24h primary - - - - 1d00h - 0 -",
                        "primary to the cloud 3281 4000 82.0 % limit reached in about 3 days");
    }

    @Test
    void server_sent_events_are_read_and_the_last_id_is_that_of_a_whole_one() {
        List<String> messages = new ArrayList<>();
        EventLines lines = new EventLines(
                "3", event -> messages.add(event.path("event_message").asText()));
        List.of(
                        "retry: 2000",
                        "",
                        "id: 4",
                        "data: {\"event_id\": \"4\", \"event_message\": \"four\"}",
                        "",
                        "event: gap",
                        "data: {\"message\": \"gone\"}",
                        "",
                        "id: 9",
                        ": heartbeat",
                        "",
                        "id: 10",
                        "data: {\"event_id\"")
                .forEach(lines);

        assertThat(messages).containsExactly("four");
        assertThat(lines.lastId()).isEqualTo("9");
    }
}
