package net.popbgp.daemon.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Several paths of a prefix to and from BIRD 2 (RFC 7911). BIRD has two sessions with us: by the one it sends and takes several paths, by the
 * other, of another AS, it is a second source of the prefix that we announce ourselves.
 */
@Tag("interop")
class BirdAddPathIT {

    private static final String OUR_PREFIX = "203.0.113.0/24";
    private static final String THEIR_PREFIX = "10.0.5.0/24";
    private static final Pattern PATH = Pattern.compile("BGP\\.as_path: ([0-9 ]+)");

    @TempDir
    Path folder = Path.of(".");

    @BeforeEach
    void programs() {
        TwoHosts.require("ip", "bird", "birdc");
    }

    @Test
    void bird_takes_our_two_best_paths_and_we_take_its_two() throws Exception {
        try (TwoHosts hosts = new TwoHosts()) {
            hosts.foreign(
                    folder.resolve("bird.log"),
                    "bird",
                    "-f",
                    "-c",
                    write("bird.conf", birdConfig()).toString(),
                    "-s",
                    control());
            hosts.popbgp(
                    folder.resolve("popbgp.log"),
                    Map.of(),
                    "run",
                    "-c",
                    write("popbgp.yaml", popbgpConfig()).toString());

            until(() -> pathsThatBirdHas(hosts).equals(List.of("65001", "65001 65003")));
            JsonNode peer = json(hosts, "show", "peer", "bird", "--json");
            assertThat(peer.at("/prefixes/ipv4-unicast/advertised").asInt()).isEqualTo(2);
            until(() -> pathsThatWeHave(hosts).equals(List.of("65002", "65002 65002")));

            hosts.askForeign("birdc", "-s", control(), "disable", "elsewhere");
            until(() -> pathsThatBirdHas(hosts).equals(List.of("65001")));
            hosts.askForeign("birdc", "-s", control(), "enable", "elsewhere");
            hosts.ask("withdraw", OUR_PREFIX);
            until(() -> pathsThatBirdHas(hosts).equals(List.of("65001 65003")));
            hosts.askForeign("birdc", "-s", control(), "disable", "two");
            until(() -> pathsThatWeHave(hosts).equals(List.of("65002")));
        }
    }

    private List<String> pathsThatBirdHas(TwoHosts hosts) throws IOException, InterruptedException {
        String text = hosts.askForeign("birdc", "-s", control(), "show", "route", OUR_PREFIX, "protocol", "pop", "all");
        return PATH.matcher(text)
                .results()
                .map(result -> result.group(1).trim())
                .sorted()
                .toList();
    }

    private static List<String> pathsThatWeHave(TwoHosts hosts) throws IOException, InterruptedException {
        List<String> paths = new ArrayList<>();
        for (JsonNode candidate : json(hosts, "explain", THEIR_PREFIX, "--json").path("candidates")) {
            if (candidate.has("path-id")) {
                paths.add(candidate.at("/received/as-path").asText());
            }
        }
        return paths.stream().sorted().toList();
    }

    private static void until(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptions()
                .until(condition);
    }

    private static JsonNode json(TwoHosts hosts, String... command) throws IOException, InterruptedException {
        return new ObjectMapper().readTree(hosts.ask(command));
    }

    private String control() {
        return folder.resolve("bird.ctl").toString();
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static String popbgpConfig() {
        return """
                local-as: 65001
                router-id: %1$s
                listen: ["%1$s:179", "%3$s:179"]
                peers:
                  - {name: bird, address: %2$s, remote-as: 65002, local-address: %1$s, passive: true,
                     add-path: {receive: true, send: 2}, import-policy: accept-all, export-policy: accept-all}
                  - {name: elsewhere, address: %4$s, remote-as: 65003, local-address: %3$s, passive: true,
                     idle-hold-time: 200ms, max-idle-hold-time: 1s, import-policy: accept-all, export-policy: accept-all}
                announce:
                  - prefixes: [%5$s]
                """.formatted(TwoHosts.OURS, TwoHosts.THEIRS, TwoHosts.OURS_TOO, TwoHosts.THEIRS_TOO, OUR_PREFIX);
    }

    private static String birdConfig() {
        return """
                log stderr all;
                router id %2$s;
                protocol device { }
                ipv4 table sources;
                protocol static one { ipv4; route %6$s blackhole; }
                protocol static two { ipv4 { preference 100; }; route %6$s blackhole; }
                protocol static three { ipv4 { table sources; }; route %5$s blackhole; }
                protocol bgp pop {
                  local %2$s as 65002;
                  neighbor %1$s as 65001;
                  connect delay time 1;
                  connect retry time 1;
                  error wait time 1, 2;
                  ipv4 {
                    add paths on;
                    import all;
                    export filter {
                      if source != RTS_STATIC then reject;
                      if proto = "two" then bgp_path.prepend(65002);
                      accept;
                    };
                  };
                }
                protocol bgp elsewhere {
                  local %4$s as 65003;
                  neighbor %3$s as 65001;
                  connect delay time 1;
                  connect retry time 1;
                  error wait time 1, 2;
                  ipv4 { table sources; import none; export all; };
                }
                """.formatted(
                TwoHosts.OURS, TwoHosts.THEIRS, TwoHosts.OURS_TOO, TwoHosts.THEIRS_TOO, OUR_PREFIX, THEIR_PREFIX);
    }
}
