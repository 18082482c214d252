package dev.lockstep.cli;

import dev.lockstep.cli.ChangePlanner.OlderNotes;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Options of the commands that start pairs, or plan to. */
final class StartOptions {
  @Option(
      names = "--notes",
      paramLabel = "WHICH",
      converter = NotesConverter.class,
      description =
          "Which notes written before are synced: none, since-link (those written since both"
              + " records exist) or all. Default: all.")
  private OlderNotes notes = OlderNotes.ALL;

  @Option(
      names = "--adopt-by",
      paramLabel = "FIELD",
      description =
          "Where records name a counterpart that exists already, which is then adopted instead of"
              + " created: a field of the mapping that holds its id, or `correlation` for the"
              + " correlation id or incident key.")
  private String adoptBy = "";

  OlderNotes notes() {
    return notes;
  }

  String adoptBy() {
    return adoptBy.strip();
  }

  static final class NotesConverter implements ITypeConverter<OlderNotes> {
    @Override
    public OlderNotes convert(String text) {
      return Stream.of(OlderNotes.values())
          .filter(one -> one.toString().equals(text))
          .findFirst()
          .orElseThrow(
              () -> new TypeConversionException("'" + text + "': use none, since-link or all"));
    }
  }
}
