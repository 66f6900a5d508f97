package net.popbgp.daemon.arm;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Which peering location of Azure is in the metropolitan area of a PoP. Names are compared without case. Immutable. */
final class PeeringLocations {

    private static final Map<String, String> BUILT_IN = builtIn();

    private final Map<String, String> configured = new HashMap<>();

    /** @param configured by name of the PoP, before those that are built in */
    PeeringLocations(Map<String, String> configured) {
        configured.forEach((pop, location) -> this.configured.put(key(pop), location));
    }

    private static Map<String, String> builtIn() {
        Map<String, String> all = new HashMap<>();
        try (InputStream in = Objects.requireNonNull(
                PeeringLocations.class.getResourceAsStream("peering-locations.tsv"), "peering-locations.tsv")) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t", 2))
                    .forEach(columns -> all.put(key(columns[0]), columns[1]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.copyOf(all);
    }

    private static String key(String pop) {
        return pop.strip().toLowerCase(Locale.ROOT);
    }

    Optional<String> of(String pop) {
        return Optional.ofNullable(configured.getOrDefault(key(pop), BUILT_IN.get(key(pop))));
    }
}
