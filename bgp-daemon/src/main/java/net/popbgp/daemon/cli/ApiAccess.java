package net.popbgp.daemon.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.daemon.access.AccessToken;
import net.popbgp.daemon.access.Pem;
import net.popbgp.daemon.access.Role;
import net.popbgp.daemon.config.ApiClient;
import net.popbgp.daemon.config.ConfigException;
import net.popbgp.daemon.config.ConfigReader;
import org.jspecify.annotations.Nullable;

/** How a command reaches the daemon: where it is, whose certificate is trusted, and which token is brought. Used by one thread. */
final class ApiAccess {

    static final String DEFAULT_API = "http://127.0.0.1:8179";

    /** The variables that stand for the options of {@link Client}. */
    static final String API = "POPBGP_API";

    static final String CONFIG = "POPBGP_CONFIG";
    static final String TOKEN = "POPBGP_TOKEN";
    static final String CA_FILE = "POPBGP_CA_FILE";

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    private final String base;
    private final Optional<SSLContext> tls;
    private final Optional<AccessToken> token;
    private final String tokenSource;
    private final HttpClient http;

    private ApiAccess(String base, Optional<SSLContext> tls, Optional<AccessToken> token, String tokenSource) {
        this.base = base;
        this.tls = tls;
        this.token = token;
        this.tokenSource = tokenSource;
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT_TIMEOUT);
        tls.ifPresent(builder::sslContext);
        this.http = builder.build();
    }

    /**
     * Puts together what is given; an option goes before its variable, and both before what the daemon's file says.
     *
     * @throws CliException if what is given cannot be read or used
     */
    static ApiAccess of(
            @Nullable String api, @Nullable Path config, @Nullable Path tokenFile, @Nullable Path authorities) {
        Optional<Path> file =
                Optional.ofNullable(config).or(() -> variable(CONFIG).map(Path::of));
        Optional<ApiClient> daemon = file.map(ApiAccess::client);
        String base = Optional.ofNullable(api)
                .or(() -> variable(API))
                .or(() -> daemon.map(ApiAccess::url))
                .orElse(DEFAULT_API)
                .replaceFirst("/+$", "");
        Optional<SSLContext> tls = Optional.ofNullable(authorities)
                .or(() -> variable(CA_FILE).map(Path::of))
                .map(path -> inFile(path, text -> Trust.of(Pem.certificates(text))))
                .or(() -> daemon.map(ApiClient::certificate)
                        .filter(chain -> !chain.isEmpty())
                        .map(chain -> Trust.only(chain.get(0))));
        Optional<AccessToken> token;
        String source;
        if (tokenFile != null) {
            token = Optional.of(inFile(tokenFile, text -> token(text.strip())));
            source = tokenFile.toString();
        } else if (variable(TOKEN).isPresent()) {
            token = variable(TOKEN).map(text -> named(TOKEN, text));
            source = TOKEN;
        } else {
            token = daemon.flatMap(ApiClient::token);
            source = token.map(each -> each + " in " + file.orElseThrow()).orElse("");
        }
        return new ApiAccess(base, tls, token, source);
    }

    private static Optional<String> variable(String name) {
        return Optional.ofNullable(System.getenv(name)).filter(text -> !text.isBlank());
    }

    private static ApiClient client(Path file) {
        try {
            return ConfigReader.client(file);
        } catch (ConfigException e) {
            throw new CliException(
                    CliException.USAGE,
                    file + " does not say how to reach the daemon: "
                            + e.problems().stream()
                                    .findFirst()
                                    .map(Object::toString)
                                    .orElse("?"));
        }
    }

    private static String url(ApiClient daemon) {
        InetAddress listen = daemon.listen().getAddress();
        InetAddress there = !listen.isAnyLocalAddress()
                ? listen
                : IpAddresses.parse(listen.getAddress().length == 4 ? "127.0.0.1" : "::1");
        return (daemon.certificate().isEmpty() ? "http://" : "https://")
                + IpAddresses.text(there, daemon.listen().getPort());
    }

    private static <T> T inFile(Path file, Function<String, T> parser) {
        try {
            return Pem.inFile(Path.of(""), file.toString(), parser);
        } catch (IllegalArgumentException e) {
            throw new CliException(CliException.USAGE, String.valueOf(e.getMessage()));
        }
    }

    private static AccessToken named(String source, String text) {
        try {
            return token(text);
        } catch (IllegalArgumentException e) {
            throw new CliException(CliException.USAGE, source + ": " + e.getMessage());
        }
    }

    private static AccessToken token(String text) {
        return new AccessToken("?", Role.READ_ONLY, text); // the daemon knows whose it is
    }

    HttpClient http() {
        return http;
    }

    /** {@return where the daemon is} */
    @Override
    public String toString() {
        return base;
    }

    /**
     * {@return the beginning of a request}
     *
     * @throws CliException if the address is none, or the token would go over the network in clear
     */
    HttpRequest.Builder request(String path) {
        URI uri;
        HttpRequest.Builder builder;
        try {
            uri = URI.create(base + "/api/v1" + path);
            builder = HttpRequest.newBuilder(uri);
        } catch (IllegalArgumentException e) {
            throw new CliException(CliException.USAGE, "not the URL of a daemon: '" + base + "'");
        }
        if (token.isPresent()) {
            if (!"https".equalsIgnoreCase(uri.getScheme()) && !isLoopback(uri.getHost())) {
                throw new CliException(
                        CliException.USAGE,
                        "the token would go over the network in clear to " + uri.getHost() + ": use https://");
            }
            builder.header("Authorization", token.get().authorization());
        }
        return builder;
    }

    private static boolean isLoopback(@Nullable String host) {
        if (host == null || host.equalsIgnoreCase("localhost")) {
            return true;
        }
        try {
            return IpAddresses.parse(host.replaceAll("[\\[\\]]", "")).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** {@return what to say if the daemon lets nobody in} */
    String unauthorized(String answer) {
        return token.isPresent()
                ? answer + " as the one that was brought (" + tokenSource + ")"
                : answer + "; give it by POPBGP_TOKEN or --token-file, or name the daemon's file with --config";
    }

    /** {@return what to say of a request that failed} */
    CliException failure(IOException e) {
        return new CliException(CliException.FAILED, reason(e));
    }

    private String reason(IOException e) {
        if (!(e instanceof SSLException)) {
            return "no daemon answers at " + base + " (is it running? see --api and POPBGP_API)";
        }
        if (!(e instanceof SSLHandshakeException)) {
            return "what answers at " + base + " does not speak TLS: use http://?";
        }
        String detail = certificateProblem(e);
        if (detail.contains("subject alternative") || detail.contains("No name matching")) {
            return "the certificate of " + base + " is for another name: call the daemon as it is named there ("
                    + detail + ")";
        }
        if (detail.equals(Trust.OTHER)) {
            return "what answers at " + base
                    + " shows another certificate than the daemon's file names: reload the daemon if it was"
                    + " renewed";
        }
        return "the certificate of " + base + " is not trusted"
                + (tls.isPresent() ? "" : ": give the one who has signed it with --ca-file")
                + " (" + detail + ")";
    }

    private static String certificateProblem(IOException e) {
        String detail = String.valueOf(e.getMessage());
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException || cause instanceof GeneralSecurityException) {
                detail = String.valueOf(cause.getMessage());
            }
        }
        return detail;
    }
}
