package net.popbgp.daemon.interop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * GoBGP. Its policies are global and tell the neighbours apart by sets of their addresses; its own routes come through its interface, few by
 * the command line, many, and those with long paths, as an MRT file ({@link MrtTable}).
 */
final class Gobgp extends Foreign {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** More routes than that at once go as an MRT file, and cannot be withdrawn after. */
    private static final int FEW = 120;

    /** A longer AS_PATH on its command line ends gobgpd. */
    private static final int LONG_PATH = 200;

    /** Less than {@link Cell#PATIENCE}: where gobgpd does not answer it is asked again, and told of. */
    private static final long ASK_SECONDS = 15;

    private final Set<LabRoute> announced = new LinkedHashSet<>();

    Gobgp(Host host, Path folder, String routerId) {
        super(host, folder, routerId);
    }

    @Override
    List<String> command(boolean restarting) {
        List<String> command =
                new ArrayList<>(List.of("gobgpd", "-f", configurationFile().toString(), "-t", "toml"));
        command.addAll(List.of("-l", "info", "-p", "--pprof-disable", "--api-hosts", api()));
        if (restarting) {
            command.add("-r");
        }
        return command;
    }

    private String api() {
        return "unix://" + folder.resolve("gobgpd.api");
    }

    // ---- configuration

    @Override
    String configuration() {
        StringBuilder text = new StringBuilder("[global.config]\n");
        value(text, "as", sessions.get(0).localAs);
        value(text, "router-id", routerId);
        value(text, "port", 179);
        List<String> addresses =
                sessions.stream().map(each -> quoted(each.local)).distinct().toList();
        text.append("local-address-list = ").append(addresses).append('\n');
        text.append("[global.apply-policy.config]\n");
        text.append("import-policy-list = ").append(policies("in-")).append('\n');
        text.append("export-policy-list = ").append(policies("out-")).append('\n');
        sessions.forEach(each -> policies(text, each));
        sessions.forEach(each -> neighbor(text, each));
        return text.toString();
    }

    private static String quoted(String text) {
        return '"' + text + '"';
    }

    private static void value(StringBuilder text, String key, Object value) {
        text.append(key)
                .append(" = ")
                .append(value instanceof String string ? quoted(string) : value)
                .append('\n');
    }

    private List<String> policies(String direction) {
        return sessions.stream().map(each -> quoted(direction + each.name)).toList();
    }

    private static void policies(StringBuilder text, LabSession session) {
        text.append("[[defined-sets.neighbor-sets]]\n");
        value(text, "neighbor-set-name", session.name);
        text.append("neighbor-info-list = [")
                .append(quoted(session.remote + (session.remote.contains(":") ? "/128" : "/32")))
                .append("]\n");
        if (session.prependedLocalPref > 0) {
            text.append("[[defined-sets.bgp-defined-sets.as-path-sets]]\n");
            value(text, "as-path-set-name", session.name);
            text.append("as-path-list = [")
                    .append(quoted("^" + session.remoteAs + "_" + session.remoteAs + "_"))
                    .append("]\n");
        }
        importPolicy(text, session);
        exportPolicy(text, session);
    }

    private static void importPolicy(StringBuilder text, LabSession session) {
        text.append("[[policy-definitions]]\n");
        value(text, "name", "in-" + session.name);
        if (session.prependedLocalPref > 0) {
            statement(text, session);
            text.append("[policy-definitions.statements.conditions.bgp-conditions.match-as-path-set]\n");
            value(text, "as-path-set", session.name);
            accept(text);
            value(text, "set-local-pref", session.prependedLocalPref);
        }
        statement(text, session);
        accept(text);
        if (session.localPref > 0) {
            value(text, "set-local-pref", session.localPref);
        }
    }

    private static void exportPolicy(StringBuilder text, LabSession session) {
        text.append("[[policy-definitions]]\n");
        value(text, "name", "out-" + session.name);
        if (session.exportsOwnOnly) {
            statement(text, session);
            text.append("[policy-definitions.statements.conditions.bgp-conditions]\n");
            value(text, "route-type", "external");
            text.append("[policy-definitions.statements.actions]\n");
            value(text, "route-disposition", "reject-route");
        }
        statement(text, session);
        accept(text);
        if (session.gracefulShutdown) {
            text.append("[policy-definitions.statements.actions.bgp-actions.set-community]\n");
            value(text, "options", "add");
            text.append("[policy-definitions.statements.actions.bgp-actions.set-community.set-community-method]\n");
            text.append("communities-list = [\"65535:0\"]\n");
        }
        if (session.prepends > 0) {
            text.append("[policy-definitions.statements.actions.bgp-actions.set-as-path-prepend]\n");
            value(text, "as", String.valueOf(session.localAs));
            value(text, "repeat-n", session.prepends);
        }
    }

    private static void statement(StringBuilder text, LabSession session) {
        text.append("[[policy-definitions.statements]]\n");
        text.append("[policy-definitions.statements.conditions.match-neighbor-set]\n");
        value(text, "neighbor-set", session.name);
    }

