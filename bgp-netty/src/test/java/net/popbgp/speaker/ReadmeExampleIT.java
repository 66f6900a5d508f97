package net.popbgp.speaker;

import static net.popbgp.speaker.Lab.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.net.RouterId;
import net.popbgp.core.route.OutboundGuard;
import net.popbgp.core.route.RoutePolicy;
import org.junit.jupiter.api.Test;

/** The README's example, between the lines, run as it stands there. */
class ReadmeExampleIT {

    @Test
    void readme_example_compiles_runs_and_knows_its_circuits() {
        Md5Key key = Md5Key.of("ExampleKey1");
        BgpListener listener = new BgpListener() {};
        // ---- README
        BgpSpeaker speaker = BgpSpeaker.create(
                SpeakerConfig.builder(Asn.of(65010), RouterId.of("127.0.3.1")).build(), listener);
        PeerHandle primary = speaker.addPeer(PeerConfig.builder("127.0.3.2", 12076)
                .name("azure-primary")
                .metric(90) // lower wins
                .md5Key(key)
                .importPolicy(
                        RoutePolicy.ACCEPT_ALL) // without policies an external peer gives and gets nothing (RFC 8212)
                .exportPolicy(RoutePolicy.ACCEPT_ALL)
                .outboundGuard(AddressFamily.IPV4_UNICAST, OutboundGuard.of(4000))
                .build());
        PeerHandle secondary = speaker.addPeer(primary.config().toBuilder("127.0.3.3")
                .name("azure-secondary")
                .metric(100)
                .build());
        CircuitGroup circuits = speaker.addCircuitGroup("azure", primary, secondary);
        speaker.start();
        speaker.announce(
                List.of(Prefix.of("10.20.0.0/16")), PathAttributes.builder().build());
        // ---- README
        try (speaker) {
            assertThat(circuits.active()).isEmpty();
            assertThat(speaker.peers()).hasSize(2);
            until(() -> speaker.locRib().ipv4Prefixes() == 1);
        }
    }

    @Test
    void readme_shows_exactly_the_code_above() throws IOException {
        String here = Files.readString(Path.of("src/test/java/net/popbgp/speaker/ReadmeExampleIT.java"));
        String marker = "// ---- README\n";
        int from = here.indexOf(marker) + marker.length();
        String code = here.substring(from, here.indexOf(marker, from));
        String readme = Files.readString(Path.of("../README.md"));

        assertThat(squeeze(readme)).contains(squeeze(code));
    }

    /** The formatter and the README break lines differently. */
    private static String squeeze(String text) {
        return text.replaceAll("\\s+", "");
    }
}
