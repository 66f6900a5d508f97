package net.popbgp.daemon.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import net.popbgp.core.codec.CodecOptions;
import net.popbgp.core.codec.MessageCodec;
import net.popbgp.core.net.AddressFamily;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What other programs have captured: all of it can be read, and what goes through the daemon is what bgpdump sees on both sides. */
@Execution(ExecutionMode.CONCURRENT)
class CapturesTest {

    private static final String[] EVERYTHING = {
        "import-policy: accept-all",
        "export-policy: accept-all",
        "enforce-first-as: false",
        "stable-time: 1ms",
        "families: [ipv4-unicast, ipv6-unicast]",
        "next-hops: {ipv6: \"2001:db8::ffff\"}"
    };
    /** BIRD of then wrote messages with path identifiers into records of those without. */
    private static final Set<String> UNTOLD_PATH_IDENTIFIERS = Set.of("mrt/bird_bgp.gz", "mrt/bird6_bgp.gz");

    /** What bgpdump makes of an AGGREGATOR of eight octets among AS numbers of two; the daemon discards it (RFC 7606, 7.7). */
    private static final String NO_AGGREGATOR = " 0 253.232.192.168";

    private static final long OUR_AS = 64900; // in no capture

    @TempDir
    Path folder;

    static List<Captured> mrt(String name) throws IOException {
        return Mrt.read(file("mrt/" + name + ".gz"));
    }

    private static byte[] file(String name) throws IOException {
        try (InputStream stored =
                Objects.requireNonNull(CapturesTest.class.getResourceAsStream("/replay/" + name), name)) {
            return new GZIPInputStream(stored).readAllBytes();
        }
    }

    private static List<Captured> read(String name) throws IOException {
        List<Captured> messages = name.startsWith("mrt/") ? Mrt.read(file(name)) : Pcap.read(file(name));
        return UNTOLD_PATH_IDENTIFIERS.contains(name)
                ? messages.stream().map(Captured::withPathIdentifiers).toList()
                : messages;
    }

    private static Stream<String> names() throws IOException {
        List<String> names = new ArrayList<>();
        for (String kind : List.of("mrt/", "pcap/")) {
            String[] files = new File(Objects.requireNonNull(CapturesTest.class.getResource("/replay/" + kind))
                            .getPath())
                    .list();
            for (String each : Objects.requireNonNull(files)) {
                names.add(kind + each);
            }
        }
        return names.stream().sorted();
    }

    @TestFactory
    Stream<DynamicTest> each_message_is_read() throws IOException {
        return names().map(name -> DynamicTest.dynamicTest(name, () -> {
            List<Captured> messages = read(name);
            for (Captured each : messages) {
                codec(each).decode(each.message()); // no NOTIFICATION, no other exception
            }
            assertThat(messages).isNotEmpty();
        }));
    }

    private static MessageCodec codec(Captured each) {
        Set<AddressFamily> both = Set.of(AddressFamily.IPV4_UNICAST, AddressFamily.IPV6_UNICAST);
        Set<AddressFamily> identified = each.pathIdentifiers() ? both : Set.of();
        return new MessageCodec(
                new CodecOptions(true, each.fourOctets(), 4096, 4096, both, identified, identified, Set.of()));
    }

    @Test
    void what_goes_through_the_daemon_is_on_both_sides_what_bgpdump_reads() throws Exception {
        if (!hasBgpdump()) {
            System.err.println("SKIPPED comparison of captures, missing: bgpdump");
        }
        assumeTrue(hasBgpdump(), "missing: bgpdump");
        int routes = 0;
        try (DaemonUnderTest daemon = DaemonUnderTest.with("local-as: " + OUR_AS + "\nhonour-drain: false\n");
                Site site = daemon.site()
                        .peer(Who.E, EVERYTHING)
                        .peer(Who.E2, EVERYTHING)
                        .peer(Who.O, EVERYTHING)
                        .start()) {
            TesterPeer watch = site.up(Who.E2, site.open(Who.E2).family(2, 1));
            for (String name : names().toList()) {
                for (Map.Entry<String, List<Captured>> stream : streams(name).entrySet()) {
                    List<Captured> updates = stream.getValue();
                    Map<String, String> expected = new TreeMap<>();
                    bgpdump(updates).forEach((prefix, route) -> {
                        if (!route.contains("no-export")) {
                            expected.put(prefix, OUR_AS + " " + route.replace(NO_AGGREGATOR, ""));
                        }
                    });
                    assertThat(bgpdump(through(site, watch, updates)))
                            .as("%s %s", name, stream.getKey())
                            .isEqualTo(expected);
                    routes += expected.size();
                }
            }
        }
        assertThat(routes).isGreaterThan(10_000);
    }

