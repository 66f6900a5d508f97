package net.popbgp.daemon.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** The options that choose and sort rows of the routing table; they are called as the parameters over REST. */
final class RoutingTableOptions {

    @Option(names = "--site", defaultValue = "", description = "Only of this site.")
    String site = "";

    @Option(names = "--circuit", defaultValue = "", description = "Only of primary or of secondary circuits.")
    String circuit = "";

    @Option(names = "--kind", defaultValue = "", description = "static or dynamic.")
    String kind = "";

    @Option(names = "--state", defaultValue = "", description = "active, multipath, passive or down.")
    String state = "";

    @Option(
            names = "--prefix",
            defaultValue = "",
            description = "This prefix and its more specifics; an address: what covers it.")
    String prefix = "";

    @Option(
            names = "--match",
            defaultValue = "",
            description = "How --prefix is meant: exact, longer (the same and more specific) or covering.")
    String match = "";

    @Option(names = "--next-hop", defaultValue = "", description = "Only with this next hop.")
    String nextHop = "";

    @Option(names = "--community", defaultValue = "", description = "Only with this community, as 65001:100.")
    String community = "";

    @Option(
            names = "--sort",
            defaultValue = "",
            description = "By prefix, metric, next-hop or site; otherwise as the tables have them, which is fastest.")
    String sort = "";

    @Option(names = "--order", defaultValue = "", description = "asc (default) or desc.")
    String order = "";

    Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("site", site);
        parameters.put("circuit", circuit);
        parameters.put("kind", kind);
        parameters.put("state", state);
        parameters.put("prefix", prefix);
        parameters.put("match", match);
        parameters.put("next-hop", nextHop);
        parameters.put("community", community);
        parameters.put("sort", sort);
        parameters.put("order", order);
        return parameters;
    }
}
