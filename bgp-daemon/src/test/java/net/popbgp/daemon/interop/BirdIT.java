package net.popbgp.daemon.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** BIRD 2 from Debian, over TCP MD5 on port 179, in both roles. */
@Tag("interop")
class BirdIT {

    private static final int ROUTES = 10_000;
    private static final String KEY = "InteropKey1";

    @TempDir
    Path folder = Path.of(".");

    @BeforeEach
    void programs() {
        TwoHosts.require("ip", "bird", "birdc");
    }

    @ParameterizedTest(name = "we dial: {0}")
    @ValueSource(booleans = {true, false})
    void ten_thousand_routes_each_way_and_either_side_may_be_killed(boolean weDial) throws Exception {
        try (TwoHosts hosts = new TwoHosts()) {
            Path ours = write("popbgp.yaml", popbgpConfig(weDial));
            Path theirs = write("bird.conf", birdConfig(weDial, KEY));
            Process bird = startBird(hosts, theirs);
            Process popbgp = startPopbgp(hosts, ours);
            untilExchanged(hosts);

            assertThat(hosts.askForeign("birdc", "-s", control(), "show", "route", "192.168.0.7/32", "all"))
                    .contains("BGP.as_path: 65001", "BGP.next_hop: " + TwoHosts.OURS, "(65001,77)", "BGP.med: 50");
            JsonNode route = json(hosts, "explain", "10.0.5.0/24", "--json");
            assertThat(route.at("/candidates/0/received/as-path").asText()).isEqualTo("65002");
            assertThat(route.at("/candidates/0/received/next-hop").asText()).isEqualTo(TwoHosts.THEIRS);
            assertThat(route.at("/candidates/0/received/large-communities/0").asText())
                    .isEqualTo("65002:1:2");

            TwoHosts.kill(bird);
            until(() -> !peer(hosts).path("state").asText().equals("Established"));
            assertThat(json(hosts, "show", "routes", "--json", "--prefix", "10.0.5.0/24")
                            .path("routes"))
                    .isEmpty();
            startBird(hosts, theirs);
            untilExchanged(hosts);

            TwoHosts.kill(popbgp);
            until(() -> birdCount(hosts) == 0);
            startPopbgp(hosts, ours);
            untilExchanged(hosts);
        }
    }

    @ParameterizedTest(name = "we dial: {0}")
    @ValueSource(booleans = {true, false})
    void wrong_key_keeps_the_session_down(boolean weDial) throws Exception {
        try (TwoHosts hosts = new TwoHosts()) {
            startBird(hosts, write("bird.conf", birdConfig(weDial, "SomethingElse")));
            startPopbgp(hosts, write("popbgp.yaml", popbgpConfig(weDial)));

            until(() -> peer(hosts).path("diagnosis").asText().contains("MD5"));

            assertThat(peer(hosts).path("established-count").asInt()).isZero();
        }
    }

    @Test
    void bird_keeps_our_routes_over_a_crash_and_over_a_planned_restart_of_ours() throws Exception {
        try (TwoHosts hosts = new TwoHosts()) {
            Path ours = write(
                    "popbgp.yaml",
                    "graceful-restart: {state-file: restart.state, on-stop: restart}\n"
                            + popbgpConfig(true)
                                    .replace(
                                            "    hold-time: 9s\n",
                                            "    hold-time: 9s\n    graceful-restart: {forwarding-preserved: true}\n"));
            startBird(hosts, write("bird.conf", birdConfig(true, KEY)));
            Process first = startPopbgp(hosts, ours);
            untilExchanged(hosts);

            TwoHosts.kill(first);
            Process second = untilBackWithoutLoss(hosts, ours, 1);
            second.destroy();
            assertThat(second.waitFor(20, TimeUnit.SECONDS)).isTrue();
            untilBackWithoutLoss(hosts, ours, 2);
        }
    }

    /** Starts us again, and asserts that BIRD has had all our routes all the time. {@return us} */
    private Process untilBackWithoutLoss(TwoHosts hosts, Path ours, int restarts) throws Exception {
        until(() -> birdLog("Neighbor graceful restart detected") == restarts);
        assertThat(birdCount(hosts)).as("kept while we are away").isEqualTo(ROUTES);
        Process popbgp = startPopbgp(hosts, ours);
        AtomicInteger least = new AtomicInteger(ROUTES);
        until(() -> {
            least.accumulateAndGet(birdCount(hosts), Math::min);
            return birdLog("Neighbor graceful restart done") == restarts;
        });
        assertThat(least).as("kept while we come back").hasValue(ROUTES);
        assertThat(json(hosts, "show", "status", "--json").at("/restart/over").asBoolean())
                .isTrue();
        untilExchanged(hosts);
        return popbgp;
    }