    /** {@return the unicast UPDATEs of each speaker in a capture} */
    private static Map<String, List<Captured>> streams(String name) throws IOException {
        Map<String, List<Captured>> streams = new LinkedHashMap<>();
        for (Captured each : read(name)) {
            if (each.isUpdate() && !each.pathIdentifiers() && !each.speaker().equals(Mrt.COLLECTOR)) {
                streams.computeIfAbsent(each.speaker(), any -> new ArrayList<>())
                        .add(each);
            }
        }
        return streams;
    }

    /** Sends UPDATEs to the daemon. {@return the UPDATEs by which it tells another peer of what it has then} */
    private static List<Captured> through(Site site, TesterPeer watch, List<Captured> updates) throws Exception {
        boolean fourOctets = updates.get(0).fourOctets();
        Open open = site.open(Who.E).family(2, 1);
        TesterPeer e = site.up(Who.E, fourOctets ? open : open.without(65));
        e.send(updates.stream().map(Captured::message).toArray(byte[][]::new));
        byte[] path = Attributes.segment(2, fourOctets ? 4 : 2, Who.E.as());
        e.send(Attributes.none()
                .origin(0)
                .add(Attributes.WELL_KNOWN, 2, path)
                .nextHop(site.address(Who.E))
                .announce(site.prefix(255)));
        watch.expectRoute(site.prefix(255));
        e.send(Messages.withdraw(site.prefix(255)));
        watch.expectNoRoute(site.prefix(255));

        TesterPeer o = site.up(Who.O, site.open(Who.O).family(2, 1));
        o.await(() -> ends(o) == 2, "End-of-RIB of both families", TesterPeer.SOON);
        List<Captured> passedOn = o.messages(Messages.UPDATE).stream()
                .map(each -> new Captured("O", OUR_AS, true, false, each.octets()))
                .toList();
        assertThat(e.messages(Messages.NOTIFICATION)).isEmpty();
        o.close();
        e.close();
        site.untilState(Who.E, "Active");
        site.untilState(Who.O, "Active");
        await("loss of all routes").atMost(Duration.ofSeconds(10)).until(() -> watch.routeCount() == 0);
        return passedOn;
    }

    private static long ends(TesterPeer peer) {
        return peer.updates().stream()
                .filter(each -> each.announced().isEmpty() && each.withdrawn().isEmpty())
                .count();
    }

    // ---- bgpdump

    private static boolean hasBgpdump() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(each -> Files.isExecutable(Path.of(each, "bgpdump")));
    }

    /** {@return by prefix what bgpdump makes of the messages in the end: AS_PATH, ORIGIN, communities and aggregator} */
    private Map<String, String> bgpdump(List<Captured> messages) throws IOException, InterruptedException {
        Path file = Files.write(Files.createTempFile(folder, "updates", ".mrt"), Mrt.write(messages));
        Process process = new ProcessBuilder("bgpdump", "-m", file.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        Map<String, String> routes = new HashMap<>();
        try (BufferedReader lines = process.inputReader(StandardCharsets.US_ASCII)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] fields = line.split("\\|", -1);
                if (fields[2].equals("A")) {
                    routes.put(
                            fields[5],
                            String.join(" ", fields[6], fields[7], fields[11], fields[12], fields[13])
                                    .strip());
                } else {
                    routes.remove(fields[5]);
                }
            }
        }
        assertThat(process.waitFor()).isZero();
        return routes;
    }
}
