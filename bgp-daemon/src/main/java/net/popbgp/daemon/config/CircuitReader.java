package net.popbgp.daemon.config;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;
import net.popbgp.daemon.site.Accept;
import net.popbgp.daemon.site.Advertise;
import net.popbgp.daemon.site.CircuitConfig;
import net.popbgp.daemon.site.CircuitRole;
import net.popbgp.daemon.site.CloudProfile;
import net.popbgp.daemon.site.Neighbor;
import net.popbgp.daemon.site.Sku;
import net.popbgp.daemon.site.Track;
import net.popbgp.daemon.site.Vlan;
import net.popbgp.speaker.Md5Key;
import net.popbgp.speaker.PeerConfig;

/**
 * Reads one circuit of a site. What the circuits have in common may stand at the site instead: the keys of {@link #SHARED} are looked for
 * there where a circuit does not have them. Used by one thread.
 */
final class CircuitReader {

    private static final List<String> SHARED = List.of(
            "pop-as",
            "peer-as",
            "md5-key",
            "hold-time",
            "keepalive-time",
            "port",
            "prefix-limit",
            "bandwidth",
            "upstream",
            "downstream",
            "advertise",
            "accept",
            "track");

    private static final List<String> DERIVED =
            List.of("address", "pop-address", "local-address", "cloud-address", "peer-address", "azure-address");

    private static final Pattern BANDWIDTH = Pattern.compile("([1-9]\\d{0,6})(Mbps|Gbps)");
    private static final int MAX_PREPEND = 10;

    private final Secrets secrets;
    private final Optional<Asn> localAs;
    private final SiteLint lint;

    CircuitReader(Secrets secrets, Optional<Asn> localAs, SiteLint lint) {
        this.secrets = secrets;
        this.localAs = localAs;
        this.lint = lint;
    }

    /** Reports unknown keys of the site; those that its circuits share are known. */
    void finish(Section site, boolean known) {
        if (known) {
            SHARED.forEach(site::get);
            site.finish();
        }
    }

    /** {@return the circuit, or nothing after errors were reported} */
    Optional<CircuitConfig> read(Section site, Section own, CircuitRole role, CloudProfile profile, Sku sku) {
        Layers layers = new Layers(site, own);
        Optional<String> pop = own.require("pop", CircuitReader::label);
        Optional<Prefix> subnet = own.require("subnet", text -> subnet(text, profile));
        refuseDerived(own, subnet, profile);
        Optional<Vlan> vlan = vlan(own);
        OptionalInt both = bandwidth(layers, "bandwidth", OptionalInt.empty());
        OptionalInt upstream = bandwidth(layers, "upstream", both);
        OptionalInt downstream = bandwidth(layers, "downstream", both);
        Optional<UUID> serviceKey = own.read("service-key", CircuitReader::guid);
        boolean enabled = own.read("enabled", true, Values::bool);
        Optional<Neighbor> neighbor = neighbor(layers, role, profile);
        own.finish();
        if (pop.isEmpty() || subnet.isEmpty() || neighbor.isEmpty()) {
            return Optional.empty();
        }
        CircuitConfig circuit = new CircuitConfig(
                role,
                pop.get(),
                subnet.get(),
                profile.popAddress(subnet.get()),
                profile.cloudAddress(subnet.get()),
                vlan,
                upstream,
                downstream,
                serviceKey,
                enabled,
                neighbor.get());
        lint.circuit(layers, circuit, profile, sku);
        return Optional.of(circuit);
    }

    /** A circuit's keys, and those of its site behind them. */
    record Layers(Section site, Section own) {

        Optional<ConfigNode> get(String key) {
            Optional<ConfigNode> shared = site.get(key);
            Optional<ConfigNode> mine = own.get(key);
            return mine.isPresent() ? mine : shared;
        }

        <T> Optional<T> read(String key, Function<String, T> parser) {
            return get(key).flatMap(node -> node.read(parser));
        }

        <T> T read(String key, T fallback, Function<String, T> parser) {
            return read(key, parser).orElse(fallback);
        }

        /** {@return the node of a key, or of the circuit where it is not given} */
        ConfigNode place(String key) {
            return get(key).orElse(own.self());
        }
    }

    private Optional<Neighbor> neighbor(Layers layers, CircuitRole role, CloudProfile profile) {
        layers.get("pop-as")
                .ifPresent(node -> node.read(Values::asn).ifPresent(asn -> {
                    if (localAs.isPresent() && !localAs.get().equals(asn)) {
                        node.error("pop-as must be our local-as " + localAs.get() + ", not " + asn
                                + ": all sessions have one AS; leave it out");
                    }
                }));
        layers.get("peer-as")
                .ifPresent(node -> node.read(Values::asn).ifPresent(asn -> {
                    if (!asn.equals(profile.cloudAs())) {
                        node.error(profile.title() + " is AS " + profile.cloudAs() + ", not " + asn
                                + ": its OPEN would be refused with 2/2 (Bad Peer AS); leave it out");
                    }
                }));
        Optional<Md5Key> key = md5Key(layers, profile);
        boolean keyMissing = key.isEmpty()
                && (profile.md5().required() || layers.get("md5-key").isPresent());
        int metric = layers.own.read(
                "metric",
                role == CircuitRole.PRIMARY
                        ? profile.metrics().primary()
                        : profile.metrics().secondary(),
                Values.integer(0, 65535));
        Duration hold =
                layers.read("hold-time", Duration.ofSeconds(profile.timers().hold()), Values::holdTime);
        Duration keepalive = keepalive(layers, hold, profile);
        int prepend = layers.own.read(
                "prepend",
                role == CircuitRole.PRIMARY ? 0 : profile.secondaryPrepend(),
                Values.integer(0, MAX_PREPEND));
        int port = layers.read("port", PeerConfig.BGP_PORT, Values.integer(1, 65535));
        int limit = layers.read("prefix-limit", profile.maxPrefixIn(), Values.integer(1, 1_000_000));
        Advertise advertise = SitePolicyReader.advertise(layers.get("advertise").flatMap(ConfigNode::section));
        Accept accept = SitePolicyReader.accept(layers.get("accept").flatMap(ConfigNode::section));
        Track track = SitePolicyReader.track(layers.get("track").flatMap(ConfigNode::section));
        return keyMissing
                ? Optional.empty()
                : Optional.of(new Neighbor(
                        profile.cloudAs(),
                        key,
                        metric,
                        hold,
                        keepalive,
                        prepend,
                        port,
                        limit,
                        advertise,
                        accept,
                        track));
    }

