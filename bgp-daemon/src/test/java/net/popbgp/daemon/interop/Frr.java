package net.popbgp.daemon.interop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * FRR's bgpd, without zebra. A session's policies are route-maps of its name; a route of its own that has attributes is a {@code network}
 * with a route-map, one for each set of attributes.
 */
final class Frr extends Foreign {

    private static final String BGPD = "/usr/lib/frr/bgpd";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SECONDS_PER_MINUTE = 60;

    /** How many values a line of its configuration may have. */
    private static final int VALUES = 200;

    private List<LabRoute> announced = List.of();
    private String policies = "";

    /** The route-maps of sets of attributes, by a route without prefix; none is ever changed or removed. */
    private final Map<LabRoute, String> maps = new LinkedHashMap<>();

    Frr(Host host, Path folder, String routerId) {
        super(host, folder, routerId);
    }

    @Override
    List<String> command(boolean restarting) {
        List<String> command = new ArrayList<>(List.of(BGPD, "-Z", "-S", "-P", "0"));
        command.addAll(List.of("-f", configurationFile().toString(), "--vty_socket", folder.toString()));
        command.addAll(List.of("-i", folder.resolve("bgpd.pid").toString(), "--log", "stdout"));
        return command;
    }

    // ---- configuration

    @Override
    String configuration() {
        announced = List.copyOf(routes);
        policies = policies();
        StringBuilder text = new StringBuilder("frr defaults traditional\nlog stdout informational\n");
        // Or it sends all again a second later, as if the policies were changed then.
        line(text, "bgp route-map delay-timer 0");
        text.append(policies).append(attributeMaps());
        line(text, "router bgp " + localAs());
        line(text, " bgp router-id " + routerId);
        line(text, " bgp log-neighbor-changes");
        line(text, " no bgp ebgp-requires-policy");
        line(text, " no bgp network import-check");
        line(text, " no bgp suppress-duplicates");
        LabSession first = sessions.get(0);
        option(text, first.restartTime > 0, " bgp graceful-restart");
        option(text, first.restartTime > 0, " bgp graceful-restart restart-time " + first.restartTime);
        option(text, first.longLived > 0, " bgp long-lived-graceful-restart stale-time " + first.longLived);
        sessions.forEach(each -> session(text, each));
        networks(text, "network ", routes);
        return text.toString();
    }

    private static void line(StringBuilder text, String line) {
        text.append(line).append('\n');
    }

    private static void option(StringBuilder text, boolean set, String line) {
        if (set) {
            line(text, line);
        }
    }

    private long localAs() {
        return sessions.get(0).localAs;
    }

    private String policies() {
        StringBuilder text = new StringBuilder();
        line(text, "bgp as-path access-list own permit ^$");
        for (LabSession session : sessions) {
            importPolicy(text, session);
            exportPolicy(text, session);
        }
        return text.toString();
    }

    private String attributeMaps() {
        routes.stream().filter(Frr::hasAttributes).forEach(this::mapOf);
        StringBuilder text = new StringBuilder();
        maps.forEach((attributes, name) -> attributes(text, attributes, name));
        return text.toString();
    }

    private static void importPolicy(StringBuilder text, LabSession session) {
        String map = "route-map in-" + session.name + " permit ";
        if (session.prependedLocalPref > 0) {
            line(text, "bgp as-path access-list prepended permit ^" + session.remoteAs + "_" + session.remoteAs + "_");
            line(text, map + 5);
            line(text, " match as-path prepended");
            line(text, " set local-preference " + session.prependedLocalPref);
        }
        line(text, map + 10);
        if (session.localPref > 0) {
            line(text, " set local-preference " + session.localPref);
        }
    }

    private static void exportPolicy(StringBuilder text, LabSession session) {
        line(text, "route-map out-" + session.name + " permit 10");
        if (session.exportsOwnOnly) {
            line(text, " match as-path own");
        }
        if (session.gracefulShutdown) {
            line(text, " set community graceful-shutdown additive");
        }
        if (!session.otherNextHop.isEmpty()) {
            String family = session.otherNextHop.contains(":") ? "ipv6 next-hop global " : "ip next-hop ";
            line(text, " set " + family + session.otherNextHop);
        }
        if (session.prepends > 0) {
            line(text, " set as-path prepend" + (" " + session.localAs).repeat(session.prepends));
        }
    }

    /** Takes back what a route-map has set; one in use is never removed, for that may end bgpd. */
    private static void exportChange(StringBuilder text, LabSession session) {
        exportPolicy(text, session);
        option(text, !session.gracefulShutdown, " no set community");
        option(text, session.prepends == 0, " no set as-path prepend");
    }

    private static boolean hasAttributes(LabRoute route) {
        return !route.equals(LabRoute.to(route.prefix()));
    }

