package net.popbgp.daemon.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Chapter(number = 3, title = "Routes")
@Execution(ExecutionMode.CONCURRENT)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RouteFeatures {

    private static final int SETS = 20;
    private static final int PAGE = 5000;
    private static final int LONG_PATH = 280;

    @Feature(row = 1, value = "1,000 routes each way, equal in every attribute")
    void thousand_routes(Cell cell) throws Exception {
        exchange(cell, 1_000, cell::ourHost, cell::theirHost);
    }

    @Feature(row = 2, value = "4,000 routes each way, equal in every attribute")
    void four_thousand_routes(Cell cell) throws Exception {
        exchange(cell, 4_000, cell::ourHost, cell::theirHost);
    }

    /** One field after the other, for each could use both processors; and from the beginning, for together they take longest. */
    @Feature(row = 3, value = "100,000 routes each way, equal in every attribute")
    @Execution(ExecutionMode.SAME_THREAD)
    @Order(1)
    @Timeout(300)
    void hundred_thousand_routes(Cell cell) throws Exception {
        cell.ownPop("").set("export-policy", "accept-all");
        exchange(cell, 100_000, i -> host(30, i), i -> host(20, i));
    }

    private static String host(int firstOctet, int i) {
        return (firstOctet + (i >>> 16)) + "." + (i >>> 8 & 0xFF) + "." + (i & 0xFF) + ".1/32";
    }

    private static void exchange(Cell cell, int count, IntFunction<String> ourPrefix, IntFunction<String> theirPrefix)
            throws Exception {
        List<LabRoute> theirs = routes(theirPrefix, count);
        List<LabRoute> ours = routes(ourPrefix, count);
        cell.foreign.routes.addAll(theirs);
        cell.start().untilUp();
        for (int set = 0; set < SETS; set++) {
            List<LabRoute> alike = every(ours, set);
            for (int from = 0; from < alike.size(); from += PAGE) {
                cell.pop().announce(alike.subList(from, Math.min(alike.size(), from + PAGE)));
            }
        }

        Cell.until("we have all", Cell.PATIENCE_FOR_MANY, () -> cell.count(LabSession.IPV4, "received") == count);
        Cell.until(
                "they have all",
                Cell.PATIENCE_FOR_MANY,
                () -> cell.foreign.received(cell.session, LabSession.IPV4) == count);
        assertThat(sorted(cell.received(""))).isEqualTo(sorted(seen(theirs, Cell.THEIR_AS, cell.theirs())));
        assertThat(sorted(cell.foreign.allPaths(cell.session))).isEqualTo(sorted(seen(ours, Pop.AS, cell.ours())));
        cell.pop().withdraw(ours.stream().map(LabRoute::prefix).toArray(String[]::new));
    }

    private static List<LabRoute> routes(IntFunction<String> prefix, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    int set = i % SETS;
                    return LabRoute.to(prefix.apply(i))
                            .origin(set % 3 == 0 ? "incomplete" : "igp")
                            .by("64999 " + (4_200_001_000L + set))
                            .med(set)
                            .communities("65100:" + set, "65101:1");
                })
                .toList();
    }

    private static List<LabRoute> every(List<LabRoute> routes, int set) {
        return IntStream.iterate(set, i -> i < routes.size(), i -> i + SETS)
                .mapToObj(routes::get)
                .toList();
    }

    private static List<LabRoute> seen(List<LabRoute> routes, long as, String address) {
        return routes.stream().map(each -> each.from(as, address)).toList();
    }

    private static List<LabRoute> sorted(List<LabRoute> routes) {
        return routes.stream().sorted(Comparator.comparing(LabRoute::prefix)).toList();
    }

    @Feature(row = 4, value = "Replaced and withdrawn, each way")
    void replace_and_withdraw(Cell cell) throws Exception {
        LabRoute theirs = LabRoute.to(cell.theirPrefix(0));
        LabRoute theirsToo = LabRoute.to(cell.theirPrefix(1));
        cell.foreign.routes.addAll(List.of(theirs.med(1), theirsToo));
        cell.start().untilUp();
        LabRoute ours = LabRoute.to(cell.ourPrefix(0));
        LabRoute oursToo = LabRoute.to(cell.ourPrefix(1));
        cell.announce(ours.med(1), oursToo);
        cell.untilReceived(theirs.med(1).from(Cell.THEIR_AS, cell.theirs()));
        cell.untilTheyHave(ours.med(1).from(Pop.AS, cell.ours()));

        cell.foreign.routes.clear();
        cell.foreign.routes.add(theirs.med(2).communities("65100:2"));
        cell.foreign.reload();
        cell.announce(ours.med(2).communities("65100:2"));
        cell.pop().withdraw(oursToo.prefix());

        cell.untilReceived(theirs.med(2).communities("65100:2").from(Cell.THEIR_AS, cell.theirs()));
        cell.untilTheyHave(ours.med(2).communities("65100:2").from(Pop.AS, cell.ours()));
        Cell.until("theirs is gone", () -> cell.received(theirsToo.prefix()).isEmpty());
        Cell.until(
                "ours is gone",
                () -> cell.foreign.paths(cell.session, oursToo.prefix()).isEmpty());
        assertThat(cell.peer().path("established-count").asInt()).isEqualTo(1);
    }

    @Feature(row = 5, value = "Communities, large communities (RFC 8092) and extended communities (RFC 4360), each way")
    void communities(Cell cell) throws Exception {
        LabRoute plain = LabRoute.to(cell.theirPrefix(0))
                .communities("65100:1", "65100:2")
                .large("4200000777:1:4294967295", "65100:2:3")
                .extended("rt:65100:77");
        cell.foreign.routes.add(plain);
        cell.start().untilUp();
        LabRoute ours = LabRoute.to(cell.ourPrefix(0))
                .communities("65100:1", "65100:2")
                .large("4200000777:1:4294967295", "65100:2:3")
                .extended("rt:65100:77");
        cell.announce(ours);

        cell.untilReceived(plain.from(Cell.THEIR_AS, cell.theirs()));
        cell.untilTheyHave(ours.from(Pop.AS, cell.ours()));
    }

    @Feature(row = 6, value = "AS_PATH of 280 numbers, two segments, each way")
    @Quirk(daemon = Kind.BIRD, what = "birdc shows only the beginning of an AS_PATH of some 50 numbers or more")
    void long_path(Cell cell) throws Exception {
        List<String> numbers = new ArrayList<>();
        for (int i = 0; i < LONG_PATH; i++) {
            numbers.add(String.valueOf(i % 2 == 0 ? 64_600 + i : 4_200_001_000L + i));
        }
        LabRoute theirs = LabRoute.to(cell.theirPrefix(0)).by(String.join(" ", numbers));
        cell.foreign.routes.add(theirs);
        cell.start().untilUp();
        cell.announce(LabRoute.to(cell.ourPrefix(0)).by(String.join(" ", numbers)));

        cell.untilReceived(theirs.from(Cell.THEIR_AS, cell.theirs()));
        Cell.until(
                "they have ours",
                () -> !cell.foreign.paths(cell.session, cell.ourPrefix(0)).isEmpty());
        String path = cell.foreign.paths(cell.session, cell.ourPrefix(0)).get(0).asPath();
        assertThat(Pop.AS + " " + String.join(" ", numbers)).startsWith(path.replace("...", ""));
        assertThat(path.split(" ")).hasSizeGreaterThan(40);
        assertThat(path.endsWith("...")).isEqualTo(cell.kind == Kind.BIRD);
    }

    @Feature(row = 7, value = "ADD-PATH (RFC 7911) from them: two paths of a prefix")
    void add_path_from_them(Cell cell) throws Exception {
        untilTwoPathsHere(cell);
    }

    @Feature(row = 8, value = "ADD-PATH from them: the better of two paths withdrawn")
    void add_path_withdrawn_by_them(Cell cell) throws Exception {
        untilTwoPathsHere(cell);

        cell.foreign.routes.clear();
        cell.foreign.reload();
        Cell.untilEqual(
                "the other path here",
                List.of(Cell.THEIR_AS + " " + Feeder.AS),
                () -> asPaths(cell.received(cell.theirPrefix(0))));
    }

    private static void untilTwoPathsHere(Cell cell) throws Exception {
        cell.session.addPathSend = 2;
        cell.foreign.routes.add(LabRoute.to(cell.theirPrefix(0)));
        Feeder feeder = cell.feeder();
        feeder.toThem(Feeder.AS);
        feeder.bird.routes.add(LabRoute.to(cell.theirPrefix(0)));
        cell.set("add-path", "{receive: true}").start().untilUp();

        Cell.untilEqual(
                "both paths here",
                List.of(String.valueOf(Cell.THEIR_AS), Cell.THEIR_AS + " " + Feeder.AS),
                () -> asPaths(cell.received(cell.theirPrefix(0))));
    }

    @Feature(row = 9, value = "ADD-PATH to them: our two best paths of a prefix, then either alone")
    void add_path_to_them(Cell cell) throws Exception {
        cell.session.addPathReceive = true;
        cell.session.exportsOwnOnly = true;
        Feeder feeder = cell.feeder();
        feeder.toUs(Feeder.AS);
        feeder.bird.routes.add(LabRoute.to(cell.ourPrefix(0)));
        cell.set("add-path", "{send: 2}").start().untilUp();
        cell.announce(LabRoute.to(cell.ourPrefix(0)));

        Cell.untilEqual(
                "both paths there",
                List.of(String.valueOf(Pop.AS), Pop.AS + " " + Feeder.AS),
                () -> asPaths(cell.foreign.paths(cell.session, cell.ourPrefix(0))));
        assertThat(cell.count(LabSession.IPV4, "advertised")).isEqualTo(2);

        cell.pop().withdraw(cell.ourPrefix(0));
        Cell.untilEqual(
                "the other path there",
                List.of(Pop.AS + " " + Feeder.AS),
                () -> asPaths(cell.foreign.paths(cell.session, cell.ourPrefix(0))));
        cell.announce(LabRoute.to(cell.ourPrefix(0)));
        feeder.bird.routes.clear();
        feeder.bird.reload();
        Cell.untilEqual(
                "our own path there",
                List.of(String.valueOf(Pop.AS)),
                () -> asPaths(cell.foreign.paths(cell.session, cell.ourPrefix(0))));
    }

    private static List<String> asPaths(List<LabRoute> routes) {
        return routes.stream().map(LabRoute::asPath).sorted().toList();
    }

    @Feature(row = 10, value = "Internal session, they reflect to us (RFC 4456): ORIGINATOR_ID, CLUSTER_LIST")
    void they_reflect(Cell cell) throws Exception {
        cell.internal();
        cell.session.reflectorClient = true;
        Feeder feeder = cell.feeder();
        feeder.toThem(Pop.AS);
        feeder.bird.routes.add(LabRoute.to(cell.theirPrefix(0)));
        cell.start().untilUp();

        Cell.until(
                "reflected",
                () -> cell.pop().rows(cell.peerName(), cell.theirPrefix(0)).size() == 1);
        JsonNode attributes =
                cell.pop().rows(cell.peerName(), cell.theirPrefix(0)).get(0).path("attributes");
        assertThat(attributes.path("originator-id").asText()).isEqualTo(feeder.address());
        assertThat(attributes.at("/cluster-list/0").asText()).isEqualTo(cell.theirs());
        assertThat(attributes.path("next-hop").asText()).isEqualTo(feeder.address());
        assertThat(attributes.path("as-path").asText()).isEmpty();
    }

    @Feature(row = 11, value = "Internal session, we reflect to them: ORIGINATOR_ID, CLUSTER_LIST")
    void we_reflect(Cell cell) throws Exception {
        cell.internal();
        Feeder feeder = cell.feeder();
        feeder.toUs(Pop.AS);
        feeder.bird.routes.add(LabRoute.to(cell.ourPrefix(0)));
        cell.set("reflector-client", "true").start().untilUp();

        Cell.until(
                "reflected",
                () -> cell.foreign.received(cell.session, LabSession.IPV4) == 1
                        && !cell.foreign.paths(cell.session, cell.ourPrefix(0)).isEmpty());
        assertThat(cell.foreign.details(cell.session, cell.ourPrefix(0)))
                .contains(feeder.address())
                .contains(Pop.ROUTER_ID);
    }

    @Feature(
            row = 12,
            value = "Our graceful shutdown (RFC 8326): they get GRACEFUL_SHUTDOWN, and the plain route again")
    void our_graceful_shutdown(Cell cell) throws Exception {
        cell.start().untilUp();
        LabRoute ours = LabRoute.to(cell.ourPrefix(0));
        cell.announce(ours);
        cell.untilTheyHave(ours.from(Pop.AS, cell.ours()));

        cell.operate("drain", "{}");
        cell.untilTheyHave(ours.communities("65535:0").from(Pop.AS, cell.ours()));

        cell.operate("undrain", "{}");
        cell.untilTheyHave(ours.from(Pop.AS, cell.ours()));
        assertThat(cell.peer().path("established-count").asInt()).isEqualTo(1);
    }

    @Feature(row = 13, value = "Their graceful shutdown: their route gives way to another")
    void their_graceful_shutdown(Cell cell) throws Exception {
        LabRoute theirs = LabRoute.to(cell.theirPrefix(0));
        cell.foreign.routes.add(theirs);
        Feeder feeder = cell.feeder();
        feeder.toUs(Feeder.AS);
        feeder.bird.routes.add(theirs.by("64999"));
        cell.start().untilUp();
        Cell.until(
                "theirs is better, for its path is shorter",
                () -> bestPeer(cell, theirs).equals(cell.peerName()));

        cell.session.gracefulShutdown = true;
        cell.foreign.reload();

        cell.untilReceived(theirs.communities("65535:0").from(Cell.THEIR_AS, cell.theirs()));
        Cell.until("the other one is used", () -> bestPeer(cell, theirs).equals(feeder.peerName()));
        assertThat(cell.peer().path("established-count").asInt()).isEqualTo(1);
    }

    private static String bestPeer(Cell cell, LabRoute route) throws Exception {
        return cell.pop()
                .get("/routes?prefix=" + route.prefix().replace("/", "%2F"))
                .at("/routes/0/peer")
                .asText();
    }
}
