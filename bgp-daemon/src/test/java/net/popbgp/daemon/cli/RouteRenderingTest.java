package net.popbgp.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class RouteRenderingTest {

    private static JsonNode json(String text) throws IOException {
        return new ObjectMapper().readTree(text);
    }

    @Test
    void routes_in_use_are_marked_with_what_they_are_to_the_prefix() throws IOException {
        String table = Rendering.routes(json("""
                [{"prefix": "10.1.0.0/16", "peer": "a", "metric": 100, "status": "best", "backup-peer": "b",
                  "multipath-peers": ["b", "c"],
                  "note": "ROUTER_ID", "attributes": {"origin": "igp", "as-path": "65001", "next-hop": "192.0.2.1"}},
                 {"prefix": "10.1.0.0/16", "peer": "b", "metric": 100, "status": "multipath", "path-id": 7,
                  "note": "ROUTER_ID", "attributes": {"origin": "igp", "as-path": "65001", "next-hop": "192.0.2.2"}}]
                """));

        assertThat(table.lines().skip(1).map(line -> line.trim().replaceAll(" +", " ")))
                .containsExactly(
                        "*> 10.1.0.0/16 192.0.2.1 a 100 - - 65001 i best ROUTER_ID, with b, c, backup b",
                        "*= 10.1.0.0/16 192.0.2.2 b #7 100 - - 65001 i multipath ROUTER_ID");
    }

    @Test
    void an_explanation_marks_what_is_used_beside_the_best() throws IOException {
        String text = Rendering.explanation(json("""
                {"prefix": "10.1.0.0/16", "decided-by": "ROUTER_ID", "candidates": [
                  {"peer": "a", "metric": 100, "status": "best", "verdict": "accepted", "lost-at": "",
                   "received": {"origin": "igp", "as-path": "65001", "next-hop": "192.0.2.1"}},
                  {"peer": "b", "metric": 100, "status": "multipath", "verdict": "accepted", "lost-at": "ROUTER_ID",
                   "received": {"origin": "igp", "as-path": "65001", "next-hop": "192.0.2.2"}}]}
                """));

        assertThat(text.lines().map(line -> line.trim().replaceAll(" +", " ")))
                .contains("decided by ROUTER_ID")
                .anyMatch(line -> line.startsWith("*> a 100 best"))
                .anyMatch(line -> line.startsWith("*= b 100 multipath accepted ROUTER_ID 192.0.2.2"));
    }
}