    private long birdLog(String text) throws IOException {
        return Files.readString(folder.resolve("bird.log"))
                .lines()
                .filter(line -> line.contains(text))
                .count();
    }

    private void untilExchanged(TwoHosts hosts) {
        until(() -> peer(hosts).at("/prefixes/ipv4-unicast/received").asInt() == ROUTES && birdCount(hosts) == ROUTES);
    }

    private static void until(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(100))
                .ignoreExceptions()
                .until(condition);
    }

    private static JsonNode peer(TwoHosts hosts) throws IOException, InterruptedException {
        return json(hosts, "show", "peer", "bird", "--json");
    }

    private static JsonNode json(TwoHosts hosts, String... command) throws IOException, InterruptedException {
        return new ObjectMapper().readTree(hosts.ask(command));
    }

    private int birdCount(TwoHosts hosts) throws IOException, InterruptedException {
        String text = hosts.askForeign("birdc", "-s", control(), "show", "route", "protocol", "pop", "count");
        java.util.regex.Matcher count = java.util.regex.Pattern.compile("^(\\d+) of", java.util.regex.Pattern.MULTILINE)
                .matcher(text);
        return count.find() ? Integer.parseInt(count.group(1)) : -1;
    }

    private String control() {
        return folder.resolve("bird.ctl").toString();
    }

    private Process startBird(TwoHosts hosts, Path config) throws IOException {
        return hosts.foreign(folder.resolve("bird.log"), "bird", "-f", "-c", config.toString(), "-s", control());
    }

    private Process startPopbgp(TwoHosts hosts, Path config) throws IOException {
        return hosts.popbgp(folder.resolve("popbgp.log"), Map.of("INTEROP_KEY", KEY), "run", "-c", config.toString());
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static String popbgpConfig(boolean weDial) {
        StringBuilder text = new StringBuilder();
        text.append("local-as: 65001\nrouter-id: ").append(TwoHosts.OURS).append('\n');
        text.append("listen: [\"").append(TwoHosts.OURS).append(":179\"]\n");
        text.append("peers:\n  - name: bird\n    address: ")
                .append(TwoHosts.THEIRS)
                .append('\n');
        text.append("    remote-as: 65002\n    local-address: ")
                .append(TwoHosts.OURS)
                .append('\n');
        text.append("    passive: ").append(!weDial).append("\n    md5-key: {env: INTEROP_KEY}\n");
        text.append("    hold-time: 9s\n    connect-retry-time: 500ms\n    idle-hold-time: 200ms\n");
        text.append("    max-idle-hold-time: 1s\n    import-policy: accept-all\n    export-policy: accept-all\n");
        text.append("announce:\n  - communities: [\"65001:77\"]\n    med: 50\n    prefixes:\n");
        for (int i = 0; i < ROUTES; i++) {
            text.append("      - 192.168.")
                    .append(i >>> 8)
                    .append('.')
                    .append(i & 0xFF)
                    .append("/32\n");
        }
        return text.toString();
    }

    private static String birdConfig(boolean weDial, String key) {
        StringBuilder text = new StringBuilder();
        text.append("log stderr all;\ndebug protocols { states, events };\nrouter id ")
                .append(TwoHosts.THEIRS)
                .append(";\nprotocol device { }\n");
        text.append("protocol static own {\n  ipv4;\n");
        for (int i = 0; i < ROUTES; i++) {
            text.append("  route 10.")
                    .append(i >>> 8)
                    .append('.')
                    .append(i & 0xFF)
                    .append(".0/24 blackhole;\n");
        }
        text.append("}\nprotocol bgp pop {\n  local ").append(TwoHosts.THEIRS).append(" as 65002;\n");
        text.append("  neighbor ").append(TwoHosts.OURS).append(" as 65001;\n");
        text.append("  password \"").append(key).append("\";\n  hold time 9;\n  connect retry time 1;\n");
        text.append("  connect delay time 1;\n  error wait time 1, 2;\n  passive ")
                .append(weDial ? "on" : "off");
        text.append(";\n  ipv4 {\n    import all;\n    export filter {\n");
        text.append("      if source != RTS_STATIC then reject;\n      bgp_large_community.add((65002, 1, 2));\n");
        text.append("      accept;\n    };\n  };\n}\n");
        return text.toString();
    }
}