    private static void accept(StringBuilder text) {
        text.append("[policy-definitions.statements.actions]\n");
        value(text, "route-disposition", "accept-route");
        text.append("[policy-definitions.statements.actions.bgp-actions]\n");
    }

    private void neighbor(StringBuilder text, LabSession session) {
        text.append("[[neighbors]]\n[neighbors.config]\n");
        value(text, "neighbor-address", session.remote);
        value(text, "peer-as", session.remoteAs);
        value(text, "local-as", session.localAs);
        if (!session.password.isEmpty()) {
            value(text, "auth-password", session.password);
        }
        text.append("[neighbors.transport.config]\n");
        value(text, "local-address", session.local);
        value(text, "passive-mode", session.passive);
        text.append("[neighbors.timers.config]\n");
        value(text, "hold-time", session.holdTime);
        value(text, "keepalive-interval", Math.max(1, session.holdTime / 3));
        value(text, "connect-retry", 1);
        value(text, "idle-hold-time-after-reset", 1);
        if (session.ttlSecurity) {
            text.append("[neighbors.ttl-security.config]\nenabled = true\nttl-min = 255\n");
        }
        if (session.reflectorClient) {
            text.append("[neighbors.route-reflector.config]\nroute-reflector-client = true\n");
            value(text, "route-reflector-cluster-id", routerId);
        }
        if (session.restartTime > 0) {
            text.append("[neighbors.graceful-restart.config]\nenabled = true\n");
            value(text, "restart-time", session.restartTime);
            value(text, "long-lived-enabled", session.longLived > 0);
        }
        session.families.forEach(each -> family(text, session, each));
    }

    private static void family(StringBuilder text, LabSession session, String family) {
        text.append("[[neighbors.afi-safis]]\n[neighbors.afi-safis.config]\n");
        value(text, "afi-safi-name", family);
        if (session.restartTime > 0) {
            text.append("[neighbors.afi-safis.mp-graceful-restart.config]\nenabled = true\n");
        }
        if (session.longLived > 0) {
            text.append("[neighbors.afi-safis.long-lived-graceful-restart.config]\nenabled = true\n");
            value(text, "restart-time", session.longLived);
        }
        if (session.addPathReceive || session.addPathSend > 0) {
            text.append("[neighbors.afi-safis.add-paths.config]\n");
            value(text, "receive", session.addPathReceive);
            value(text, "send-max", session.addPathSend);
        }
        if (session.prefixLimit > 0) {
            text.append("[neighbors.afi-safis.prefix-limit.config]\n");
            value(text, "max-prefixes", session.prefixLimit);
        }
    }

    // ---- its own routes

    /** Routes come before the neighbours, so that the first that these see is all of them; a restart needs its neighbours at once. */
    @Override
    void start(boolean restarting) throws IOException, InterruptedException {
        Files.deleteIfExists(folder.resolve("gobgpd.api")); // what kill -9 has left
        announced.clear();
        writeConfiguration(restarting ? configuration() : beforeNeighbors(configuration()));
        run(restarting);
        // It answers before it has read its configuration, with AS 0; then it takes no routes, and may end on SIGHUP.
        Cell.until("gobgpd has started", () -> gobgp("global").contains(String.valueOf(sessions.get(0).localAs)));
        announce(routes);
        if (!restarting) {
            writeConfiguration(configuration());
            signal("HUP");
        }
    }

    @Override
    void reload() throws IOException, InterruptedException {
        for (LabRoute each : List.copyOf(announced)) {
            if (routes.stream().noneMatch(other -> other.prefix().equals(each.prefix()))) {
                gobgp("global", "rib", "del", each.prefix(), "-a", family(each.prefix()));
                announced.remove(each);
            }
        }
        announce(routes.stream().filter(each -> !announced.contains(each)).toList());
        String configuration = configuration();
        if (!configuration.equals(Files.readString(configurationFile()))) {
            boolean policies =
                    !beforeNeighbors(configuration).equals(beforeNeighbors(Files.readString(configurationFile())));
            long before = policiesTaken();
            writeConfiguration(configuration);
            signal("HUP");
            if (policies) { // what has been sent is not changed by them, until it is told to send again
                Cell.until("the policies are taken", () -> policiesTaken() > before);
                for (LabSession each : sessions) {
                    gobgp("neighbor", each.remote, "softresetout");
                }
            }
        }
    }

    private long policiesTaken() throws IOException {
        return logText()
                .lines()
                .filter(each -> each.contains("Neighbor soft reset in"))
                .count();
    }

    private static String beforeNeighbors(String configuration) {
        return configuration.split("\\[\\[neighbors]]", 2)[0];
    }

    private void announce(List<LabRoute> added) throws IOException, InterruptedException {
        if (added.size() > FEW) {
            inject(added);
        } else {
            for (LabRoute each : added) {
                if (each.asPath().length() > LONG_PATH) {
                    inject(List.of(each));
                } else {
                    announce(each);
                }
            }
        }
        announced.addAll(added);
    }

