package net.popbgp.daemon.interop;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** BIRD 2. Its sessions are {@code protocol bgp} of their names, its own routes {@code protocol static}. */
final class Bird extends Foreign {

    private static final Pattern COUNT = Pattern.compile("^(\\d+) of", Pattern.MULTILINE);
    private static final Pattern ATTRIBUTE = Pattern.compile("^\\s+BGP\\.(\\w+)[^:]*: (.*)$");
    private static final Pattern ROUTE =
            Pattern.compile("^([0-9a-f.:]+/\\d+)?\\s+(?:unicast|blackhole|unreachable) .*");
    private static final Pattern SELECTED = Pattern.compile("^[0-9./]+\\s+\\w+ \\[(\\w+) .*\\* \\(", Pattern.MULTILINE);
    private static final Pattern TUPLE = Pattern.compile("\\(([^)]*)\\)");

    Bird(Host host, Path folder, String routerId) {
        super(host, folder, routerId);
    }

    @Override
    List<String> command(boolean restarting) {
        List<String> command =
                new ArrayList<>(List.of("bird", "-f", "-c", configurationFile().toString(), "-s", control()));
        if (restarting) {
            command.add("-R");
        }
        return command;
    }

    private String control() {
        return folder.resolve("bird.ctl").toString();
    }

    // ---- configuration

    @Override
    String configuration() {
        StringBuilder text = new StringBuilder("log stderr all;\ndebug protocols { states, events };\n");
        // A MULTI_EXIT_DISC that is not set by the export filter goes to no external peer.
        text.append("attribute int lab_med;\nrouter id ").append(routerId).append(";\nprotocol device { }\n");
        if (sessions.stream().anyMatch(each -> each.restartTime > 0)) {
            text.append("graceful restart wait 20;\n");
        }
        statics(text, "ipv4", routes.stream().filter(each -> !each.isIpv6()).toList());
        statics(text, "ipv6", routes.stream().filter(LabRoute::isIpv6).toList());
        sessions.forEach(each -> session(text, each));
        return text.toString();
    }

    private static void statics(StringBuilder text, String family, List<LabRoute> routes) {
        text.append("protocol static own_")
                .append(family)
                .append(" {\n  ")
                .append(family)
                .append(";\n");
        for (LabRoute route : routes) {
            text.append("  route ")
                    .append(route.prefix())
                    .append(" blackhole { bgp_origin = ORIGIN_")
                    .append(route.origin().toUpperCase(java.util.Locale.ROOT))
                    .append(';');
            List<String> path = new ArrayList<>(Arrays.asList(route.asPath().split(" ")));
            java.util.Collections.reverse(path);
            path.stream()
                    .filter(each -> !each.isEmpty())
                    .forEach(each ->
                            text.append(" bgp_path.prepend(").append(each).append(");"));
            if (!route.med().isEmpty()) {
                text.append(" lab_med = ").append(route.med()).append(';');
            }
            route.communities().forEach(each -> add(text, "bgp_community", each));
            route.large().forEach(each -> add(text, "bgp_large_community", each));
            route.extended().forEach(each -> add(text, "bgp_ext_community", each));
            text.append(" };\n");
        }
        text.append("}\n");
    }

    private static void add(StringBuilder text, String attribute, String community) {
        text.append(' ')
                .append(attribute)
                .append(".add((")
                .append(community.replace(":", ", "))
                .append("));");
    }

    private static void session(StringBuilder text, LabSession session) {
        text.append("protocol bgp ").append(session.name).append(" {\n");
        text.append("  local ")
                .append(session.local)
                .append(" as ")
                .append(session.localAs)
                .append(";\n");
        text.append("  neighbor ")
                .append(session.remote)
                .append(" as ")
                .append(session.remoteAs)
                .append(";\n");
        text.append("  direct;\n  passive ")
                .append(session.passive ? "on" : "off")
                .append(";\n");
        text.append("  hold time ").append(session.holdTime).append(";\n");
        text.append("  connect delay time 1;\n  connect retry time 1;\n  error wait time 1, 2;\n");
        option(text, !session.password.isEmpty(), "password \"" + session.password + "\"");
        option(text, !session.fourOctetAs, "enable as4 off");
        option(text, session.extendedMessages, "enable extended messages on");
        option(text, session.restartTime > 0, "graceful restart on; graceful restart time " + session.restartTime);
        option(
                text,
                session.longLived > 0,
                "long lived graceful restart on; long lived stale time " + session.longLived);
        option(text, session.ttlSecurity, "ttl security on");
        option(text, !session.role.isEmpty(), "local role " + session.role.replace('-', '_'));
        option(text, session.reflectorClient, "rr client");
        if (session.has(LabSession.IPV4)) {
            channel(text, "ipv4", session);
        }
        if (session.has(LabSession.IPV6)) {
            channel(text, "ipv6", session);
        }
        text.append("}\n");
    }

