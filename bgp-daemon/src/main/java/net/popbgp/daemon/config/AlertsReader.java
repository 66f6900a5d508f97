package net.popbgp.daemon.config;

import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import net.popbgp.daemon.access.Pem;
import net.popbgp.daemon.alert.AlertsConfig;
import net.popbgp.daemon.alert.MailServer;
import net.popbgp.daemon.alert.Secret;
import net.popbgp.daemon.alert.Webhook;

/** Reads {@code alerts}, and looks whether what tracks name is there. Used by one thread. */
final class AlertsReader {

    private static final int MAX_ADDRESS = 254; // RFC 5321, 4.5.3.1.3, without the brackets
    private static final Duration MAX_TIME = Duration.ofDays(7);

    private final Path directory;
    private final Secrets secrets;

    /** @param directory what relative paths start from */
    AlertsReader(Path directory, Secrets secrets) {
        this.directory = directory;
        this.secrets = secrets;
    }

    /** {@return what is said about alerts} Tracks anywhere in {@code sites} are checked against it. */
    AlertsConfig read(Section root) {
        AlertsConfig alerts = root.section("alerts").map(this::alerts).orElse(AlertsConfig.NONE);
        root.get("sites").ifPresent(node -> checkTracks(node, alerts));
        return alerts;
    }

    private AlertsConfig alerts(Section section) {
        ZoneId zone = section.read("time-zone", AlertsConfig.UTC, AlertsReader::zone);
        boolean unconditional = section.read("daily-unconditional", false, Values::bool);
        Duration giveUp = section.read("give-up-after", AlertsConfig.GIVE_UP_AFTER, AlertsReader::giveUp);
        Optional<MailServer> mail = section.section("mail").flatMap(this::mail);
        Map<String, List<String>> lists = lists(section);
        Map<String, Webhook> webhooks = webhooks(section, lists);
        if (!lists.isEmpty() && section.get("mail").isEmpty()) {
            section.self().error("mailing lists need a server: 'mail' is missing");
        }
        section.finish();
        return new AlertsConfig(mail, zone, lists, webhooks, unconditional, giveUp);
    }

    private Optional<MailServer> mail(Section section) {
        Optional<String> host = section.require("host", AlertsReader::host);
        MailServer.Security security =
                section.read("security", MailServer.Security.STARTTLS, Values.oneOf(MailServer.Security.class));
        int port = section.read("port", security.port(), Values.integer(1, 65535));
        Optional<String> user = section.read("user", AlertsReader::plain);
        Optional<Secret> password = section.get("password").flatMap(secrets::secret);
        Optional<String> from = section.require("from", AlertsReader::sender);
        List<X509Certificate> authorities =
                section.read("ca-file", List.of(), name -> Pem.inFile(directory, name, Pem::certificates));
        if (user.isPresent() != section.get("password").isPresent()) {
            section.self().error("'user' and 'password' come together");
        }
        if (user.isPresent() && !security.isCertain()) {
            section.get("security")
                    .orElse(section.self())
                    .warning("the password may go over the network in clear: use starttls or smtps");
        }
        section.finish();
        return host.flatMap(name -> from.map(sender -> new MailServer(
                name,
                port,
                security,
                user.flatMap(each -> password.map(secret -> new MailServer.Login(each, secret))),
                sender,
                authorities)));
    }

    private static Map<String, List<String>> lists(Section section) {
        Map<String, List<String>> lists = new TreeMap<>();
        named(section, "mailing-lists").forEach((name, node) -> {
            List<String> addresses = new ArrayList<>(new LinkedHashSet<>(node.readAll(AlertsReader::address)));
            if (addresses.isEmpty() && node.isList() && node.items().isEmpty()) {
                node.error("a mailing list has at least one address");
            } else if (addresses.size() > AlertsConfig.MAX_ADDRESSES) {
                node.error("a mailing list has at most " + AlertsConfig.MAX_ADDRESSES + " addresses, not "
                        + addresses.size() + ": let the mail server distribute to more");
            }
            lists.put(name, addresses);
        });
        return lists;
    }

    private Map<String, Webhook> webhooks(Section section, Map<String, List<String>> lists) {
        Map<String, Webhook> webhooks = new TreeMap<>();
        named(section, "webhooks")
                .forEach((name, node) -> node.section().ifPresent(each -> {
                    if (lists.containsKey(name)) {
                        node.error("a mailing list is named '" + name + "' too");
                    }
                    Optional<ConfigNode> url = each.get("url");
                    if (url.isEmpty()) {
                        node.error("'url' is missing");
                    }
                    Optional<Secret> secret = each.get("secret").flatMap(secrets::secret);
                    each.finish();
                    url.flatMap(this::url).ifPresent(uri -> {
                        try {
                            webhooks.put(name, new Webhook(uri, secret));
                        } catch (IllegalArgumentException e) {
                            url.get().error(String.valueOf(e.getMessage()));
                        }
                    });
                }));
        return webhooks;
    }

