package net.popbgp.core;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.Tag;

/** The arrows between the core's packages, and what the core has nothing to do with. */
@Tag("once")
@AnalyzeClasses(packages = "net.popbgp.core", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    /** {@code fsm} uses {@code route} for the type of a peer; {@code codec}, {@code fsm} and {@code rib} do not know each other. */
    @ArchTest
    static final ArchRule packages_use_only_what_is_below_them = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("net")
            .definedBy("..core.net..")
            .layer("attribute")
            .definedBy("..core.attribute..")
            .layer("message")
            .definedBy("..core.message..")
            .layer("codec")
            .definedBy("..core.codec..")
            .layer("route")
            .definedBy("..core.route..")
            .layer("fsm")
            .definedBy("..core.fsm..")
            .layer("decision")
            .definedBy("..core.decision..")
            .layer("rib")
            .definedBy("..core.rib..")
            .whereLayer("net")
            .mayNotAccessAnyLayer()
            .whereLayer("attribute")
            .mayOnlyAccessLayers("net")
            .whereLayer("message")
            .mayOnlyAccessLayers("net", "attribute")
            .whereLayer("codec")
            .mayOnlyAccessLayers("net", "attribute", "message")
            .whereLayer("route")
            .mayOnlyAccessLayers("net", "attribute")
            .whereLayer("fsm")
            .mayOnlyAccessLayers("net", "attribute", "message", "route")
            .whereLayer("decision")
            .mayOnlyAccessLayers("net", "attribute", "route")
            .whereLayer("rib")
            .mayOnlyAccessLayers("net", "attribute", "route", "decision");

    @ArchTest
    static final ArchRule there_are_no_cycles =
            slices().matching("net.popbgp.core.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule the_core_has_no_clock = noClasses()
            .should()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Instant.class, "now")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Clock.class);

    @ArchTest
    static final ArchRule the_core_has_no_threads = noClasses()
            .should()
            .dependOnClassesThat()
            .areAssignableTo(Thread.class)
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage("java.util.concurrent..");

    @ArchTest
    static final ArchRule the_core_has_no_sockets_and_no_files = noClasses()
            .should()
            .dependOnClassesThat()
            .haveNameMatching("java\\.net\\.(.*Socket.*|URL.*|Http.*)")
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage("java.nio.channels..", "java.nio.file..", "java.io..");

    @ArchTest
    static final ArchRule the_core_does_not_log_and_has_no_dependencies = noClasses()
            .should()
            .dependOnClassesThat()
            .resideOutsideOfPackages(
                    "net.popbgp.core..",
                    "java.lang..",
                    "java.util..",
                    "java.net..",
                    "java.nio..",
                    "java.time..",
                    "java.math..",
                    "org.jspecify..")
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage("java.util.logging..");
}
