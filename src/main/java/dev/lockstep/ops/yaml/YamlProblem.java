package dev.lockstep.ops.yaml;

/**
 * One thing wrong with a file.
 *
 * @param line counted from 1; 0: the file as a whole
 * @param text what is wrong and how to fix it, one line
 */
public record YamlProblem(String file, int line, String text) {
  @Override
  public String toString() {
    return line == 0 ? file + ": " + text : file + ":" + line + ": " + text;
  }
}
