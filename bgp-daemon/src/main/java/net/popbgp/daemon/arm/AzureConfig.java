package net.popbgp.daemon.arm;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How Azure Resource Manager is reached. Immutable.
 *
 * @param endpoint as {@code https://management.azure.com}; without TLS a loopback address only, as the token is sent there
 * @param token empty for a simulator that wants none
 * @param apiVersion of Microsoft.Network
 * @param licenceMbps the most bandwidth of a circuit, empty for any
 * @param peeringLocations by name of the PoP, before those that are built in
 * @param timeout for each request
 */
public record AzureConfig(
        URI endpoint,
        Optional<TokenSource> token,
        String subscription,
        String apiVersion,
        OptionalInt licenceMbps,
        Map<String, String> peeringLocations,
        Duration timeout) {

    public static final String DEFAULT_API_VERSION = "2024-05-01";
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    public AzureConfig {
        peeringLocations = Map.copyOf(peeringLocations);
    }

    /**
     * Reads an endpoint.
     *
     * @throws IllegalArgumentException if it is no https address, nor http on a loopback address
     */
    public static URI endpoint(String text) {
        URI uri;
        try {
            uri = URI.create(text.replaceFirst("/+$", ""));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("not an address: '" + text + "'", e);
        }
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (uri.getHost() == null
                || uri.getUserInfo() != null
                || uri.getQuery() != null
                || !uri.getPath().isEmpty()
                || !scheme.matches("https?")) {
            throw new IllegalArgumentException("not an address such as https://management.azure.com: '" + text + "'");
        }
        if (scheme.equals("http") && !isLoopback(uri.getHost())) {
            throw new IllegalArgumentException(
                    "http sends the token in the clear and is for loopback addresses only: use" + " https: '" + text
                            + "'");
        }
        return uri;
    }

    private static boolean isLoopback(String host) {
        if (!host.matches("127\\.[0-9.]+|\\[::1]|localhost")) {
            return false;
        }
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