    private String mapOf(LabRoute route) {
        return maps.computeIfAbsent(route.at(""), any -> "set-" + maps.size());
    }

    /** A long list is put together by several entries, the AS_PATH from its end. */
    private static void attributes(StringBuilder text, LabRoute route, String name) {
        int entry = 10;
        List<List<String>> path = parts(words(route.asPath()));
        for (int i = path.size() - 1; i > 0; i--) {
            line(text, "route-map " + name + " permit " + entry++);
            line(text, " set as-path prepend " + String.join(" ", path.get(i)));
            line(text, " on-match next");
        }
        List<List<String>> communities = parts(route.communities());
        for (int i = 1; i < communities.size(); i++) {
            line(text, "route-map " + name + " permit " + entry++);
            line(text, " set community " + String.join(" ", communities.get(i)) + " additive");
            line(text, " on-match next");
        }
        line(text, "route-map " + name + " permit " + entry);
        line(text, " set origin " + route.origin());
        if (!path.isEmpty()) {
            line(text, " set as-path prepend " + String.join(" ", path.get(0)));
        }
        if (!route.med().isEmpty()) {
            line(text, " set metric " + route.med());
        }
        if (!communities.isEmpty()) {
            line(
                    text,
                    " set community " + String.join(" ", communities.get(0))
                            + (communities.size() > 1 ? " additive" : ""));
        }
        if (!route.large().isEmpty()) {
            line(text, " set large-community " + String.join(" ", route.large()));
        }
        for (String community : route.extended()) {
            line(text, " set extcommunity " + community.replaceFirst(":", " "));
        }
    }

    private static List<List<String>> parts(List<String> values) {
        List<List<String>> parts = new ArrayList<>();
        for (int from = 0; from < values.size(); from += VALUES) {
            parts.add(values.subList(from, Math.min(values.size(), from + VALUES)));
        }
        return parts;
    }

    private void session(StringBuilder text, LabSession session) {
        String neighbor = " neighbor " + session.remote + " ";
        line(text, neighbor + "remote-as " + session.remoteAs);
        if (session.localAs != localAs()) {
            line(text, neighbor + "local-as " + session.localAs + " no-prepend replace-as");
        }
        line(text, neighbor + "update-source " + session.local);
        line(text, neighbor + "timers " + Math.max(1, session.holdTime / 3) + " " + session.holdTime);
        line(text, neighbor + "timers connect 1");
        line(text, neighbor + "advertisement-interval 0");
        if (session.passive) {
            line(text, neighbor + "passive");
        }
        option(text, !session.password.isEmpty(), neighbor + "password " + session.password);
        option(text, session.ttlSecurity, neighbor + "ttl-security hops 1");
        option(text, !session.fourOctetAs, neighbor + "dont-capability-negotiate");
        option(text, !session.role.isEmpty(), neighbor + "local-role " + session.role);
        option(text, session.extendedNextHop, neighbor + "capability extended-nexthop");
        for (String family : session.families) {
            line(text, " address-family " + family.replace('-', ' '));
            line(text, " " + neighbor + "activate");
            line(text, " " + neighbor + "route-map in-" + session.name + " in");
            line(text, " " + neighbor + "route-map out-" + session.name + " out");
            option(
                    text,
                    session.prefixLimit > 0,
                    " " + neighbor + "maximum-prefix " + session.prefixLimit + restart(session));
            option(text, session.reflectorClient, " " + neighbor + "route-reflector-client");
            option(text, session.addPathSend > 0, " " + neighbor + "addpath-tx-all-paths");
            line(text, " exit-address-family");
        }
    }

    private static String restart(LabSession session) {
        int minutes = (session.limitRestart + SECONDS_PER_MINUTE - 1) / SECONDS_PER_MINUTE;
        return minutes > 0 ? " restart " + minutes : "";
    }

    private void networks(StringBuilder text, String command, List<LabRoute> routes) {
        for (boolean ipv6 : new boolean[] {false, true}) {
            line(text, " address-family " + (ipv6 ? "ipv6 unicast" : "ipv4 unicast"));
            for (LabRoute route : routes) {
                if (route.isIpv6() == ipv6) {
                    line(
                            text,
                            "  " + command + route.prefix()
                                    + (hasAttributes(route) ? " route-map " + mapOf(route) : ""));
                }
            }
            line(text, " exit-address-family");
        }
    }

    /** Export policies are changed if they differ, routes that are gone withdrawn, new ones announced; the sessions stay. */
    @Override
    void reload() throws IOException, InterruptedException {
        StringBuilder text = new StringBuilder();
        line(text, "bgp route-map delay-timer 1");
        if (!policies().equals(policies)) {
            policies = policies();
            sessions.forEach(each -> exportChange(text, each));
        }
        text.append(attributeMaps());
        line(text, "router bgp " + localAs());
        sessions.forEach(each ->
                option(text, !each.password.isEmpty(), " neighbor " + each.remote + " password " + each.password));
        networks(text, "no network ", without(announced, routes));
        networks(text, "network ", without(routes, announced));
        Path change = Files.writeString(folder.resolve("change.conf"), text);
        announced = List.copyOf(routes);
        Commands.run("vtysh", "--vty_socket", folder.toString(), "-d", "bgpd", "-f", change.toString());
    }

