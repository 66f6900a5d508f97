package net.popbgp;

import static com.tngtech.archunit.core.domain.JavaModifier.SYNCHRONIZED;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Tag;

/** The arrows between the speaker's packages, and what only some of them may know. */
@AnalyzeClasses(
        packages = {"net.popbgp.speaker", "net.popbgp.session", "net.popbgp.engine", "net.popbgp.transport"},
        importOptions = ImportOption.DoNotIncludeTests.class)
@Tag("once")
class ArchitectureTest {

    @ArchTest
    static final ArchRule packages_use_only_what_is_below_them = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("speaker")
            .definedBy("net.popbgp.speaker..")
            .layer("transport")
            .definedBy("net.popbgp.transport..")
            .layer("session")
            .definedBy("net.popbgp.session..")
            .layer("engine")
            .definedBy("net.popbgp.engine..")
            .whereLayer("speaker")
            .mayOnlyAccessLayers("session", "engine", "transport")
            .whereLayer("transport")
            .mayOnlyAccessLayers("session")
            .whereLayer("session")
            .mayOnlyAccessLayers("engine")
            .whereLayer("engine")
            .mayNotAccessAnyLayer();

    @ArchTest
    static final ArchRule there_are_no_cycles =
            slices().matching("net.popbgp.(*)..").should().beFreeOfCycles();

    /** EventExecutor is all that the others need; the speaker names EventLoop once, to hand a peer's loop to its Connector. */
    @ArchTest
    static final ArchRule only_transport_knows_channels_and_buffers = noClasses()
            .that()
            .resideOutsideOfPackage("net.popbgp.transport..")
            .should()
            .dependOnClassesThat()
            .haveNameMatching("io\\.netty\\.(buffer|bootstrap|handler|channel)\\.(?!EventLoop$).*");

    @ArchTest
    static final ArchRule session_and_engine_know_no_event_loop = noClasses()
            .that()
            .resideInAnyPackage("net.popbgp.session..", "net.popbgp.engine..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.netty.channel..");

    @ArchTest
    static final ArchRule session_and_engine_do_not_lock = noMethods()
            .that()
            .areDeclaredInClassesThat()
            .resideInAnyPackage("net.popbgp.session..", "net.popbgp.engine..")
            .should()
            .haveModifier(SYNCHRONIZED);

    @ArchTest
    static final ArchRule session_and_engine_do_not_wait = noClasses()
            .that()
            .resideInAnyPackage("net.popbgp.session..", "net.popbgp.engine..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.util.concurrent.locks..")
            .orShould()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callMethod(Object.class, "wait");

    /** So that the same code runs in virtual time: the executor's ticker is the clock, Instant only dates what an operator reads. */
    @ArchTest
    static final ArchRule session_and_engine_have_the_executors_clock = noClasses()
            .that()
            .resideInAnyPackage("net.popbgp.session..", "net.popbgp.engine..")
            .should()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis");
}
