package dev.lockstep.ops.yaml;

/**
 * One problem in a file.
 *
 * @param line from 1; 0 for the whole file
 * @param text what is wrong and how to fix it, one line
 */
public record YamlProblem(String file, int line, String text) {
  @Override
  public String toString() {
    return line == 0 ? file + ": " + text : file + ":" + line + ": " + text;
  }
}
