package net.popbgp.sim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import net.popbgp.core.attribute.Community;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;
import net.popbgp.sim.arm.ArmConfig;
import net.popbgp.sim.azure.AzureCircuit;
import net.popbgp.sim.azure.AzureProfile;
import net.popbgp.sim.azure.Sku;
import net.popbgp.sim.load.RouteGenerator;

/**
 * The simulator's file. Immutable.
 *
 * @param control where the control port listens
 * @param seed of all that is random
 * @param arm how it shows itself as Azure Resource Manager; empty for not at all
 * @param mail where it listens as a mail server; empty for not at all
 */
public record SimConfig(
        InetSocketAddress control,
        long seed,
        List<AzureCircuit> circuits,
        Optional<ArmConfig> arm,
        Optional<InetSocketAddress> mail) {

    private static final int DEFAULT_CONTROL_PORT = 8179;
    private static final int MAX_CIRCUITS = 1000;
    static final int BGP_PORT = 179;

    public SimConfig {
        circuits = List.copyOf(circuits);
    }

    /**
     * Reads a YAML file. Key files are looked up beside it.
     *
     * @throws IOException if a file cannot be read or is no YAML
     * @throws IllegalArgumentException listing everything that is wrong, each with its path
     */
    public static SimConfig load(Path file) throws IOException {
        JsonNode root = new YAMLMapper().readTree(Files.readString(file));
        Path directory = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("."));
        return read(root, directory);
    }

    /** Reads YAML text. */
    public static SimConfig parse(String yaml) throws IOException {
        return read(new YAMLMapper().readTree(yaml), Path.of("."));
    }

    private static SimConfig read(JsonNode root, Path directory) {
        List<String> problems = new ArrayList<>();
        ConfigNode top = new ConfigNode(root.isNull() ? MissingNode.getInstance() : root, "", problems);
        InetSocketAddress control = top.text(
                "control",
                new InetSocketAddress(IpAddresses.parse("127.0.0.1"), DEFAULT_CONTROL_PORT),
                SimConfig::controlAddress);
        long seed = top.longInteger("seed", 1);
        List<AzureCircuit> circuits = new ArrayList<>();
        List<ConfigNode> nodes = top.children("circuits");
        if (nodes.isEmpty() || nodes.size() > MAX_CIRCUITS) {
            top.problem("circuits", "must be 1.." + MAX_CIRCUITS + ", not " + nodes.size());
        }
        Set<String> names = new HashSet<>();
        ArmReader arm = new ArmReader(top);
        for (ConfigNode node : nodes) {
            circuit(node, arm, directory).ifPresent(circuit -> {
                circuits.add(circuit);
                if (!names.add(circuit.name())) {
                    node.problem("name", "used twice: " + circuit.name());
                }
            });
        }
        Optional<ArmConfig> armConfig = arm.read(top, directory);
        Optional<InetSocketAddress> mail = top.text("mail", Optional.empty(), text -> Optional.of(socketAddress(text)));
        top.refuseUnknown();
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join(System.lineSeparator(), problems));
        }
        return new SimConfig(control, seed, circuits, armConfig, mail);
    }

    /** Whoever reaches the control port breaks what they like: it asks for no token. */
    private static InetSocketAddress controlAddress(String text) {
        InetSocketAddress address = socketAddress(text);
        if (!address.getAddress().isLoopbackAddress()) {
            throw new IllegalArgumentException("listens on a loopback address only, not " + text);
        }
        return address;
    }

    static InetSocketAddress socketAddress(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("must be address:port, not '" + text + "'");
        }
        int port = Integer.parseInt(text.substring(colon + 1));
        String address = text.substring(0, colon);
        boolean bracketed = address.startsWith("[") && address.endsWith("]");
        return new InetSocketAddress(
                IpAddresses.parse(bracketed ? address.substring(1, address.length() - 1) : address), port);
    }

    private static Optional<AzureCircuit> circuit(ConfigNode node, ArmReader arm, Path directory) {
        Optional<String> name = node.required("name", value -> value);
        Optional<Prefix> peering = node.required("peering", Prefix::of);
        Optional<Asn> peerAs = node.required("peer-as", value -> Asn.of(Long.parseLong(value)));
        int port = node.integer("port", BGP_PORT);
        int peerPort = node.integer("peer-port", BGP_PORT);
        boolean passiveOnly = node.flag("passive-only", false);
        Optional<String> key = secret(node, "shared-key", directory);
        Sku sku = node.text("sku", Sku.STANDARD, SimConfig::sku);
        List<AzureCircuit.Vnet> vnets = vnets(node);
        AzureProfile profile = profile(node);
        arm.circuit(name.orElse(""), node);
        node.refuseUnknown();
        if (name.isEmpty() || peering.isEmpty() || peerAs.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new AzureCircuit(
                    name.get(), peering.get(), peerAs.get(), port, peerPort, passiveOnly, key, sku, vnets, profile));
        } catch (IllegalArgumentException e) {
            node.problem("peering", String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /** A text, or a mapping with one of file and env. */
    static Optional<String> secret(ConfigNode node, String key, Path directory) {
        if (node.isText(key) || !node.has(key)) {
            return node.text(key, Optional.empty(), Optional::of);
        }
        ConfigNode source = node.child(key);
        Optional<String> fromFile = source.text("file", Optional.empty(), name -> {
            try {
                return Optional.of(Files.readString(directory.resolve(name)).strip());
            } catch (IOException e) {
                throw new IllegalArgumentException("cannot be read: " + e.getMessage(), e);
            }
        });
        Optional<String> fromEnvironment = source.text("env", Optional.empty(), name -> {
            String value = System.getenv(name);
            if (value == null || value.isEmpty()) {
                throw new IllegalArgumentException("environment variable is not set: " + name);
            }
            return Optional.of(value);
        });
        source.refuseUnknown();
        if (source.has("file") == source.has("env")) {
            node.problem(key, "must be a text, or one of file and env");
        }
        return fromFile.or(() -> fromEnvironment);
    }

    private static Sku sku(String text) {
        return switch (text) {
            case "local" -> Sku.LOCAL;
            case "standard" -> Sku.STANDARD;
            case "premium" -> Sku.PREMIUM;
            default -> throw new IllegalArgumentException("must be local, standard or premium, not '" + text + "'");
        };
    }

    private static List<AzureCircuit.Vnet> vnets(ConfigNode circuit) {
        List<AzureCircuit.Vnet> vnets = new ArrayList<>();
        for (ConfigNode node : circuit.children("vnets")) {
            vnets.add(new AzureCircuit.Vnet(
                    node.required("name", value -> value).orElse(""),
                    node.texts("address-spaces", List.of(), Prefix::of),
                    node.texts("communities", List.of(), Community::of)));
            node.refuseUnknown();
        }
        int generated = circuit.integer("vnet-count", 0);
        if (generated < 0 || generated > RouteGenerator.MAX_VNETS) {
            circuit.problem("vnet-count", "must be 0.." + RouteGenerator.MAX_VNETS + ", not " + generated);
        } else if (generated > 0) {
            vnets.add(new AzureCircuit.Vnet("generated", RouteGenerator.vnetPrefixes(generated), List.of()));
        }
        return vnets;
    }

    private static AzureProfile profile(ConfigNode circuit) {
        AzureProfile preset = AzureProfile.DEFAULT;
        ConfigNode node = circuit.child("profile");
        int gracefulRestart = node.integer("graceful-restart", -1);
        try {
            return new AzureProfile(
                    node.text("local-as", preset.localAs(), value -> Asn.of(Long.parseLong(value))),
                    node.integer("hold-time", preset.holdTime()),
                    node.integer("keepalive-time", preset.keepaliveTime()),
                    node.integer("min-hold-time", preset.minHoldTime()),
                    node.duration("connect-retry", preset.connectRetry()),
                    node.integer("standard-limit", preset.standardLimit()),
                    node.integer("premium-limit", preset.premiumLimit()),
                    node.integer("ipv6-limit", preset.ipv6Limit()),
                    node.integer("warn-percent", preset.warnPercent()),
                    node.text("limit-semantics", preset.semantics(), SimConfig::semantics),
                    node.duration("restart", preset.restart()),
                    node.texts(
                            "vnet-as-path",
                            preset.vnetAsPath(),
                            text -> Asn.of(Long.parseLong(text)).value()),
                    node.integer("vnet-limit", preset.vnetLimit()),
                    node.integer("allow-own-as", preset.allowOwnAs()),
                    node.integer("drain-prepends", preset.drainPrepends()),
                    node.flag("route-refresh", preset.routeRefresh()),
                    node.flag("four-octet-as", preset.fourOctetAs()),
                    node.flag("ipv6", preset.ipv6()),
                    gracefulRestart < 0 ? OptionalInt.empty() : OptionalInt.of(gracefulRestart));
        } catch (IllegalArgumentException e) {
            circuit.problem("profile", String.valueOf(e.getMessage()));
            return preset;
        } finally {
            node.refuseUnknown();
        }
    }

    private static AzureProfile.LimitSemantics semantics(String text) {
        for (AzureProfile.LimitSemantics each : AzureProfile.LimitSemantics.values()) {
            if (each.name().toLowerCase(Locale.ROOT).equals(text)) {
                return each;
            }
        }
        throw new IllegalArgumentException("must be exceeds or meets, not '" + text + "'");
    }
}