    private static List<LabRoute> without(List<LabRoute> all, List<LabRoute> others) {
        Set<LabRoute> left = new LinkedHashSet<>(all);
        others.forEach(left::remove);
        return List.copyOf(left);
    }

    // ---- asking and telling

    private String vtysh(String... commands) throws IOException, InterruptedException {
        return Commands.run(vtyshCommand(commands));
    }

    private List<String> vtyshCommand(String... commands) {
        List<String> all = new ArrayList<>(List.of("vtysh", "--vty_socket", folder.toString(), "-d", "bgpd"));
        for (String command : commands) {
            all.addAll(List.of("-c", command));
        }
        return all;
    }

    private JsonNode ask(String command) throws IOException, InterruptedException {
        return JSON.readTree(vtysh(command + " json"));
    }

    @Override
    boolean isUp(LabSession session) throws IOException, InterruptedException {
        return ask("show bgp neighbors " + session.remote)
                .path(session.remote)
                .path("bgpState")
                .asText()
                .equals("Established");
    }

    @Override
    int received(LabSession session, String family) throws IOException, InterruptedException {
        return ask("show bgp " + family.replace('-', ' ') + " summary")
                .path("peers")
                .path(session.remote)
                .path("pfxRcd")
                .asInt(-1);
    }

    @Override
    Map<String, Integer> selected() throws IOException, InterruptedException {
        Map<String, Integer> byAddress = new HashMap<>();
        for (JsonNode paths : ask("show bgp ipv4 unicast").path("routes")) {
            for (JsonNode path : paths) {
                if (path.path("bestpath").asBoolean()) {
                    byAddress.merge(path.path("peerId").asText(), 1, Integer::sum);
                }
            }
        }
        return bySession(byAddress);
    }

    @Override
    List<LabRoute> paths(LabSession session, String prefix) throws IOException, InterruptedException {
        return paths(
                session,
                prefix,
                ask("show bgp " + family(prefix) + " " + prefix).path("paths"));
    }

    private static String family(String prefix) {
        return prefix.contains(":") ? "ipv6 unicast" : "ipv4 unicast";
    }

    private static List<LabRoute> paths(LabSession session, String prefix, JsonNode entries) {
        List<LabRoute> paths = new ArrayList<>();
        for (JsonNode path : entries) {
            if (path.at("/peer/peerId").asText().equals(session.remote)) {
                paths.add(new LabRoute(
                        prefix,
                        path.at("/aspath/string").asText().replace("Local", ""),
                        path.path("origin").asText().toLowerCase(Locale.ROOT),
                        path.at("/nexthops/0/ip").asText(),
                        path.path("metric").asText(),
                        words(path.at("/community/string").asText()),
                        words(path.at("/largeCommunity/string").asText()),
                        words(path.at("/extendedCommunity/string").asText().toLowerCase(Locale.ROOT))));
            }
        }
        return paths;
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.replace("graceful-shutdown", "65535:0").split(" "))
                .filter(each -> !each.isEmpty())
                .toList();
    }

    @Override
    List<LabRoute> allPaths(LabSession session) throws IOException, InterruptedException {
        List<LabRoute> all = new ArrayList<>();
        Commands.eachField(
                vtyshCommand("show bgp ipv4 unicast json detail"),
                "routes",
                (prefix, entries) -> all.addAll(paths(session, prefix, entries)));
        return all;
    }

    @Override
    LabRoute announced(LabRoute route) {
        return route.med().isEmpty() ? route.med(0) : route;
    }

    @Override
    String details(LabSession session, String prefix) throws IOException, InterruptedException {
        return vtysh("show bgp " + family(prefix) + " " + prefix);
    }

    @Override
    String status(LabSession session) throws IOException, InterruptedException {
        return vtysh("show bgp neighbors " + session.remote);
    }

    @Override
    void refreshIn(LabSession session) throws IOException, InterruptedException {
        vtysh("clear bgp " + session.remote + " in");
    }

    private void configure(String command) throws IOException, InterruptedException {
        vtysh("configure terminal", "router bgp " + localAs(), command);
    }

    @Override
    void shutdown(LabSession session, String text) throws IOException, InterruptedException {
        configure("neighbor " + session.remote + " shutdown message " + text);
    }

    @Override
    void enable(LabSession session) throws IOException, InterruptedException {
        configure("no neighbor " + session.remote + " shutdown");
        vtysh("clear bgp " + session.remote); // of one that the prefix limit has ended
    }
}
