package net.popbgp.daemon.interop;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A row of the table in {@code docs/interop.md}: a test with a {@link Scene} as its parameter, played for each daemon and direction. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@Timeout(180)
@ExtendWith(Matrix.class)
@interface Feature {

    /** What is seen working. */
    String value();

    /** The order of the rows of a chapter. */
    int row();

    Direction[] directions() default {Direction.WE_CONNECT, Direction.THEY_CONNECT};
}
