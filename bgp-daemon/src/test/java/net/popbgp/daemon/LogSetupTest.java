package net.popbgp.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.ConsoleAppender;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

class LogSetupTest {

    private final LoggerContext context = new LoggerContext();

    @Test
    void lines_go_to_standard_error_from_the_level_that_is_named() {
        LogSetup.setUp(context, "debug");

        assertThat(context.getLogger(Logger.ROOT_LOGGER_NAME).getLevel()).isEqualTo(Level.DEBUG);
        assertThat(context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("STDERR"))
                .isInstanceOfSatisfying(
                        ConsoleAppender.class,
                        appender -> assertThat(appender.getTarget()).isEqualTo("System.err"));
        assertThat(context.getLogger("org.eclipse.jetty.server").isInfoEnabled())
                .isFalse();
    }

    @Test
    void without_a_level_that_is_one_it_is_info() {
        LogSetup.setUp(context, "loud");
        assertThat(context.getLogger("popbgp").getEffectiveLevel()).isEqualTo(Level.INFO);
        LogSetup.setUp(context, null);
        assertThat(context.getLogger("popbgp").getEffectiveLevel()).isEqualTo(Level.INFO);
    }

    @Test
    void a_file_that_is_named_is_taken_instead() {
        assertThat(System.getProperty("logback.configurationFile"))
                .as("set for all tests")
                .isNotNull();

        assertThat(new LogSetup().configure(context)).isEqualTo(Configurator.ExecutionStatus.INVOKE_NEXT_IF_ANY);
        assertThat(context.getLogger(Logger.ROOT_LOGGER_NAME).iteratorForAppenders())
                .isExhausted();
    }
}