    private Optional<Md5Key> md5Key(Layers layers, CloudProfile profile) {
        Optional<ConfigNode> node = layers.get("md5-key");
        if (node.isEmpty() && profile.md5().required()) {
            layers.own
                    .self()
                    .error("'md5-key' is missing: every session with " + profile.title()
                            + " needs one; write md5-key: {file: PATH} or {env: NAME}, here or at the site");
        }
        return node.flatMap(secrets::read).flatMap(secret -> {
            if (!secret.matches(profile.md5().pattern())) {
                node.get()
                        .error(profile.title() + " takes MD5 keys of "
                                + profile.md5().rule()
                                + " only; this one has " + secret.getBytes(StandardCharsets.UTF_8).length + " octets"
                                + (secret.matches("[A-Za-z0-9]*") ? "" : " and other characters"));
                return Optional.empty();
            }
            return Optional.of(Md5Key.of(secret));
        });
    }

    /** The default fits whatever hold time is given. */
    private static Duration keepalive(Layers layers, Duration hold, CloudProfile profile) {
        Duration third = hold.dividedBy(3);
        Duration byDefault = Duration.ofSeconds(profile.timers().keepalive());
        Duration fallback = hold.isZero()
                ? Duration.ZERO
                : third.compareTo(byDefault) < 0 ? Duration.ofSeconds(third.toSeconds()) : byDefault;
        Duration keepalive = layers.read("keepalive-time", fallback, Values::wholeSeconds);
        if (!hold.isZero() && keepalive.compareTo(third) > 0) {
            layers.place("keepalive-time")
                    .error("a keepalive time is at most a third of the hold time of " + Values.text(hold) + ": "
                            + Values.text(keepalive));
            return fallback;
        }
        return keepalive;
    }

    private static String label(String text) {
        if (text.isBlank() || text.length() > 100 || text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("1..100 printable characters are needed: '" + text + "'");
        }
        return text;
    }

    private static Prefix subnet(String text, CloudProfile profile) {
        int slash = text.indexOf('/');
        if (slash < 0 || !text.substring(slash + 1).equals(Integer.toString(profile.linkPrefixLength()))) {
            throw new IllegalArgumentException("the subnet of a circuit of " + profile.title() + " is a /"
                    + profile.linkPrefixLength() + " as 169.254.10.0/" + profile.linkPrefixLength() + ": '" + text
                    + "'");
        }
        Prefix prefix = Prefix.of(text);
        if (!prefix.family().equals(AddressFamily.IPV4_UNICAST)) {
            throw new IllegalArgumentException("the subnet of a circuit is IPv4: '" + text + "'");
        }
        return prefix;
    }

    private static void refuseDerived(Section own, Optional<Prefix> subnet, CloudProfile profile) {
        for (String key : DERIVED) {
            own.get(key)
                    .ifPresent(node -> node.error("'" + key
                            + "' cannot be set, the addresses follow from the subnet"
                            + subnet.map(each -> ": the PoP is " + IpAddresses.text(profile.popAddress(each))
                                            + ", the cloud " + IpAddresses.text(profile.cloudAddress(each)))
                                    .orElse("")));
        }
    }

    private static Optional<Vlan> vlan(Section own) {
        Function<String, Integer> tag = Values.integer(1, 4094);
        Optional<Integer> single = own.read("vlan", tag);
        Optional<Integer> outer = own.read("s-vlan", tag);
        Optional<Integer> inner = own.read("c-vlan", tag);
        if (own.get("vlan").isPresent()
                && (own.get("s-vlan").isPresent() || own.get("c-vlan").isPresent())) {
            own.self().error("either 'vlan' (one tag), or 's-vlan' and 'c-vlan' (QinQ), not both");
        } else if (own.get("s-vlan").isPresent() != own.get("c-vlan").isPresent()) {
            own.self().error("QinQ needs both 's-vlan' and 'c-vlan'");
        }
        if (single.isPresent()) {
            return Optional.of(new Vlan(single.get(), OptionalInt.empty()));
        }
        return outer.isPresent() && inner.isPresent()
                ? Optional.of(new Vlan(inner.get(), OptionalInt.of(outer.get())))
                : Optional.empty();
    }

    private static OptionalInt bandwidth(Layers layers, String key, OptionalInt fallback) {
        return layers.read(key, CircuitReader::mbps).map(OptionalInt::of).orElse(fallback);
    }

    private static Integer mbps(String text) {
        Matcher matcher = BANDWIDTH.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a bandwidth with its unit (500Mbps, 1Gbps): '" + text + "'");
        }
        int number = Integer.parseInt(matcher.group(1));
        return matcher.group(2).equals("Gbps") ? number * 1000 : number;
    }

    private static UUID guid(String text) {
        if (!text.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")) {
            throw new IllegalArgumentException(
                    "a service key is a GUID as 00000000-0000-0000-0000-000000000000: '" + text + "'");
        }
        return UUID.fromString(text);
    }
}
