package net.popbgp.daemon.http;

import io.javalin.http.Context;
import io.javalin.http.ForbiddenResponse;
import io.javalin.http.HandlerType;
import io.javalin.http.UnsupportedMediaTypeResponse;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Locale;
import java.util.Optional;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.daemon.config.DaemonConfig;

/**
 * Keeps other web sites from using an operator's browser against the daemon: it must be called by an address of its own (DNS rebinding),
 * not from another origin, and what changes something must have a content type that no form can send. Thread-safe.
 */
final class RequestGuard {

    private final DaemonConfig.Api api;

    RequestGuard(DaemonConfig.Api api) {
        this.api = api;
    }

    void check(Context context) {
        String host = Optional.ofNullable(context.header("Host")).orElse("");
        if (!isOurs(hostOf(host))) {
            throw new ForbiddenResponse("the daemon is not called '" + hostOf(host)
                    + "'; use its address, or list the name under api.allowed-hosts");
        }
        String origin = context.header("Origin");
        if (origin != null && !origin.replaceFirst("^https?://", "").equalsIgnoreCase(host)) {
            throw new ForbiddenResponse("requests from other web sites are refused");
        }
        if (!context.method().equals(HandlerType.GET) && !context.method().equals(HandlerType.HEAD)) {
            String type = Optional.ofNullable(context.contentType())
                    .orElse("")
                    .split(";")[0]
                    .trim();
            if (!type.toLowerCase(Locale.ROOT).matches("application/(json|yaml|x-yaml)")) {
                throw new UnsupportedMediaTypeResponse("content type application/json or application/yaml is needed");
            }
        }
    }

    private static String hostOf(String header) {
        if (header.startsWith("[")) {
            return header.substring(1, Math.max(1, header.indexOf(']')));
        }
        int colon = header.indexOf(':');
        return colon < 0 ? header : header.substring(0, colon);
    }

    private boolean isOurs(String host) {
        if (host.equalsIgnoreCase("localhost") || api.allowedHosts().contains(host.toLowerCase(Locale.ROOT))) {
            return true;
        }
        InetAddress address;
        try {
            address = IpAddresses.parse(host);
        } catch (IllegalArgumentException e) {
            return false;
        }
        InetAddress listen = api.listen().getAddress();
        return address.isLoopbackAddress()
                || address.equals(listen)
                || listen.isAnyLocalAddress() && isOfThisMachine(address);
    }

    private static boolean isOfThisMachine(InetAddress address) {
        try {
            return NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            return false;
        }
    }
}