    /** A URL with a token in it is a secret: it may come from a file or the environment too. */
    private Optional<URI> url(ConfigNode node) {
        Function<String, URI> parser = text -> {
            try {
                return new URI(text);
            } catch (URISyntaxException e) {
                throw new IllegalArgumentException("not a URL", e);
            }
        };
        if (!node.isMapping()) {
            return node.read(parser);
        }
        return secrets.text(node).flatMap(text -> {
            try {
                return Optional.of(parser.apply(text.strip()));
            } catch (IllegalArgumentException e) {
                node.error("what it points to is no URL");
                return Optional.empty();
            }
        });
    }

    private static Map<String, ConfigNode> named(Section section, String key) {
        Map<String, ConfigNode> named = new TreeMap<>();
        section.section(key)
                .ifPresent(all -> all.named().forEach((name, node) -> {
                    try {
                        named.put(Values.name(name), node);
                    } catch (IllegalArgumentException e) {
                        node.error(String.valueOf(e.getMessage()));
                    }
                }));
        if (named.size() > AlertsConfig.MAX_TARGETS) {
            section.get(key).ifPresent(node -> node.error("more than " + AlertsConfig.MAX_TARGETS + " " + key));
        }
        return named;
    }

    private static void checkTracks(ConfigNode node, AlertsConfig alerts) {
        if (node.isList()) {
            node.items().forEach(item -> checkTracks(item, alerts));
        } else if (node.isMapping()) {
            node.section()
                    .ifPresent(section -> section.named().forEach((key, value) -> {
                        if (key.equals("track") && value.isMapping()) {
                            value.section().ifPresent(track -> checkTrack(track, alerts));
                        } else {
                            checkTracks(value, alerts);
                        }
                    }));
        }
    }

    private static void checkTrack(Section track, AlertsConfig alerts) {
        checkNames(track, "mailing-lists", "mailing list", alerts.mailingLists().keySet());
        checkNames(track, "webhooks", "webhook", alerts.webhooks().keySet());
    }

    private static void checkNames(Section track, String key, String what, Set<String> known) {
        Optional<ConfigNode> node = track.get(key).filter(ConfigNode::isList);
        for (ConfigNode item : node.map(ConfigNode::items).orElse(List.of())) {
            item.read(name -> {
                if (!known.contains(name)) {
                    String hint = Suggestion.nearest(name, known)
                            .map(near -> ", did you mean '" + near + "'?")
                            .orElse(known.isEmpty() ? ": alerts." + key + " has none" : "");
                    throw new IllegalArgumentException("there is no " + what + " named '" + name + "'" + hint);
                }
                return name;
            });
        }
    }

    private static Duration giveUp(String text) {
        Duration value = Values.positiveDuration(text);
        if (value.compareTo(Duration.ofMinutes(1)) < 0 || value.compareTo(MAX_TIME) > 0) {
            throw new IllegalArgumentException("must be 1m..7d: '" + text + "'");
        }
        return value;
    }

    static ZoneId zone(String text) {
        try {
            return ZoneId.of(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("not a time zone as Europe/Berlin, UTC or +02:00: '" + text + "'", e);
        }
    }

    private static String host(String text) {
        if (!text.matches("[A-Za-z0-9][A-Za-z0-9.-]{0,252}|[0-9A-Fa-f:]{2,39}")) {
            throw new IllegalArgumentException("not the name or address of a host: '" + text + "'");
        }
        return text;
    }

    private static String plain(String text) {
        if (text.isBlank() || text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("printable characters are needed");
        }
        return text;
    }

    private static String address(String text) {
        InternetAddress address = parsed(text);
        if (address.getPersonal() != null || !address.getAddress().equals(text)) {
            throw new IllegalArgumentException("the address alone is needed, as noc@example.net: '" + text + "'");
        }
        return text;
    }

    private static String sender(String text) {
        parsed(text);
        return text;
    }

    private static InternetAddress parsed(String text) {
        String problem = "not a mail address as noc@example.net: '" + text + "'";
        if (text.length() > MAX_ADDRESS || !text.matches("[\\x20-\\x7e]+")) {
            throw new IllegalArgumentException(problem);
        }
        try {
            InternetAddress address = new InternetAddress(text, true);
            address.validate();
            if (address.isGroup() || !address.getAddress().matches("[^@]+@[^@]*[^@.]")) {
                throw new IllegalArgumentException(problem);
            }
            return address;
        } catch (AddressException e) {
            throw new IllegalArgumentException(problem + " (" + e.getMessage() + ")", e);
        }
    }
}
