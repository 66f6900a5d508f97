package net.popbgp.core.attribute;

/** Reads the colon-separated numbers that communities are written with. */
final class Numbers {

    private Numbers() {}

    static long[] parse(String text, int count, long max, String what) {
        String[] parts = text.split(":", -1);
        long[] numbers = new long[count];
        boolean wellFormed = parts.length == count;
        for (int i = 0; wellFormed && i < count; i++) {
            try {
                numbers[i] = Long.parseLong(parts[i]);
                wellFormed = numbers[i] >= 0 && numbers[i] <= max;
            } catch (NumberFormatException e) {
                wellFormed = false;
            }
        }
        if (!wellFormed) {
            throw new IllegalArgumentException("not a " + what + ": '" + text + "'");
        }
        return numbers;
    }

    static int inRange(int value, int max, String what) {
        if (value < 0 || value > max) {
            throw new IllegalArgumentException(what + " part out of range 0.." + max + ": " + value);
        }
        return value;
    }
}
