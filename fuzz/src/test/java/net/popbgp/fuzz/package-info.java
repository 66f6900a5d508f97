/**
 * Coverage-guided fuzzing with Jazzer of everything that reads what others have written: messages, sessions, the configuration, the REST
 * interface. {@code Target} lists them, {@code FuzzingTest} runs them. The oracle is the error model of docs/architecture.md, section 6.
 *
 * <p>A finding is mended, and its input kept in {@code src/test/resources/fuzz}.
 */
@NullMarked
package net.popbgp.fuzz;

import org.jspecify.annotations.NullMarked;
