package net.popbgp.daemon.site;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.Prefix;
import net.popbgp.speaker.Md5Key;

/** Sites for tests. */
public final class TestSites {

    private TestSites() {}

    /** {@return a site of two circuits, in 127.0.NET.0/30 and the /30 behind it} */
    public static SiteConfig pair(String name, int net) {
        return new SiteConfig(
                name,
                "",
                "azure",
                SiteConfig.Type.CLOUD_DC,
                Sku.STANDARD,
                List.of(
                        circuit(CircuitRole.PRIMARY, "New York", Prefix.of("127.0." + net + ".0/30"), 90),
                        circuit(CircuitRole.SECONDARY, "Ashburn", Prefix.of("127.0." + net + ".4/30"), 100)));
    }

    /** {@return a site of two circuits, 169.254.10.0/30 and 169.254.20.0/30, that is tracked and probes hosts} */
    public static SiteConfig watched(String name, Track track, LanRule... rules) {
        return new SiteConfig(
                name,
                "",
                "azure",
                SiteConfig.Type.CLOUD_DC,
                Sku.STANDARD,
                List.of(
                        circuit(CircuitRole.PRIMARY, "New York", Prefix.of("169.254.10.0/30"), 90, track),
                        circuit(CircuitRole.SECONDARY, "Ashburn", Prefix.of("169.254.20.0/30"), 100, track)),
                new LanMonitoring(List.of(rules)));
    }

    private static CircuitConfig circuit(CircuitRole role, String pop, Prefix subnet, int metric) {
        return circuit(role, pop, subnet, metric, Track.OFF);
    }

    private static CircuitConfig circuit(CircuitRole role, String pop, Prefix subnet, int metric, Track track) {
        Neighbor neighbor = new Neighbor(
                Asn.of(12076),
                Optional.of(Md5Key.of("key4tests")),
                metric,
                Duration.ofSeconds(60),
                Duration.ofSeconds(20),
                0,
                179,
                1024,
                Advertise.DEFAULT,
                Accept.DEFAULT,
                track);
        return new CircuitConfig(
                role,
                pop,
                subnet,
                host(subnet, 1),
                host(subnet, 2),
                Optional.empty(),
                OptionalInt.of(1000),
                OptionalInt.of(1000),
                Optional.empty(),
                true,
                neighbor);
    }

    private static InetAddress host(Prefix subnet, int number) {
        return Prefix.masked(subnet.family(), subnet.high(), subnet.low() + number, 32)
                .address();
    }
}
