package net.popbgp.daemon.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The interoperability lab: every chapter, and the document that comes of it. */
@Tag("interop")
@Execution(ExecutionMode.CONCURRENT)
class InteropIT {

    @Nested
    class Authentication extends AuthenticationFeatures {}

    @Nested
    class Sessions extends SessionFeatures {}

    @Nested
    @Order(1)
    class Routes extends RouteFeatures {}

    @Nested
    class Restarts extends RestartFeatures {}

    @Nested
    @Order(2) // one field waits a minute
    class Limits extends LimitFeatures {}

    @Nested
    class Wire extends WireFeatures {}

    @Nested
    class AzureEdges extends AzureEdgeFeatures {}

    @Nested
    class PopSides extends PopSideFeatures {}

    private static final Path DOCUMENT = Path.of("..", "docs", "interop.md");

    private static final String INTRODUCTION = """
            # Interoperability

            PopBGP against the daemons that its users run, each on a host (network namespace) of its own, over real links and TCP port 179. This
            document is made by the run of `InteropIT`, part of `mvn -B verify` where root, namespaces and the daemons are to be had; a run whose
            outcome differs from these tables fails, and leaves its own in `bgp-daemon/target/interop.md`.

            "pass" means that the daemons' own tables and ours agree on what the row says; "they cannot" that the daemon has not what the row needs,
            or does something else, as the quirks below tell. Columns tell who makes the TCP connection; "-" stands beside the one field of a row where that does not matter, or where both
            connect.
            """;

    /** Writes the document; after a complete run the one in the repository must say the same, versions apart. */
    @AfterAll
    static void report() throws Exception {
        List<Class<?>> chapters = new ArrayList<>();
        Arrays.stream(InteropIT.class.getDeclaredClasses())
                .map(Class::getSuperclass)
                .forEach(chapters::add);
        InteropReport report = new InteropReport(chapters);
        Path written = Path.of("target", "interop.md");
        Files.writeString(written, report.document(INTRODUCTION));
        if (report.isComplete()) {
            String document = Files.readString(DOCUMENT);
            String tables = report.tables();
            assertThat(document.contains(tables))
                    .as(() -> DOCUMENT + " is to be as " + written + ", which differs in these lines:\n"
                            + tables.lines()
                                    .filter(each -> !document.contains(each))
                                    .collect(Collectors.joining("\n")))
                    .isTrue();
        }
    }
}
