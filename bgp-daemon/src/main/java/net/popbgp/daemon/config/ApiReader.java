package net.popbgp.daemon.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.daemon.access.AccessToken;
import net.popbgp.daemon.access.Pem;
import net.popbgp.daemon.access.Role;
import net.popbgp.daemon.access.TlsIdentity;

/** Reads {@code api}: where the web interface listens, and for whom. Used by one thread. */
final class ApiReader {

    private static final InetSocketAddress DEFAULT_LISTEN =
            new InetSocketAddress(IpAddresses.parse("127.0.0.1"), DaemonConfig.Api.DEFAULT_PORT);

    /** Who does something in events without having a token. */
    private static final Set<String> RESERVED = Set.of("local", "file", "signal");

    private final Path directory;
    private final Secrets secrets;

    /** @param directory what relative paths start from */
    ApiReader(Path directory, Secrets secrets) {
        this.directory = directory;
        this.secrets = secrets;
    }

    /** {@return what is said about the web interface} Beyond loopback it is an error if it is not said who may come in. */
    DaemonConfig.Api read(Section root) {
        return root.section("api")
                .map(this::api)
                .orElse(new DaemonConfig.Api(DEFAULT_LISTEN, Set.of(), Optional.empty(), List.of()));
    }

    private DaemonConfig.Api api(Section section) {
        InetSocketAddress listen = listen(section);
        Set<String> hosts = new HashSet<>(
                section.readAll("allowed-hosts", text -> Values.name(text).toLowerCase(Locale.ROOT)));
        Optional<TlsIdentity> tls = section.section("tls").flatMap(this::tls);
        List<AccessToken> tokens = tokens(section);
        protect(section, listen.getAddress());
        section.finish();
        return new DaemonConfig.Api(listen, hosts, tls, tokens);
    }

    private static InetSocketAddress listen(Section section) {
        return section.read("listen", DEFAULT_LISTEN, Values.socketAddress(DaemonConfig.Api.DEFAULT_PORT));
    }

    /** Looks at what is written, not at what could be read of it: that has an error of its own. */
    private static void protect(Section section, InetAddress listen) {
        List<String> missing = new ArrayList<>();
        if (section.get("tls").isEmpty()) {
            missing.add("'tls' with 'certificate' and 'key'");
        }
        if (section.get("tokens")
                .filter(node -> !node.isList() || !node.items().isEmpty())
                .isEmpty()) {
            missing.add("'tokens'");
        }
        if (!listen.isLoopbackAddress() && !missing.isEmpty()) {
            section.get("listen")
                    .orElse(section.self())
                    .error("whoever reaches " + IpAddresses.text(listen) + " could change everything: beyond loopback "
                            + String.join(" and ", missing) + (missing.size() > 1 ? " are" : " is")
                            + " needed; or listen on 127.0.0.1");
        }
    }

    private Optional<TlsIdentity> tls(Section section) {
        Optional<List<X509Certificate>> chain = section.require("certificate", this::certificates);
        Optional<TlsIdentity> identity = section.require("key", name -> name) // so that 'missing' is told of both
                .flatMap(name -> chain)
                .flatMap(certificates -> section.read(
                        "key", name -> Pem.inFile(directory, name, text -> TlsIdentity.of(certificates, text))));
        identity.ifPresent(each -> section.get("certificate").ifPresent(node -> advise(node, each, Instant.now())));
        section.finish();
        return identity;
    }

    private List<X509Certificate> certificates(String name) {
        return Pem.inFile(directory, name, Pem::certificates);
    }

    /** Sessions must come up whatever the certificate is like; so this is no error. */
    private static void advise(ConfigNode node, TlsIdentity identity, Instant now) {
        if (!now.isBefore(identity.expires())) {
            node.warning("the certificate has expired at " + identity.expires()
                    + ": no client will trust it; renew it and reload");
        } else if (!now.isBefore(identity.expires().minus(TlsIdentity.EXPIRES_SOON))) {
            node.warning("the certificate expires at " + identity.expires() + ": renew it and reload");
        } else if (now.isBefore(identity.begins())) {
            node.warning("the certificate is valid from " + identity.begins() + " on only");
        }
    }

    private List<AccessToken> tokens(Section section) {
        List<AccessToken> tokens = new ArrayList<>();
        List<ConfigNode> items = section.items("tokens");
        if (items.size() > DaemonConfig.Api.MAX_TOKENS) {
            section.get("tokens").ifPresent(node -> node.error("more than " + DaemonConfig.Api.MAX_TOKENS + " tokens"));
            return List.of();
        }
        Set<String> names = new HashSet<>();
        for (ConfigNode item : items) {
            item.section().flatMap(each -> token(each, names)).ifPresent(token -> {
                Optional<AccessToken> same =
                        tokens.stream().filter(token::isSameSecret).findFirst();
                same.ifPresentOrElse(
                        other -> item.error(
                                "has the same secret as the " + other + ": who does what could not be told apart"),
                        () -> tokens.add(token));
            });
        }
        return tokens;
    }

    private Optional<AccessToken> token(Section section, Set<String> names) {
        Optional<String> name = section.require("name", ApiReader::name);
        name.filter(each -> !names.add(each))
                .ifPresent(each -> section.self().error("another token is named '" + each + "'"));
        Optional<Role> role = section.require("role", Values.oneOf(Role.class));
        if (section.get("token").isEmpty()) {
            section.self().error("'token' is missing");
        }
        Optional<AccessToken> token = section.get("token")
                .flatMap(node -> secrets.parsed(
                        node, text -> new AccessToken(name.orElse("?"), role.orElse(Role.READ_ONLY), text)));
        section.finish();
        return name.isPresent() && role.isPresent() ? token : Optional.empty();
    }

    private static String name(String text) {
        if (RESERVED.contains(text)) {
            throw new IllegalArgumentException("'" + text + "' is what events call those who have no token");
        }
        return Values.name(text);
    }

    /** As {@link ConfigReader#client}. {@return nothing after an error was reported} */
    Optional<ApiClient> readClient(Section root) {
        Optional<Section> section = root.section("api");
        InetSocketAddress listen = section.map(ApiReader::listen).orElse(DEFAULT_LISTEN);
        Optional<Section> tls = section.flatMap(each -> each.section("tls"));
        Optional<List<X509Certificate>> chain = tls.flatMap(each -> each.require("certificate", this::certificates));
        List<AccessToken> tokens = section.map(this::tokens).orElse(List.of());
        boolean needed = section.filter(each -> !each.items("tokens").isEmpty()).isPresent();
        if (tls.isPresent() && chain.isEmpty() || needed && tokens.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new ApiClient(
                listen,
                chain.orElse(List.of()),
                tokens.stream().max(Comparator.comparing(token -> token.caller().role()))));
    }
}
