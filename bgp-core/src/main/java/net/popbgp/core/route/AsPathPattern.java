package net.popbgp.core.route;

import java.util.Arrays;
import net.popbgp.core.attribute.AsPath;

/**
 * A regular expression over an AS_PATH written as text (RFC 5396), as routers have it: digits, {@code . * + ? | ( ) [ ] ^ $}, a backslash
 * for a character as such, and {@code _} for a border: start, end, space, brace, bracket or parenthesis. It may match anywhere in the path.
 *
 * <p>A match walks all alternatives side by side, so its cost is at most path times expression whatever a peer sends; no expression can make
 * it exponential. Paths longer than {@link #MAX_PATH} characters, which a message of 4096 octets cannot carry, never match.
 *
 * <p>Immutable.
 */
public final class AsPathPattern {

    /** The longest expression, characters. */
    public static final int MAX_EXPRESSION = 256;

    /** The longest path that is looked at, characters. */
    public static final int MAX_PATH = 16_384;

    private final String expression;
    private final int[] program;

    private AsPathPattern(String expression, int[] program) {
        this.expression = expression;
        this.program = program;
    }

    /**
     * Compiles an expression.
     *
     * @throws IllegalArgumentException naming the expression and what is wrong with it
     */
    public static AsPathPattern of(String expression) {
        if (expression.isEmpty() || expression.length() > MAX_EXPRESSION) {
            throw new IllegalArgumentException(
                    "an AS_PATH expression has 1.." + MAX_EXPRESSION + " characters: '" + expression + "'");
        }
        return new AsPathPattern(expression, new AsPathCompiler(expression).compile());
    }

    public boolean matches(AsPath path) {
        String text = path.toString();
        return text.length() <= MAX_PATH && new Run(program, text).find();
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

    /** The set of places of the program that the text read so far can have led to. */
    private static final class Run {
        private final int[] program;
        private final String text;
        private final int[] stack;
        private final int[] visited;
        private int[] places;
        private int[] nextPlaces;
        private int count;
        private boolean found;

        Run(int[] program, String text) {
            this.program = program;
            this.text = text;
            this.stack = new int[program.length + 2];
            this.visited = new int[program.length];
            this.places = new int[program.length];
            this.nextPlaces = new int[program.length];
            Arrays.fill(visited, -1);
        }

        boolean find() {
            for (int at = 0; at <= text.length(); at++) {
                reach(0, at); // a match may start here
                if (found || at == text.length()) {
                    return found;
                }
                step(1 << AsPathCompiler.symbol(text.charAt(at)), at + 1);
            }
            return found;
        }

        private void step(int symbol, int at) {
            int present = count;
            int[] from = places;
            places = nextPlaces;
            nextPlaces = from;
            count = 0;
            for (int i = 0; i < present; i++) {
                if ((program[from[i] + 1] & symbol) != 0) {
                    reach(from[i] + 2, at);
                }
            }
        }

        /** Adds all places that are reached from one without reading on. */
        private void reach(int start, int at) {
            int depth = 0;
            stack[depth++] = start;
            while (depth > 0) {
                int place = stack[--depth];
                if (visited[place] == at) {
                    continue;
                }
                visited[place] = at;
                switch (program[place]) {
                    case AsPathCompiler.ANY_OF -> places[count++] = place;
                    case AsPathCompiler.SPLIT -> {
                        stack[depth++] = program[place + 1];
                        stack[depth++] = program[place + 2];
                    }
                    case AsPathCompiler.JUMP -> stack[depth++] = program[place + 1];
                    case AsPathCompiler.START -> depth = at == 0 ? push(place + 1, depth) : depth;
                    case AsPathCompiler.END -> depth = at == text.length() ? push(place + 1, depth) : depth;
                    default -> found = true;
                }
            }
        }

        private int push(int place, int depth) {
            stack[depth] = place;
            return depth + 1;
        }
    }
}
