package net.popbgp.core.route;

import java.util.Arrays;

/**
 * Makes a program of an AS_PATH expression: each instruction is one number and its operands. Recursion is bounded by the expression's
 * length. Used by one thread.
 */
final class AsPathCompiler {

    /** All characters of an AS_PATH's text. */
    private static final String ALPHABET = "0123456789 {}()[]";

    private static final int ANYTHING = (1 << ALPHABET.length()) - 1;
    private static final int BORDERS = ANYTHING & ~0x3FF;

    static final int ACCEPT = 0;
    static final int ANY_OF = 1; // operand: the set of symbols
    static final int SPLIT = 2; // operands: two places
    static final int JUMP = 3; // operand: a place
    static final int START = 4;
    static final int END = 5;

    private final String text;
    private int at;

    AsPathCompiler(String text) {
        this.text = text;
    }

    static int symbol(char c) {
        return ALPHABET.indexOf(c);
    }

    int[] compile() {
        int[] body = alternatives();
        if (at < text.length()) {
            throw malformed("unexpected ')'");
        }
        return join(body, new int[] {ACCEPT});
    }

    private int[] alternatives() {
        int[] left = sequence();
        while (at < text.length() && text.charAt(at) == '|') {
            at++;
            left = either(left, sequence());
        }
        return left;
    }

    private int[] sequence() {
        int[] all = {};
        while (at < text.length() && text.charAt(at) != '|' && text.charAt(at) != ')') {
            all = join(all, shift(repeated(atom()), all.length));
        }
        return all;
    }

    private int[] repeated(int[] atom) {
        int[] result = atom;
        boolean once = false;
        while (at < text.length() && "*+?".indexOf(text.charAt(at)) >= 0) {
            if (once) {
                throw malformed("a repetition cannot be repeated");
            }
            once = true;
            int length = atom.length;
            result = switch (text.charAt(at++)) {
                case '*' -> join(new int[] {SPLIT, 3, length + 5}, shift(atom, 3), new int[] {JUMP, 0});
                case '+' -> join(atom, new int[] {SPLIT, 0, length + 3});
                default -> join(new int[] {SPLIT, 3, length + 3}, shift(atom, 3));
            };
        }
        return result;
    }

    private int[] atom() {
        char c = text.charAt(at++);
        return switch (c) {
            case '.' -> anyOf(ANYTHING);
            case '^' -> new int[] {START};
            case '$' -> new int[] {END};
            case '_' -> either(anyOf(BORDERS), either(new int[] {START}, new int[] {END}));
            case '[' -> anyOf(characterClass());
            case '(' -> group();
            case '*', '+', '?' -> throw malformed("nothing to repeat");
            default -> {
                at--;
                yield anyOf(1 << literal());
            }
        };
    }

    private int[] group() {
        int[] body = alternatives();
        if (at >= text.length()) {
            throw malformed("')' is missing");
        }
        at++;
        return body;
    }

    private int characterClass() {
        boolean negated = at < text.length() && text.charAt(at) == '^';
        if (negated) {
            at++;
        }
        int set = 0;
        while (at < text.length() && text.charAt(at) != ']') {
            int from = literal();
            int to = from;
            if (at + 1 < text.length() && text.charAt(at) == '-' && text.charAt(at + 1) != ']') {
                at++;
                to = literal();
                if (from > 9 || to > 9 || to < from) {
                    throw malformed("a range goes from a digit to a larger one");
                }
            }
            set |= (1 << to + 1) - (1 << from);
        }
        if (at >= text.length()) {
            throw malformed("']' is missing");
        }
        at++;
        return negated ? ANYTHING & ~set : set;
    }

    private int literal() {
        char c = text.charAt(at++);
        if (c == '\\' && at < text.length()) {
            c = text.charAt(at++);
        }
        int symbol = symbol(c);
        if (symbol < 0) {
            throw malformed("'" + c + "' never stands in an AS_PATH");
        }
        return symbol;
    }

    private static int[] anyOf(int set) {
        return new int[] {ANY_OF, set};
    }

    private static int[] either(int[] left, int[] right) {
        int rightAt = 3 + left.length + 2;
        return join(
                new int[] {SPLIT, 3, rightAt},
                shift(left, 3),
                new int[] {JUMP, rightAt + right.length},
                shift(right, rightAt));
    }

    /** Puts pieces behind each other; their places already count from the start of the whole. */
    private static int[] join(int[] first, int[]... others) {
        int[] all = first;
        for (int[] other : others) {
            int[] longer = Arrays.copyOf(all, all.length + other.length);
            System.arraycopy(other, 0, longer, all.length, other.length);
            all = longer;
        }
        return all;
    }

    private static int[] shift(int[] code, int by) {
        int[] moved = code.clone();
        for (int i = 0; i < code.length; i += size(code[i])) {
            if (code[i] == SPLIT) {
                moved[i + 1] += by;
                moved[i + 2] += by;
            } else if (code[i] == JUMP) {
                moved[i + 1] += by;
            }
        }
        return moved;
    }

    private static int size(int instruction) {
        return switch (instruction) {
            case SPLIT -> 3;
            case ANY_OF, JUMP -> 2;
            default -> 1;
        };
    }

    private IllegalArgumentException malformed(String why) {
        return new IllegalArgumentException("not an AS_PATH expression: '" + text + "': " + why);
    }
}