    private void announce(LabRoute route) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("global", "rib", "add", route.prefix()));
        command.addAll(List.of("origin", route.origin()));
        LabSession first = sessions.get(0);
        option(command, "nexthop", first.isOther(route) ? first.otherNextHop : "");
        option(command, "aspath", route.asPath().replace(' ', ','));
        option(command, "med", route.med());
        option(command, "community", String.join(",", route.communities()));
        option(command, "large-community", String.join(",", route.large()));
        route.extended().forEach(each -> command.addAll(List.of(each.split(":", 2))));
        command.addAll(List.of("-a", family(route.prefix())));
        gobgp(command.toArray(String[]::new));
    }

    private static void option(List<String> command, String name, String value) {
        if (!value.isEmpty()) {
            command.addAll(List.of(name, value));
        }
    }

    /**
     * Its command ends at the end of the file, and with it all that gobgpd has not read yet; so the file ends when gobgpd has it. It also takes
     * what one read gives for the whole of a header or a body, so each record goes into the pipe at once.
     */
    private void inject(List<LabRoute> added) throws IOException, InterruptedException {
        Process process = host.start(
                folder.resolve("inject.log"),
                Map.of(),
                List.of("gobgp", "--target", api(), "mrt", "inject", "global", "/dev/stdin"));
        try (OutputStream file = process.getOutputStream()) {
            for (byte[] mrtRecord : MrtTable.of(added)) {
                file.write(mrtRecord);
                file.flush();
            }
            String last = added.get(added.size() - 1).prefix();
            Cell.until(
                    "all injected",
                    Cell.PATIENCE_FOR_MANY,
                    () -> ask("global", "rib", last).has(last));
        }
        process.waitFor();
    }

    /** Go's runtime ends on SIGQUIT, and prints every goroutine. */
    @Override
    String stacks() throws IOException, InterruptedException {
        if (!process().isAlive()) {
            return "";
        }
        int before = logText().length();
        signal("QUIT");
        process().waitFor(ASK_SECONDS, TimeUnit.SECONDS);
        return logText().substring(before);
    }

    // ---- asking and telling

    private String gobgp(String... arguments) throws IOException, InterruptedException {
        return Commands.run(command(arguments), ASK_SECONDS);
    }

    private List<String> command(String... arguments) {
        List<String> all = new ArrayList<>(List.of("gobgp", "--target", api()));
        all.addAll(List.of(arguments));
        return all;
    }

    private JsonNode ask(String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("-j");
        return JSON.readTree(gobgp(all.toArray(String[]::new)));
    }

    private static String family(String prefix) {
        return prefix.contains(":") ? "ipv6" : "ipv4";
    }

    @Override
    boolean isUp(LabSession session) throws IOException, InterruptedException {
        return status(session).contains("BGP state = ESTABLISHED");
    }

    @Override
    int received(LabSession session, String family) throws IOException, InterruptedException {
        for (JsonNode each : ask("neighbor", session.remote).path("afi_safis")) {
            if (each.at("/state/family/afi").asInt() == (family.equals(LabSession.IPV4) ? 1 : 2)) {
                return each.at("/state/received").asInt();
            }
        }
        return -1;
    }

    @Override
    List<LabRoute> paths(LabSession session, String prefix) throws IOException, InterruptedException {
        return GobgpRoutes.ofJson(
                prefix,
                ask("neighbor", session.remote, "adj-in", prefix, "-a", family(prefix))
                        .path(prefix));
    }

    @Override
    List<LabRoute> allPaths(LabSession session) throws IOException, InterruptedException {
        List<LabRoute> all = new ArrayList<>();
        Commands.eachField(
                command("neighbor", session.remote, "adj-in", "-j"),
                "",
                (prefix, entries) -> all.addAll(GobgpRoutes.ofJson(prefix, entries)));
        return all;
    }

    @Override
    Map<String, Integer> selected() throws IOException, InterruptedException {
        Map<String, Integer> byAddress = new HashMap<>();
        for (JsonNode paths : ask("global", "rib")) {
            for (JsonNode path : paths) {
                if (path.path("best").asBoolean()) {
                    byAddress.merge(path.path("neighbor-ip").asText(), 1, Integer::sum);
                }
            }
        }
        return bySession(byAddress);
    }

    @Override
    String details(LabSession session, String prefix) throws IOException, InterruptedException {
        return gobgp("neighbor", session.remote, "adj-in", prefix, "-a", family(prefix));
    }

    @Override
    String status(LabSession session) throws IOException, InterruptedException {
        return gobgp("neighbor", session.remote);
    }

    @Override
    void refreshIn(LabSession session) throws IOException, InterruptedException {
        gobgp("neighbor", session.remote, "softresetin");
    }

    @Override
    void shutdown(LabSession session, String text) throws IOException, InterruptedException {
        gobgp("neighbor", session.remote, "shutdown", "--reason", text);
    }

    @Override
    void enable(LabSession session) throws IOException, InterruptedException {
        gobgp("neighbor", session.remote, "enable");
    }
}
