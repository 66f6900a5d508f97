package net.popbgp.daemon.config;

import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import net.popbgp.core.attribute.AsPath;
import net.popbgp.core.attribute.Origin;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.net.RouterId;
import net.popbgp.daemon.alert.AlertsConfig;
import net.popbgp.daemon.arm.AzureConfig;
import net.popbgp.daemon.event.EventsConfig;
import net.popbgp.speaker.DynamicPeersConfig;
import net.popbgp.speaker.PeerConfig;
import net.popbgp.speaker.SpeakerConfig;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/**
 * Reads a configuration in YAML (or JSON, which is YAML). Every problem is found in one go, and nothing is taken of a document that has an
 * error. Documents are limited to {@link #MAX_SIZE} characters and {@link #MAX_PEERS} peers. Used by one thread.
 */
public final class ConfigReader {

    /** The longest document, characters. */
    public static final int MAX_SIZE = 4 << 20;

    /** The most peers. */
    public static final int MAX_PEERS = 4096;

    /** The most keys and values, references replaced by what they stand for. */
    public static final int MAX_VALUES = 500_000;

    private static final Duration WARM_UP = Duration.ofSeconds(20);

    private final Problems problems = new Problems();
    private final Path directory;
    private final Function<String, @Nullable String> environment;
    private final Secrets secrets;

    private ConfigReader(Path directory, Function<String, @Nullable String> environment) {
        this.directory = directory;
        this.environment = environment;
        secrets = new Secrets(directory, environment);
    }

    /**
     * Reads a file; relative paths in it start from its directory.
     *
     * @throws ConfigException with all problems
     */
    public static DaemonConfig read(Path file) throws ConfigException {
        return parse(text(file), directoryOf(file), System::getenv);
    }

