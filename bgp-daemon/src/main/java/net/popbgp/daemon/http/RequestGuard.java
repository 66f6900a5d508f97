package net.popbgp.daemon.http;

import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import io.javalin.http.ForbiddenResponse;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.javalin.http.UnauthorizedResponse;
import io.javalin.http.UnsupportedMediaTypeResponse;
import io.javalin.router.Endpoint;
import io.javalin.router.JavalinDefaultRoutingApi;
import io.javalin.security.RouteRole;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.daemon.access.AccessControl;
import net.popbgp.daemon.access.Caller;
import net.popbgp.daemon.access.Denials;
import net.popbgp.daemon.access.Role;
import net.popbgp.daemon.access.TlsIdentity;
import net.popbgp.daemon.config.DaemonConfig;

/**
 * Looks at each request before anything else does. It must come by TLS if there is a certificate; call the daemon by a name or address of
 * its own (DNS rebinding), from no other origin, and what changes something with a content type that no form can send: so no web site can use an
 * operator's browser against the daemon. What is below {@link #PROTECTED} needs a caller who is known, and whose role suffices: any for GET and
 * HEAD and for routes that are marked as {@link #READS}, the operator's for the rest. Thread-safe.
 */
final class RequestGuard {

    /** Marks a route as one that changes nothing although it is no GET: {@code routes.post(path, handler, RequestGuard.READS)}. */
    static final RouteRole READS = new RouteRole() {};

    /** Below these nothing is told to strangers; other paths are those of the page's files, which hold no data. */
    static final List<String> PROTECTED = List.of("/api", "/metrics", "/health");

    private static final String CALLER = "popbgp.caller";
    private static final int MAX_PATH = 100;

    private final AccessControl access;
    private volatile DaemonConfig.Api api;

    RequestGuard(AccessControl access, DaemonConfig.Api api) {
        this.access = access;
        this.api = api;
    }

    /** Goes over to another configuration. */
    void follow(DaemonConfig.Api next) {
        api = next;
    }

    void register(JavalinDefaultRoutingApi routes) {
        routes.before(this::check);
        routes.beforeMatched(this::authorize);
    }

    private void check(Context context) {
        if (api.tls().isPresent() && !context.req().isSecure()) {
            throw refused(Denials.Reason.NO_TLS, context, new BadRequestResponse("this port speaks TLS: use https://"));
        }
        String host = Optional.ofNullable(context.header("Host")).orElse("");
        if (!isOurs(hostOf(host))) {
            throw refused(
                    Denials.Reason.HOST,
                    context,
                    new ForbiddenResponse("the daemon is not called '" + hostOf(host)
                            + "'; use its address, or list the name under api.allowed-hosts"));
        }
        String origin = context.header("Origin");
        if (origin != null && !origin.replaceFirst("^https?://", "").equalsIgnoreCase(host)) {
            throw refused(
                    Denials.Reason.ORIGIN, context, new ForbiddenResponse("requests from other web sites are refused"));
        }
        if (isProtected(context.path())) {
            authenticate(context);
        }
        if (!isReading(context)) {
            String type = Optional.ofNullable(context.contentType())
                    .orElse("")
                    .split(";")[0]
                    .trim();
            if (!type.toLowerCase(Locale.ROOT).matches("application/(json|yaml|x-yaml)")) {
                throw new UnsupportedMediaTypeResponse("content type application/json or application/yaml is needed");
            }
        }
    }

    private HttpResponseException refused(Denials.Reason reason, Context context, HttpResponseException response) {
        access.refuse(reason, address(context), what(context), "", "");
        return response;
    }

    private static boolean isProtected(String path) {
        return PROTECTED.stream().anyMatch(each -> path.regionMatches(true, 0, each, 0, each.length()));
    }

    private static boolean isReading(Context context) {
        return context.method().equals(HandlerType.GET) || context.method().equals(HandlerType.HEAD);
    }

    private Caller authenticate(Context context) {
        Caller known = context.attribute(CALLER);
        if (known != null) {
            return known;
        }
        try {
            Caller caller = access.caller(
                    Optional.ofNullable(context.header("Authorization")).orElse(""), address(context), what(context));
            context.attribute(CALLER, caller);
            return caller;
        } catch (AccessControl.Denied e) {
            if (e.reason() == Denials.Reason.TOO_MANY) {
                context.header("Retry-After", "1");
                throw new HttpResponseException(429, String.valueOf(e.getMessage()));
            }
            context.header( // RFC 6750, 3
                    "WWW-Authenticate",
                    "Bearer realm=\"popbgp\""
                            + (e.reason() == Denials.Reason.WRONG_TOKEN ? ", error=\"invalid_token\"" : ""));
            throw new UnauthorizedResponse(String.valueOf(e.getMessage()));
        }
    }

    /** Goes by the route and not by the path that was asked for: however that is written, nothing is reached without it. */
    private void authorize(Context context) {
        Endpoint route = context.endpoints().matchedHttpEndpoint();
        if (route != null && !isProtected(route.path)) {
            return;
        }
        Caller caller = authenticate(context);
        Role needed = isReading(context) || context.routeRoles().contains(READS) ? Role.READ_ONLY : Role.OPERATOR;
        try {
            access.require(needed, caller, address(context), what(context));
        } catch (AccessControl.Denied e) {
            throw new ForbiddenResponse(String.valueOf(e.getMessage()));
        }
    }

    /** {@return who makes a request that has come this far} */
    static Caller caller(Context context) {
        Caller caller = context.attribute(CALLER);
        if (caller == null) {
            throw new IllegalStateException("nobody has looked who asks for " + context.path());
        }
        return caller;
    }

    private static InetAddress address(Context context) {
        return IpAddresses.parse(context.req().getRemoteAddr().replaceAll("[\\[\\]]|%.*", ""));
    }

    /** {@return the request for a log: no query, nothing that is not plain} */
    private static String what(Context context) {
        String path = context.path();
        return context.method() + " "
                + (path.length() > MAX_PATH ? path.substring(0, MAX_PATH) + "..." : path)
                        .replaceAll("[^!#-\\[\\]-~]", "?");
    }

    private static String hostOf(String header) {
        if (header.startsWith("[")) {
            return header.substring(1, Math.max(1, header.indexOf(']')));
        }
        int colon = header.indexOf(':');
        return colon < 0 ? header : header.substring(0, colon);
    }

    private boolean isOurs(String host) {
        DaemonConfig.Api current = api;
        String name = host.toLowerCase(Locale.ROOT);
        if (name.equals("localhost")
                || current.allowedHosts().contains(name)
                || current.tls()
                        .map(TlsIdentity::names)
                        .filter(each -> each.contains(name))
                        .isPresent()) {
            return true;
        }
        InetAddress address;
        try {
            address = IpAddresses.parse(host);
        } catch (IllegalArgumentException e) {
            return false;
        }
        InetAddress listen = current.listen().getAddress();
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
