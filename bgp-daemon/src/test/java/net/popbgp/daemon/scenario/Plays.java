package net.popbgp.daemon.scenario;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A test that plays a scenario, or a part of it: it holds if all tests of it do. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Test
@Timeout(90)
@ExtendWith(Outcomes.class)
public @interface Plays {

    Scenario value();

    /** What of the scenario does not hold, and what happens in its place, which the test asserts; empty if all of it holds. */
    String instead() default "";
}