    private static String text(Path file) throws ConfigException {
        try {
            if (Files.size(file) > MAX_SIZE) {
                throw refused("the file is longer than " + MAX_SIZE + " octets");
            }
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw refused("the file cannot be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    /** {@return the directory that relative paths of a file start from} */
    public static Path directoryOf(Path file) {
        return Objects.requireNonNullElse(file.toAbsolutePath().getParent(), Path.of("/"));
    }

    /**
     * Reads a document.
     *
     * @param directory what relative paths start from
     * @param environment gives the value of a variable, or null
     * @throws ConfigException with all problems
     */
    public static DaemonConfig parse(String text, Path directory, Function<String, @Nullable String> environment)
            throws ConfigException {
        return new ConfigReader(directory, environment).document(compose(text));
    }

    /**
     * Reads of a file what a command needs to ask the daemon that runs with it; nothing else in it needs to be right, or readable.
     *
     * @throws ConfigException if it does not say where the daemon is, or none of its tokens can be read
     */
    public static ApiClient client(Path file) throws ConfigException {
        ConfigReader reader = new ConfigReader(directoryOf(file), System::getenv);
        Optional<ApiClient> client = new ConfigNode(compose(text(file)), "", reader.problems)
                .section()
                .flatMap(root -> new ApiReader(reader.directory, reader.secrets).readClient(root));
        return client.orElseThrow(() -> new ConfigException(reader.problems.inOrder()));
    }

    private static Node compose(String text) throws ConfigException {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MAX_SIZE);
        options.setNestingDepthLimit(20);
        try {
            Node node = new Yaml(options).compose(new StringReader(text));
            if (node == null) {
                throw refused("the document is empty");
            }
            if (new References().count(node) > MAX_VALUES) {
                throw refused("more than " + MAX_VALUES + " keys and values, with what references stand for");
            }
            return node;
        } catch (IllegalArgumentException e) {
            throw refused(String.valueOf(e.getMessage()));
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark();
            int line = mark == null ? 0 : mark.getLine() + 1;
            throw new ConfigException(
                    List.of(new Problem(Problem.Severity.ERROR, "", line, "not YAML: " + e.getProblem())));
        } catch (YAMLException e) {
            throw refused("not YAML: " + e.getMessage());
        }
    }

    private static ConfigException refused(String message) {
        return new ConfigException(List.of(new Problem(Problem.Severity.ERROR, "", 0, message)));
    }

    private DaemonConfig document(Node node) throws ConfigException {
        Optional<Section> section = new ConfigNode(node, "", problems).section();
        Optional<DaemonConfig> config = section.flatMap(root -> bind(root, node));
        if (problems.hasErrors() || config.isEmpty()) {
            throw new ConfigException(problems.inOrder());
        }
        return config.get();
    }

    private Optional<DaemonConfig> bind(Section root, Node node) {
        Optional<Asn> localAs = root.require("local-as", Values::asn);
        Optional<SpeakerConfig> speaker = speaker(root, localAs);
        DaemonConfig.Api api = new ApiReader(directory, secrets).read(root);
        PolicyReader policies = new PolicyReader(root, localAs);
        Map<String, String> descriptions = new HashMap<>();
        PeerReader reader = new PeerReader(policies, secrets, localAs);
        List<PeerConfig> ownPeers = peers(root, reader, descriptions);
        List<DynamicPeersConfig> ownRanges = dynamicPeers(root, reader, ownPeers);
        List<DaemonConfig.Group> ownGroups = circuitGroups(root, ownPeers);
        Map<Prefix, PathAttributes> announcements = announcements(root, policies);
        SiteBinder sites = new SiteBinder(root, secrets, localAs, speaker, announcements.keySet());
        descriptions.putAll(sites.descriptions());
        List<PeerConfig> peers = sites.addPeers(ownPeers);
        List<DynamicPeersConfig> ranges = sites.shield(ownRanges);
        List<DaemonConfig.Group> groups = sites.addGroups(ownGroups);
        RoutingConfig routing = sites.addSummaries(RoutingReader.readSpeaker(root, policies));
        RestartConfig restart = RestartReader.read(root, directory);
        RestartReader.advise(
                root,
                Stream.concat(peers.stream(), ranges.stream().map(DynamicPeersConfig::template))
                        .toList());
        Optional<AzureConfig> azure = AzureReader.read(root, directory, environment);
        EventsConfig events = EventsReader.read(root, directory);
        AlertsConfig alerts = new AlertsReader(directory, secrets).read(root);
        Duration warmUp = root.read("warm-up", WARM_UP, Values::duration);
        root.finish();
        return speaker.map(each -> new DaemonConfig(
                each,
                api,
                peers,
                descriptions,
                groups,
                ranges,
                announcements,
                routing,
                restart,
                sites.sites(),
                azure,
                events,
                alerts,
                warmUp,
                problems.warnings(),
                Documents.json(node)));
    }

    private static Optional<SpeakerConfig> speaker(Section root, Optional<Asn> localAs) {
        Optional<RouterId> routerId = root.require("router-id", Values::routerId);
        SpeakerConfig.Builder builder =
                SpeakerConfig.builder(localAs.orElse(Asn.of(1)), routerId.orElse(new RouterId(1)));
        builder.listen(root.readAll("listen", Values.socketAddress(PeerConfig.BGP_PORT)));
        root.apply("cluster-id", Values::routerId, builder::clusterId);
        root.apply("io-threads", Values.integer(1, 64), builder::ioThreads);
        root.apply("honour-drain", Values::bool, builder::honourDrain);
        root.apply("revert-delay", ConfigReader::revertDelay, builder::revertDelay);
        root.apply("native-transport", Values::bool, builder::nativeTransport);
        return localAs.isPresent() && routerId.isPresent() ? Optional.of(builder.build()) : Optional.empty();
    }

    private static Duration revertDelay(String text) {
        Duration delay = Values.duration(text);
        if (delay.compareTo(SpeakerConfig.MAX_REVERT_DELAY) > 0) {
            throw new IllegalArgumentException("at most 10m: '" + text + "'");
        }
        return delay;
    }

    private static List<PeerConfig> peers(Section root, PeerReader reader, Map<String, String> descriptions) {
        List<PeerConfig> peers = new ArrayList<>();
        Set<String> names = new HashSet<>();
        Set<InetAddress> addresses = new HashSet<>();
        List<ConfigNode> items = root.items("peers");
        if (items.size() > MAX_PEERS) {
            root.get("peers").ifPresent(node -> node.error("more than " + MAX_PEERS + " peers"));
            return List.of();
        }
        for (ConfigNode item : items) {
            reader.read(item, descriptions).ifPresent(peer -> {
                if (!names.add(peer.name())) {
                    item.error("another peer is named '" + peer.name() + "'");
                } else if (!addresses.add(peer.remoteAddress())) {
                    item.error("another peer has the address " + IpAddresses.text(peer.remoteAddress()));
                } else {
                    peers.add(peer);
                }
            });
        }
        return peers;
    }

    private static List<DynamicPeersConfig> dynamicPeers(Section root, PeerReader reader, List<PeerConfig> peers) {
        List<DynamicPeersConfig> ranges = new ArrayList<>();
        Set<String> names = new HashSet<>();
        Set<Prefix> prefixes = new HashSet<>();
        for (ConfigNode item : root.items("dynamic-peers")) {
            reader.readRange(item).ifPresent(range -> {
                if (!names.add(range.name()) || !prefixes.add(range.range())) {
                    item.error(
                            "other dynamic peers have the name '" + range.name() + "' or the prefix " + range.range());
                } else {
                    ranges.add(range);
                    adviseKeys(item, range, peers);
                }
            });
        }
        return ranges;
    }

    /** The kernel takes a range's key for all its addresses. */
    private static void adviseKeys(ConfigNode item, DynamicPeersConfig range, List<PeerConfig> peers) {
        if (range.template().md5Key().isEmpty()) {
            return;
        }
        for (PeerConfig peer : peers) {
            InetAddress address = peer.remoteAddress();
            if (peer.md5Key().isEmpty() && range.range().covers(Prefix.of(address, address.getAddress().length * 8))) {
                item.warning("peer '" + peer.name() + "' (" + IpAddresses.text(address)
                        + ") has no md5-key of its own and cannot connect: the key of " + range.range()
                        + " counts for it");
            }
        }
    }

    private static List<DaemonConfig.Group> circuitGroups(Section root, List<PeerConfig> peers) {
        List<DaemonConfig.Group> groups = new ArrayList<>();
        Map<String, PeerConfig> byName = new HashMap<>();
        peers.forEach(peer -> byName.put(peer.name(), peer));
        Set<String> names = new HashSet<>();
        Set<String> members = new HashSet<>();
        for (ConfigNode item : root.items("circuit-groups")) {
            item.section().ifPresent(section -> {
                Optional<String> name = section.require("name", Values::name);
                Optional<PeerConfig> primary = section.require("primary", text -> member(text, byName));
                Optional<PeerConfig> secondary = section.require("secondary", text -> member(text, byName));
                section.finish();
                if (name.isEmpty() || primary.isEmpty() || secondary.isEmpty()) {
                    return;
                }
                if (!names.add(name.get())) {
                    item.error("another circuit group is named '" + name.get() + "'");
                } else if (primary.equals(secondary)
                        || members.contains(primary.get().name())
                        || members.contains(secondary.get().name())) {
                    item.error("a peer can be only one circuit of one group");
                } else {
                    members.add(primary.get().name());
                    members.add(secondary.get().name());
                    groups.add(new DaemonConfig.Group(
                            name.get(), primary.get().name(), secondary.get().name()));
                    adviseMetrics(item, primary.get(), secondary.get());
                    adviseRestart(item, primary.get());
                    adviseRestart(item, secondary.get());
                }
            });
        }
        return groups;
    }

    private static PeerConfig member(String name, Map<String, PeerConfig> byName) {
        PeerConfig peer = byName.get(name);
        if (peer == null) {
            String suggestion = Suggestion.nearest(name, byName.keySet())
                    .map(near -> ", did you mean '" + near + "'?")
                    .orElse("");
            throw new IllegalArgumentException("there is no (valid) peer named '" + name + "'" + suggestion);
        }
        return peer;
    }

    private static void adviseMetrics(ConfigNode item, PeerConfig primary, PeerConfig secondary) {
        if (primary.metric() > secondary.metric()) {
            item.warning("the primary's metric " + primary.metric() + " is worse than the secondary's "
                    + secondary.metric() + ": lower wins, so the secondary will be active");
        } else if (primary.metric() == secondary.metric()) {
            item.warning("both circuits have metric " + primary.metric()
                    + ": which is active is left to the rest of the Decision Process");
        }
    }

    private static void adviseRestart(ConfigNode item, PeerConfig circuit) {
        if (circuit.gracefulRestart().enabled()) {
            item.warning(
                    "graceful-restart of '" + circuit.name() + "' keeps the routes of a dead circuit for the peer's"
                            + " restart time: the other one takes over only then");
        }
    }

    private static Map<Prefix, PathAttributes> announcements(Section root, PolicyReader policies) {
        Map<Prefix, PathAttributes> all = new LinkedHashMap<>();
        for (ConfigNode item : root.items("announce")) {
            item.section().ifPresent(section -> {
                if (section.get("prefixes").isEmpty()) {
                    item.error("'prefixes' is missing");
                }
                List<Prefix> prefixes = section.readAll("prefixes", Prefix::of);
                PathAttributes attributes = attributes(section, policies);
                section.finish();
                for (Prefix prefix : prefixes) {
                    if (all.put(prefix, attributes) != null) {
                        item.error(prefix + " is announced twice");
                    }
                }
            });
        }
        return all;
    }

    private static PathAttributes attributes(Section section, PolicyReader policies) {
        PathAttributes.Builder builder = PathAttributes.builder();
        section.apply("next-hop", Values::address, builder::nextHop);
        section.apply("med", Values::unsigned32, builder::multiExitDisc);
        section.apply("local-pref", Values::unsigned32, builder::localPref);
        section.apply("origin", Values.oneOf(Origin.class), builder::origin);
        List<Asn> path = section.readAll("as-path", Values::asn);
        builder.asPath(AsPath.of(path.stream().mapToLong(Asn::value).toArray()));
        PolicyReader.Communities communities = policies.communities(section, "communities");
        return builder.communities(communities.standard())
                .largeCommunities(communities.large())
                .extendedCommunities(communities.extended())
                .build();
    }

    /**
     * Reads prefixes with attributes, as an entry of {@code announce} has them.
     *
     * @throws ConfigException with all problems
     */
    public static Map<Prefix, PathAttributes> announcement(String text) throws ConfigException {
        ConfigReader reader = new ConfigReader(Path.of("/"), name -> null);
        Map<Prefix, PathAttributes> all = new LinkedHashMap<>();
        Node node = compose(text);
        new ConfigNode(node, "", reader.problems).section().ifPresent(section -> {
            List<Prefix> prefixes = section.readAll("prefixes", Prefix::of);
            PathAttributes attributes = attributes(section, PolicyReader.empty());
            section.finish();
            if (prefixes.isEmpty()) {
                section.self().error("'prefixes' is missing or empty");
            }
            prefixes.forEach(prefix -> all.put(prefix, attributes));
        });
        if (reader.problems.hasErrors()) {
            throw new ConfigException(reader.problems.inOrder());
        }
        return all;
    }
}
