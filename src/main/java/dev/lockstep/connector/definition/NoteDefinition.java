package dev.lockstep.connector.definition;

import static dev.lockstep.connector.definition.ConnectorDefinition.orEmpty;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.connector.text.TextFormat;
import dev.lockstep.record.Visibility;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where notes are read and written, from a {@code connector.yaml}. */
public final class NoteDefinition {
  private NoteDefinition() {}

  /**
   * @param only what an entry must show to be a note; one that Lockstep wrote is a note anyway
   * @param marked what people mark notes with; null: every entry is one
   * @param one path of the note in an answer to the call for a single note; null: there is no such
   *     call
   * @param textOnly whether notes are written as their text alone, without author, origin and
   *     Lockstep's mark: for readers outside of the company
   * @param writtenWith path in a record sent whose text becomes a note; empty: there is none
   */
  public record Notes(
      String answer,
      String id,
      NoteAuthor author,
      String createdAt,
      NoteText text,
      NoteVisibility visibility,
      List<CheckDefinition.Condition> only,
      @Nullable NoteMarker marked,
      TextFormat format,
      ListingDefinition.@Nullable Page page,
      @Nullable String one,
      Map<String, AddNote> add,
      boolean textOnly,
      String writtenWith) {
    public Notes {
      writtenWith = orEmpty(writtenWith);
      answer = orEmpty(answer);
      author = author == null ? NoteAuthor.UNKNOWN : author;
      only = orEmpty(only);
      format = format == null ? TextFormat.PLAIN : format;
      add = orEmpty(add);
    }

    /** The visibilities of the notes that can be added. */
    public Set<Visibility> addable() {
      return Stream.of(Visibility.values())
          .filter(visibility -> add(visibility).isPresent())
          .collect(Collectors.toUnmodifiableSet());
    }

    public Optional<AddNote> add(Visibility visibility) {
      return Optional.ofNullable(add.get(visibility.name().toLowerCase(Locale.ROOT)));
    }
  }

  /**
   * @param path of the author in an entry; empty: entries show none
   * @param reference what the value there is an id of; empty: it is a name
   */
  public record NoteAuthor(String path, String reference) {
    static final NoteAuthor UNKNOWN = new NoteAuthor("", "");

    /** Either a path, or {@code {path: ..., reference: ...}}. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static NoteAuthor of(JsonNode declared) {
      return declared.isTextual()
          ? new NoteAuthor(declared.asText(), "")
          : new NoteAuthor(declared.path("path").asText(), declared.path("reference").asText());
    }
  }

  /**
   * @param list path of an entry's marks
   * @param name path of the name of a mark
   * @param is the name that makes an entry a note; empty: every entry is one
   */
  public record NoteMarker(String list, String name, String is) {
    public NoteMarker {
      is = orEmpty(is);
    }
  }

  /**
   * @param path of the text, in an entry or in the answer to {@code call}
   * @param call returns one note with its text; empty where entries show it
   */
  public record NoteText(String path, String call) {
    public NoteText {
      path = orEmpty(path);
      call = orEmpty(call);
    }

    /** Either a path, or {@code {call: ..., path: ...}}. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static NoteText of(JsonNode declared) {
      return declared.isTextual()
          ? new NoteText(declared.asText(), "")
          : new NoteText(declared.path("path").asText(), declared.path("call").asText());
    }
  }

  /** Either {@code always} the same visibility, or derived from the value at {@code path}. */
  public record NoteVisibility(
      @Nullable String always,
      @Nullable String path,
      List<String> internal,
      @JsonProperty("public") List<String> shown) {
    public NoteVisibility {
      internal = orEmpty(internal);
      shown = orEmpty(shown);
    }

    public boolean canBe(Visibility visibility) {
      return always == null
          ? !(visibility == Visibility.INTERNAL ? internal : shown).isEmpty()
          : visibility.name().equalsIgnoreCase(always);
    }
  }

  /**
   * @param id where the answer has the new note's id; null: nowhere
   */
  public record AddNote(JsonNode body, @Nullable CreatedId id) {}
}