    private static void channel(StringBuilder text, String family, LabSession session) {
        text.append("  ").append(family).append(" {\n");
        imports(text, session);
        option(text, session.extendedNextHop && family.equals("ipv4"), "  extended next hop on");
        option(text, session.addPathReceive && session.addPathSend > 0, "  add paths on");
        option(text, session.addPathReceive && session.addPathSend == 0, "  add paths rx");
        option(text, !session.addPathReceive && session.addPathSend > 0, "  add paths tx");
        option(
                text,
                session.prefixLimit > 0,
                "  import limit " + session.prefixLimit + " action "
                        + (session.limitRestart > 0 ? "restart" : "disable"));
        text.append("    export filter {\n");
        option(text, session.exportsOwnOnly, "    if source != RTS_STATIC then reject");
        option(text, true, "    if defined(lab_med) then bgp_med = lab_med");
        option(text, session.gracefulShutdown, "    bgp_community.add((65535, 0))");
        for (int i = 0; i < session.prepends; i++) {
            option(text, true, "    bgp_path.prepend(" + session.localAs + ")");
        }
        text.append("      accept;\n    };\n  };\n");
    }

    private static void imports(StringBuilder text, LabSession session) {
        text.append("    import filter {\n");
        option(text, session.localPref > 0, "    bgp_local_pref = " + session.localPref);
        option(
                text,
                session.prependedLocalPref > 0,
                "    if bgp_path ~ [= " + session.remoteAs + " " + session.remoteAs + " * =] then bgp_local_pref = "
                        + session.prependedLocalPref);
        text.append("      accept;\n    };\n");
    }

    private static void option(StringBuilder text, boolean set, String option) {
        if (set) {
            text.append("  ").append(option).append(";\n");
        }
    }

    @Override
    void reload() throws IOException, InterruptedException {
        writeConfiguration(configuration());
        birdc("configure");
    }

    // ---- asking and telling

    private String birdc(String... command) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("birdc", "-s", control()));
        all.addAll(List.of(command));
        return Commands.run(all);
    }

    @Override
    Duration earliestHoldTimer(int seconds) {
        return super.earliestHoldTimer(seconds).multipliedBy(3).dividedBy(4);
    }

    @Override
    boolean isUp(LabSession session) throws IOException, InterruptedException {
        return status(session).contains("BGP state:          Established");
    }

    @Override
    int received(LabSession session, String family) throws IOException, InterruptedException {
        String table = family.equals(LabSession.IPV4) ? "master4" : "master6";
        Matcher count = COUNT.matcher(birdc("show", "route", "table", table, "protocol", session.name, "count"));
        return count.find() ? Integer.parseInt(count.group(1)) : -1;
    }

    @Override
    String details(LabSession session, String prefix) throws IOException, InterruptedException {
        try {
            return birdc("show", "route", prefix, "protocol", session.name, "all");
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("Network not found")) {
                return "";
            }
            throw e;
        }
    }

    @Override
    List<LabRoute> paths(LabSession session, String prefix) throws IOException, InterruptedException {
        return parse(details(session, prefix));
    }

    @Override
    List<LabRoute> allPaths(LabSession session) throws IOException, InterruptedException {
        return parse(birdc("show", "route", "table", "master4", "protocol", session.name, "all"));
    }

    @Override
    Map<String, Integer> selected() throws IOException, InterruptedException {
        Map<String, Integer> counts = new HashMap<>();
        SELECTED.matcher(birdc("show", "route", "table", "master4", "primary"))
                .results()
                .forEach(each -> counts.merge(each.group(1), 1, Integer::sum));
        sessions.forEach(each -> counts.putIfAbsent(each.name, 0));
        counts.keySet().retainAll(sessions.stream().map(each -> each.name).toList());
        return counts;
    }

    private static List<LabRoute> parse(String text) {
        List<LabRoute> routes = new ArrayList<>();
        String prefix = "";
        Map<String, String> attributes = new LinkedHashMap<>();
        for (String line : text.split("\n")) {
            Matcher route = ROUTE.matcher(line);
            Matcher attribute = ATTRIBUTE.matcher(line);
            if (route.matches()) {
                flush(routes, prefix, attributes);
                prefix = route.group(1) == null ? prefix : route.group(1);
            } else if (attribute.matches()) {
                attributes.put(attribute.group(1), attribute.group(2).trim());
            }
        }
        flush(routes, prefix, attributes);
        return routes;
    }

    private static void flush(List<LabRoute> routes, String prefix, Map<String, String> attributes) {
        if (!attributes.isEmpty()) {
            routes.add(new LabRoute(
                    prefix,
                    attributes.getOrDefault("as_path", ""),
                    attributes.getOrDefault("origin", "").toLowerCase(java.util.Locale.ROOT),
                    attributes.getOrDefault("next_hop", "").split(" ")[0],
                    attributes.getOrDefault("med", ""),
                    tuples(attributes.getOrDefault("community", "")),
                    tuples(attributes.getOrDefault("large_community", "")),
                    tuples(attributes.getOrDefault("ext_community", ""))));
            attributes.clear();
        }
    }

    private static List<String> tuples(String text) {
        return TUPLE.matcher(text)
                .results()
                .map(each -> each.group(1).replace(" ", "").replace(',', ':'))
                .toList();
    }

    @Override
    String status(LabSession session) throws IOException, InterruptedException {
        return birdc("show", "protocols", "all", session.name);
    }

    @Override
    void refreshIn(LabSession session) throws IOException, InterruptedException {
        birdc("reload", "in", session.name);
    }

    @Override
    void shutdown(LabSession session, String text) throws IOException, InterruptedException {
        birdc("disable", session.name, "\"" + text + "\"");
    }

    @Override
    void enable(LabSession session) throws IOException, InterruptedException {
        birdc("enable", session.name);
    }
}
