package net.popbgp.core.route;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import net.popbgp.core.attribute.AsPath;

/**
 * A regular expression over an AS_PATH written as text, as routers have it: {@code _} stands for a border (start, end, space, brace).
 *
 * <p>Paths longer than {@link #MAX_PATH} characters never match, so that no received path can cost much.
 *
 * <p>Immutable.
 */
public final class AsPathPattern {

    /** The longest expression, characters. */
    public static final int MAX_EXPRESSION = 256;

    /** The longest path that is looked at, characters. */
    public static final int MAX_PATH = 4096;

    private final String expression;
    private final Pattern pattern;

    private AsPathPattern(String expression, Pattern pattern) {
        this.expression = expression;
        this.pattern = pattern;
    }

    /**
     * Compiles an expression of digits, {@code _ ^ $ . * + ? | ( ) [ ] -} and spaces.
     *
     * @throws IllegalArgumentException naming the expression, if it is too long, has other characters or repeats a repetition
     */
    public static AsPathPattern of(String expression) {
        if (expression.length() > MAX_EXPRESSION || !expression.matches("[0-9_^$.*+?|()\\[\\]{} -]*")) {
            throw new IllegalArgumentException("not an AS_PATH expression (digits, _ ^ $ . * + ? | ( ) [ ] - , at most "
                    + MAX_EXPRESSION + " characters): '" + expression + "'");
        }
        if (expression.matches(".*[*+?)][*+].*")) {
            // A repeated group or repetition can take exponential time to fail.
            throw new IllegalArgumentException("a group or repetition cannot be repeated: '" + expression + "'");
        }
        try {
            String border = "(?:^|$|[ {}()\\\\[\\\\]])";
            return new AsPathPattern(expression, Pattern.compile(expression.replaceAll("_", border)));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "not an AS_PATH expression: '" + expression + "': " + e.getDescription(), e);
        }
    }

    public boolean matches(AsPath path) {
        String text = path.toString();
        return text.length() <= MAX_PATH && pattern.matcher(text).find();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AsPathPattern that && expression.equals(that.expression);
    }

    @Override
    public int hashCode() {
        return expression.hashCode();
    }

    @Override
    public String toString() {
        return expression;
    }
}
