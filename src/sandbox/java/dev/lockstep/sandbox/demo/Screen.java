package dev.lockstep.sandbox.demo;

import java.io.PrintWriter;

/**
 * Where the demo prints.
 *
 * @param colours whether it shows them
 * @param columns how many letters a line has; 0 when that is not known
 */
public record Screen(PrintWriter out, boolean colours, int columns) {}
